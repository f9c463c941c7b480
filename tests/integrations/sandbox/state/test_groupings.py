"""Tickets are found by the present value of a field."""

from integrations.sandbox.state.groupings import Grouping


def test_a_ticket_moves_with_its_value_and_leaves_without_one() -> None:
    grouping = Grouping()
    for number in (3, 1):
        grouping.move(number, "a")
    grouping.move(2, "b")
    together = grouping.having("a")

    grouping.move(1, "b")
    grouping.move(3, None)

    assert together == [1, 3]
    assert grouping.having("a") == []
    assert grouping.having("b") == [1, 2]
