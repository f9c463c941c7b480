"""What happened in one period is moved to another: numbers, instants, and texts that name them."""

from array import array
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.sandbox.history.shift import (
    FIRST_CUSTOMER,
    FIRST_RECORD,
    FIRST_TICKET,
    Place,
    Shift,
    exchange_uid,
)
from integrations.sandbox.state.indexes.streams import Entry
from integrations.sandbox.state.metric_events import BREACH, MetricEvent, event_at
from integrations.sandbox.state.ticketing.ticket_case import Timeline

START = datetime(2026, 3, 2, tzinfo=UTC)
EPOCH = int(START.timestamp())
WEEKS = timedelta(weeks=8)
SHIFT = Shift(START, Place(ticket=101, record=6_200_000_000_000, customer=50, start=START - WEEKS))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(FIRST_TICKET + 6, 107, id="a ticket number"),
        pytest.param(FIRST_RECORD + 256, 6_200_000_000_256, id="the id of a record"),
        pytest.param(str(FIRST_RECORD + 256), "6200000000256", id="an id as text"),
        pytest.param(6_130_830_000_128, 6_130_830_000_128, id="the id of a standing record"),
        pytest.param(EPOCH + 90, EPOCH + 90 - 8 * 7 * 86_400, id="an epoch second"),
        pytest.param(EPOCH + 0.5, EPOCH + 0.5 - 8 * 7 * 86_400, id="an epoch second with a part"),
        pytest.param(42, 42, id="a count"),
        pytest.param(True, True, id="a truth"),
        pytest.param(None, None, id="nothing"),
        pytest.param("2026-03-05T10:11:12Z", "2026-01-08T10:11:12Z", id="an instant"),
        pytest.param("due 2026-03-05!", "due 2026-01-08!", id="a day in a text"),
        pytest.param("2025-01-06T01:00:00Z", "2025-01-06T01:00:00Z", id="a day before the mould"),
        pytest.param("2026-13-45", "2026-13-45", id="what only looks like a day"),
        pytest.param(f"as in #{FIRST_TICKET}.", "as in #101.", id="a ticket number in a text"),
        pytest.param(
            f"我的UID是{FIRST_CUSTOMER + 3}，",
            f"我的UID是{exchange_uid(53)}，",
            id="a customer in a Chinese text",
        ),
        pytest.param("P2P12345678, 0xabc12345678901", "P2P12345678, 0xabc12345678901", id="others"),
        pytest.param(START, START - WEEKS, id="a datetime"),
        pytest.param(
            Timeline(START, replies=[START]),
            Timeline(START - WEEKS, replies=[START - WEEKS]),
            id="a dataclass",
        ),
        pytest.param(
            Entry(EPOCH, FIRST_RECORD, FIRST_TICKET, 2),
            Entry(EPOCH - 8 * 7 * 86_400, 6_200_000_000_000, 101, 2),
            id="a named tuple",
        ),
        pytest.param({FIRST_RECORD: [FIRST_TICKET]}, {6_200_000_000_000: [101]}, id="containers"),
    ],
)
def test_whatever_names_the_mould_moves(before: Any, after: Any) -> None:
    moved = SHIFT.of(before)

    assert moved == after
    assert type(moved) is type(before)


def test_transactions_and_uuids_become_others_of_the_same_shape() -> None:
    hashed, uuid = "ab" * 32, "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    nearer = Shift(START, Place(ticket=201, record=0, customer=0, start=START))

    moved = SHIFT.of([f"see {hashed}", uuid])

    assert moved[0] != f"see {hashed}"
    assert len(moved[0]) == len(f"see {hashed}")
    assert (moved[1][14], moved[1] != uuid) == ("4", True)
    assert nearer.of([f"see {hashed}", uuid]) != moved
    assert SHIFT.of([f"see {hashed}", uuid]) == moved


def test_packed_metric_events_move_with_their_ids_and_times() -> None:
    event = MetricEvent(FIRST_RECORD, EPOCH + 5, 4, 1, BREACH, detail=EPOCH + 9)
    packed = array("q", (event.id, event.time << 24 | 1 << 7 | 4 << 4 | BREACH << 1, event.detail))

    class Case:
        metric_events = SHIFT.of(packed)

    moved = event_at(Case, 0)  # type: ignore[arg-type]
    assert moved == event._replace(
        id=6_200_000_000_000,
        time=event.time + SHIFT.seconds,
        detail=event.detail + SHIFT.seconds,
    )


def test_periods_lie_whole_weeks_apart() -> None:
    with pytest.raises(ValueError, match="whole weeks"):
        Shift(START, Place(ticket=1, record=1, customer=1, start=START - timedelta(days=3)))


def test_a_kind_that_nobody_thought_of_is_refused() -> None:
    with pytest.raises(TypeError, match="complex"):
        SHIFT.of(1j)


def test_customers_get_eight_digits_and_each_their_own() -> None:
    uids = {exchange_uid(number) for number in range(5000)}

    assert len(uids) == 5000
    assert {len(uid) for uid in uids} == {8}


@dataclass
class Holder:
    number: int
    texts: list[str]


def test_a_copy_shares_nothing_that_may_be_changed() -> None:
    held = Holder(3, ["unchanged"])

    copy = SHIFT.of(held)
    copy.texts.append("more")

    assert held.texts == ["unchanged"]
