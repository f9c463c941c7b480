"""Linking one ticket at a time gives the cases that grouping all at once gives."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from automations.cases.grouping import grouped
from automations.cases.mentions import Kind, Mention, Relation
from automations.cases.reading import find_case, listing
from automations.cases.rebuilding import rebuild
from automations.cases.service import Standing, foreseen_reports, forget, link, standing
from automations.cases.tables import case_indicators, case_mentions, case_tickets
from integrations.runtime.database import transaction
from tests.support.cases import NOON, controls, make_supernodes, victim_of


def linked(
    connection: Connection,
    ticket_id: int,
    *mentions: Mention,
    by: int | None = None,
    most: int = 100,
) -> Standing:
    return link(
        connection,
        ticket_id=ticket_id,
        requester_id=by or 10_000 + ticket_id,
        mentions=mentions,
        now=NOON,
        supernodes=make_supernodes(most, domain=("okx.com",)),
    )


def cases_of(connection: Connection) -> dict[str, tuple[int, ...]]:
    return {line.id: find_case(connection, line.id).tickets for line in listing(connection)}


def test_two_tickets_with_the_same_address_form_a_case(connection: Connection) -> None:
    assert linked(connection, 7, victim_of("0xa")) == (None, 1)
    assert linked(connection, 9, victim_of("0xa")) == ("V-7", 2)
    assert cases_of(connection) == {"V-7": (7, 9)}


def test_reports_are_counted_by_customers_and_not_by_tickets(connection: Connection) -> None:
    for ticket in (1, 2, 3):
        linked(connection, ticket, victim_of("0xa"), by=55)

    assert standing(connection, 1) == ("V-1", 1)
    assert linked(connection, 4, victim_of("0xa")).reports == 2


def test_a_ticket_that_joins_two_cases_merges_them_and_that_is_recorded(
    connection: Connection,
) -> None:
    for ticket, address in ((5, "0xa"), (6, "0xa"), (7, "0xb"), (8, "0xb")):
        linked(connection, ticket, victim_of(address))

    linked(connection, 9, victim_of("0xa"), victim_of("0xb"))

    assert cases_of(connection) == {"V-5": (5, 6, 7, 8, 9)}
    merged = find_case(connection, "V-7")
    assert (merged.merged_into, merged.tickets) == ("V-5", ())
    steps = [(step.event, step.other_case_id) for step in find_case(connection, "V-5").history]
    assert ("merged", "V-7") in steps


def test_an_older_ticket_that_comes_late_gives_the_case_its_name(connection: Connection) -> None:
    linked(connection, 8, victim_of("0xa"))
    linked(connection, 9, victim_of("0xa"))

    linked(connection, 3, victim_of("0xa"))

    assert cases_of(connection) == {"V-3": (3, 8, 9)}
    assert find_case(connection, "V-8").merged_into == "V-3"


def test_victims_never_land_in_their_suspects_own_case(connection: Connection) -> None:
    linked(connection, 1, controls("0xa"), controls("+86", Kind.PHONE))
    linked(connection, 2, controls("+86", Kind.PHONE))
    linked(connection, 3, victim_of("0xa"))
    linked(connection, 4, victim_of("0xa"))

    assert cases_of(connection) == {"C-1": (1, 2), "V-3": (3, 4)}
    (named,) = find_case(connection, "V-3").indicators
    assert named.elsewhere == ("C-1",)


def test_a_domain_links_victims_but_nobody_by_what_they_own(connection: Connection) -> None:
    for ticket in (1, 2):
        linked(connection, ticket, victim_of("evil.example", Kind.DOMAIN))
    for ticket in (3, 4):
        linked(connection, ticket, controls("evil.example", Kind.DOMAIN))

    assert cases_of(connection) == {"V-1": (1, 2)}


def test_listed_domains_link_nobody(connection: Connection) -> None:
    for ticket in (1, 2):
        linked(connection, ticket, victim_of("www2.okx.com", Kind.DOMAIN))

    assert cases_of(connection) == {}


def test_what_too_many_tickets_name_links_nobody_any_more(connection: Connection) -> None:
    for ticket in (1, 2, 3):
        linked(connection, ticket, victim_of("0xhot"), most=3)
    linked(connection, 2, victim_of("0xhot"), victim_of("0xa"), most=3)
    linked(connection, 9, victim_of("0xa"), most=3)
    assert cases_of(connection) == {"V-1": (1, 2, 3, 9)}

    linked(connection, 4, victim_of("0xhot"), most=3)

    assert cases_of(connection) == {"V-2": (2, 9)}
    assert find_case(connection, "V-1").closed_at == NOON


def test_a_ticket_read_again_is_linked_once(connection: Connection) -> None:
    for _ in range(3):
        linked(connection, 1, victim_of("0xa"))
        linked(connection, 2, victim_of("0xa"))

    (row,) = connection.execute(select(case_indicators)).all()
    assert row.tickets == 2
    assert [step.event for step in find_case(connection, "V-1").history] == [
        "opened",
        "joined",
        "joined",
    ]


def test_what_a_ticket_no_longer_names_links_it_no_more(connection: Connection) -> None:
    linked(connection, 1, victim_of("0xa"))
    linked(connection, 2, victim_of("0xa"))

    assert linked(connection, 2, controls("0xa")) == (None, 1)
    assert cases_of(connection) == {}


def test_an_erased_ticket_leaves_nothing_and_parts_what_only_it_held_together(
    connection: Connection,
) -> None:
    for ticket, names in ((1, "a"), (2, "ab"), (3, "bc"), (4, "c")):
        linked(connection, ticket, *map(victim_of, names))
    assert cases_of(connection) == {"V-1": (1, 2, 3, 4)}

    forget(connection, 2, now=NOON)

    assert cases_of(connection) == {"V-3": (3, 4)}
    assert 2 not in set(connection.scalars(select(case_mentions.c.ticket_id)))
    assert 2 not in set(connection.scalars(select(case_tickets.c.ticket_id)))


def test_what_a_ticket_will_join_can_be_foreseen(connection: Connection) -> None:
    linked(connection, 1, victim_of("0xa"))
    linked(connection, 2, victim_of("0xa"))
    linked(connection, 3, victim_of("0xb"))

    def foreseen(*mentions: Mention, by: int = 77) -> int:
        return foreseen_reports(connection, ticket_id=9, requester_id=by, mentions=mentions)

    assert foreseen() == 1
    assert foreseen(victim_of("0xa")) == 3
    assert foreseen(victim_of("0xa"), victim_of("0xb")) == 4
    assert foreseen(victim_of("0xa"), by=10_001) == 2
    assert foreseen(controls("0xa")) == 1


STEPS = st.lists(
    st.tuples(st.integers(1, 8), st.frozensets(st.sampled_from("abcde"), max_size=3)),
    min_size=1,
    max_size=14,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_whatever_comes_and_goes_the_cases_are_those_of_grouping_all_at_once(
    sqlite_engine: Engine, steps: list[tuple[int, frozenset[str]]]
) -> None:
    names: dict[int, frozenset[str]] = {}
    with transaction(sqlite_engine) as connection:
        for ticket, values in steps:
            names[ticket] = values
            if values:
                linked(connection, ticket, *map(victim_of, sorted(values)))
            else:
                forget(connection, ticket, now=NOON)
            pairs = [(one, value) for one, its in names.items() for value in its]
            expected = {f"V-{low}": tuple(all_) for low, all_ in grouped(pairs).items()}
            assert cases_of(connection) == expected
        for ticket in names:
            forget(connection, ticket, now=NOON)
        assert cases_of(connection) == {}


def test_rebuilding_gives_the_same_cases(connection: Connection) -> None:
    for ticket, values in ((1, "a"), (2, "ab"), (3, "b"), (4, "c"), (5, "c"), (6, "d")):
        linked(connection, ticket, *map(victim_of, values))
    before = cases_of(connection)

    rebuilt = rebuild(connection, make_supernodes(), now=NOON)

    assert cases_of(connection) == before == {"V-1": (1, 2, 3), "V-4": (4, 5)}
    assert rebuilt == (2, 5, 0)


def test_rebuilding_follows_an_edited_list(connection: Connection) -> None:
    for ticket in (1, 2):
        linked(connection, ticket, victim_of("evil.example", Kind.DOMAIN))

    listed = make_supernodes(domain=("evil.example",))

    assert rebuild(connection, listed, now=NOON) == (0, 0, 1)
    assert cases_of(connection) == {}
    assert rebuild(connection, make_supernodes(), now=NOON).cases == 1
    assert cases_of(connection) == {"V-1": (1, 2)}


@pytest.mark.parametrize("relation", Relation)
def test_listing_can_be_narrowed(connection: Connection, relation: Relation) -> None:
    for ticket in (1, 2, 3):
        linked(connection, ticket, Mention(relation, Kind.ADDRESS, "0xa"))

    assert [line.id for line in listing(connection, relation=relation)] == [
        line.id for line in listing(connection)
    ]
    assert listing(connection, least_customers=4) == []
