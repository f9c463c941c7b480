"""Tickets that name the same are one group, whatever the order."""

from hypothesis import given
from hypothesis import strategies as st

from automations.cases.grouping import grouped

PAIRS = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=60)


def test_a_group_goes_by_its_lowest_ticket_and_a_ticket_alone_is_none() -> None:
    named = [(9, "a"), (4, "a"), (4, "b"), (7, "b"), (5, "c"), (6, "d"), (6, "d")]

    assert grouped(named) == {4: [4, 7, 9]}


@given(PAIRS, st.randoms())
def test_the_order_of_arrival_changes_nothing(pairs: list[tuple[int, int]], random: object) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert grouped(shuffled) == grouped(pairs)


@given(PAIRS)
def test_two_tickets_are_together_exactly_when_a_chain_of_names_joins_them(
    pairs: list[tuple[int, int]],
) -> None:
    found = grouped(pairs)
    group_of = {ticket: lowest for lowest, tickets in found.items() for ticket in tickets}

    for ticket in {ticket for ticket, _ in pairs}:
        reached, named = {ticket}, {name for one, name in pairs if one == ticket}
        while True:
            more = {one for one, name in pairs if name in named} | reached
            if more == reached:
                break
            reached = more
            named = {name for one, name in pairs if one in reached}
        together = {one for one, lowest in group_of.items() if lowest == group_of.get(ticket)}
        assert (together if ticket in group_of else {ticket}) == reached
