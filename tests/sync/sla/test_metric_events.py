"""Zendesk's metric events folded to the clocks they tell of."""

from datetime import datetime
from typing import Any

import pytest

from sync.sla.clocks import Phase
from sync.sla.metric_events import AppliedPolicy, AppliedSla, MetricEvent, ReportedClock, fold
from sync.sla.schedules import BusinessTime, to_second
from tests.support.sla import OFFICE_HOURS, after

HOUR = AppliedSla(target=60, policy=AppliedPolicy(id=7))


def told(number: int, kind: str, minutes: float, **more: Any) -> MetricEvent:
    facts = {"metric": "requester_wait_time", "instance_id": 1, "ticket_id": 1, **more}
    return MetricEvent(id=number, type=kind, time=after(minutes), **facts)


def only(events: list[MetricEvent], now: datetime, **more: Any) -> ReportedClock:
    (clock,) = fold(events, now=now, **more)
    return clock


def second(minutes: float) -> int:
    return to_second(after(minutes))


def test_minutes_run_from_activate_to_pause_and_on_from_the_next_activate() -> None:
    events = [told(1, "activate", 0), told(2, "pause", 10), told(3, "activate", 30)]

    assert only(events, after(35)).elapsed_seconds == 15 * 60


def test_the_deadline_is_what_is_left_from_now() -> None:
    events = [told(1, "apply_sla", 0, sla=HOUR), told(2, "activate", 0)]

    assert only(events, after(20)).due_at == second(60)


def test_a_breach_with_a_future_time_is_no_breach_until_then() -> None:
    events = [told(1, "activate", 0), told(2, "breach", 60)]

    ahead = only(events, after(59))

    assert (ahead.breach_at, ahead.deadline_at) == (None, second(60))
    assert only(events, after(60)).breach_at == second(60)


def test_a_breach_that_was_read_again_as_deleted_is_withdrawn() -> None:
    events = [told(1, "activate", 0), told(2, "breach", 60), told(2, "breach", 60, deleted=True)]

    assert not only(events, after(90)).breached


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        pytest.param(["activate"], Phase.ACTIVE, id="running"),
        pytest.param(["activate", "pause"], Phase.PAUSED, id="paused"),
        pytest.param(["activate", "pause", "fulfill"], Phase.ACHIEVED, id="ended while paused"),
        pytest.param(["activate", "fulfill", "activate"], Phase.ACTIVE, id="reopened"),
        pytest.param(["apply_sla"], Phase.PAUSED, id="a target and nothing else"),
    ],
)
def test_state_follows_the_last_event(kinds: list[str], state: Phase) -> None:
    events = [told(number, kind, number) for number, kind in enumerate(kinds, start=1)]

    assert only(events, after(100)).state is state


def test_events_of_one_second_are_ordered_by_what_they_do() -> None:
    events = [told(1, "fulfill", 0), told(2, "activate", 0), told(3, "apply_sla", 0, sla=HOUR)]

    assert only(events, after(5)).state is Phase.ACHIEVED


def test_a_group_target_and_its_text_id_are_read() -> None:
    sla = AppliedSla(target_in_seconds=1800, policy=AppliedPolicy(id="01HTIER1"))
    clock = only([told(1, "apply_group_sla", 0, group_sla=sla)], after(5))

    assert (clock.policy_id, clock.target_seconds) == ("01HTIER1", 1800)


def test_measure_events_and_instance_zero_make_no_clock() -> None:
    events = [told(1, "measure", 0), told(2, "activate", 0, instance_id=0)]

    assert fold(events, now=after(5)) == []


def test_tickets_metrics_and_instances_are_kept_apart() -> None:
    events = [
        told(1, "activate", 0),
        told(2, "activate", 0, ticket_id=2),
        told(3, "activate", 0, metric="reply_time"),
        told(4, "activate", 0, instance_id=2),
    ]

    assert len(fold(events, now=after(5))) == 4


@pytest.mark.parametrize(
    ("reported", "agrees"),
    [
        pytest.param({"calendar": 61, "business": 0}, True, id="a minute apart"),
        pytest.param({"calendar": 62, "business": 60}, False, id="two minutes apart"),
        pytest.param({"business": 60}, False, id="the unit is missing"),
    ],
)
def test_own_minutes_are_compared_with_the_reported_ones(
    *, reported: dict[str, int], agrees: bool
) -> None:
    events = [
        told(1, "activate", 0),
        told(2, "fulfill", 60),
        told(3, "update_status", 60, status=reported),
    ]

    assert only(events, after(90)).reconciled is agrees


def test_a_business_target_counts_business_minutes() -> None:
    hours = AppliedSla(target=60, business_hours=True)
    events = [told(1, "apply_sla", 0, sla=hours), told(2, "activate", 0)]
    clock = only(events, after(24 * 60), schedule=BusinessTime(OFFICE_HOURS))

    assert (clock.elapsed_seconds, clock.due_at) == (8 * 3600, None)
