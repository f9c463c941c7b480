"""Weeks are compared with those before; only what chance does not explain is striking."""

from datetime import UTC, datetime, timedelta

from automations.learning.drift import Reading, weeks_of

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NEXT = MONDAY + timedelta(weeks=1)
FIFTH = MONDAY + timedelta(weeks=4)


def week(number: int, *codes: str, confidence: int = 800, corrected: int = 0) -> list[Reading]:
    at = MONDAY + timedelta(weeks=number, days=2)
    return [Reading(at, code, confidence, place < corrected) for place, code in enumerate(codes)]


def test_a_week_like_those_before_is_not_striking() -> None:
    readings = [r for n in range(5) for r in week(n, *["A1"] * 10, *["F3"] * 30, *["?"] * 5)]

    (found,) = weeks_of(readings, since=FIFTH, until=FIFTH)

    assert (found.tickets, found.striking, found.moved) == (45, (), 0.0)
    assert found.reasons == {"F3": 30, "A1": 10, "?": 5}
    assert found.abstained == 5 / 45


def test_more_thefts_less_certainty_and_more_corrections_are_striking() -> None:
    usual = [r for n in range(4) for r in week(n, *["A1"] * 5, *["F3"] * 45)]
    now = week(4, *["A1"] * 30, *["F3"] * 20, confidence=300, corrected=20)

    (found,) = weeks_of([*usual, *now], since=FIFTH, until=FIFTH)

    assert found.striking == (
        "family A: 10% → 60%",
        "family F: 90% → 40%",
        "corrected: 0% → 40%",
        "sure answers: 100% → 0%",
    )
    assert found.moved is not None
    assert round(found.moved, 6) == 0.5


def test_few_tickets_say_nothing() -> None:
    readings = [*week(0, *["F3"] * 5), *week(1, "A1", "A1")]

    found = list(weeks_of(readings, since=NEXT, until=NEXT + timedelta(weeks=1)))

    assert [(w.tickets, w.striking, w.moved) for w in found] == [(2, (), None), (0, (), None)]
    assert found[1].confidence is None
