"""Targets: which one counts, what a change of it does, and when a clock breaches."""

from dataclasses import replace

import pytest

from sync.sla.choices import DEFAULT_CHOICES
from sync.sla.clocks import Phase
from tests.support.sla import (
    AGENT,
    FIRST,
    OFFICE_HOURS,
    SYSTEM,
    WAIT,
    after,
    clocks,
    event,
    make_policy,
)

VIP = [{"field": "current_tags", "operator": "includes", "value": "vip"}]


def test_each_priority_has_its_own_target() -> None:
    policy = make_policy((FIRST, "normal", 60), (FIRST, "urgent", 15))

    assert clocks(now=1, policies=[policy], priority="urgent")[FIRST, 1].target_seconds == 900


@pytest.mark.parametrize("priority", [None, "low"])
def test_without_a_line_for_the_priority_the_clock_runs_without_a_target(
    priority: str | None,
) -> None:
    clock = clocks(now=90, policies=[make_policy((FIRST, "normal", 60))], priority=priority)[
        FIRST, 1
    ]

    assert (clock.target_seconds, clock.policy_id, clock.breached) == (None, None, False)
    assert (clock.elapsed_seconds, clock.due_at) == (5400, None)


def test_a_later_policy_with_time_left_breaches_when_its_target_is_used_up() -> None:
    policy = make_policy((FIRST, "normal", 60), all_of=VIP)
    clock = clocks(event(30, tags=["vip"]), now=90, policies=[policy])[FIRST, 1]

    assert clock.breach_at == after(60)


def test_a_later_policy_without_time_left_breaches_at_its_update_even_while_paused() -> None:
    policy = make_policy((WAIT, "normal", 60), all_of=VIP)
    clock = clocks(
        event(70, status="pending"), event(100, tags=["vip"]), now=200, policies=[policy]
    )[WAIT, 1]

    assert (clock.state, clock.breach_at) == (Phase.PAUSED, after(100))


def test_a_paused_clock_has_no_deadline_and_uses_nothing_up() -> None:
    policy = make_policy((WAIT, "normal", 60))
    clock = clocks(event(20, status="pending"), now=500, policies=[policy])[WAIT, 1]

    assert (clock.elapsed_seconds, clock.due_at, clock.breached) == (1200, None, False)


def test_requester_wait_goes_on_from_hold_and_after_pending() -> None:
    policy = make_policy((WAIT, "normal", 60))
    clock = clocks(
        event(20, status="pending"), event(50, status="hold"), now=60, policies=[policy]
    )[WAIT, 1]

    assert (clock.elapsed_seconds, clock.due_at) == (1800, after(90))


def test_a_breach_stays_after_solving_and_reopening() -> None:
    policy = make_policy((WAIT, "normal", 60))
    clock = clocks(
        event(70, status="solved"), event(100, status="open"), now=110, policies=[policy]
    )[WAIT, 1]

    assert (clock.breach_at, clock.fulfilled_at, clock.elapsed_seconds) == (after(60), None, 4800)


def test_time_spent_solved_counts_nowhere() -> None:
    policy = make_policy((WAIT, "normal", 60))
    clock = clocks(
        event(50, status="solved"),
        event(300, status="closed"),
        event(400, status="open"),
        now=405,
        policies=[policy],
    )[WAIT, 1]

    assert (clock.elapsed_seconds, clock.due_at) == (3300, after(410))


def test_a_finished_clock_keeps_its_target_when_the_ticket_is_closed_later() -> None:
    policy = make_policy((WAIT, "normal", 60), (WAIT, "urgent", 5))
    clock = clocks(
        event(50, status="solved"),
        event(300, SYSTEM, status="closed", priority="urgent"),
        now=405,
        policies=[policy],
    )[WAIT, 1]

    assert (clock.target_seconds, clock.fulfilled_at, clock.breached) == (3600, after(50), False)


def test_a_longer_target_keeps_the_elapsed_time() -> None:
    policy = make_policy((FIRST, "normal", 60), (FIRST, "low", 120))
    clock = clocks(event(30, priority="low"), now=90, policies=[policy])[FIRST, 1]

    assert (clock.elapsed_seconds, clock.due_at, clock.breached) == (5400, after(120), False)


def test_from_calendar_to_business_hours_everything_is_counted_again() -> None:
    calendar = make_policy((FIRST, "normal", 600), policy_id=1, position=2)
    business = make_policy(
        (FIRST, "normal", 600), policy_id=2, all_of=VIP, business_hours=True, position=1
    )
    clock = clocks(
        event(8 * 60, tags=["vip"]),
        now=24 * 60,
        policies=[calendar, business],
        schedule=OFFICE_HOURS,
    )[FIRST, 1]

    # Budapest is open until 16:00 UTC and again from 8:00 UTC on the next day.
    assert (clock.elapsed_seconds, clock.business_hours) == (8 * 3600, True)
    assert clock.due_at == after(26 * 60)


def test_a_business_target_without_a_schedule_is_unknown_unless_the_account_shows_otherwise() -> (
    None
):
    policy = make_policy((FIRST, "normal", 60), business_hours=True)
    other = replace(DEFAULT_CHOICES, business_target_without_schedule="calendar")
    unknown = clocks(now=1, policies=[policy])[FIRST, 1]

    assert (unknown.state, unknown.due_at, unknown.elapsed_seconds) == (Phase.UNKNOWN, None, None)
    assert "no schedule" in unknown.unknown_reason
    assert clocks(now=1, policies=[policy], choices=other)[FIRST, 1].due_at == after(60)


def test_an_edited_schedule_reaches_a_ticket_only_with_its_next_update() -> None:
    policy = make_policy((FIRST, "normal", 60), business_hours=True)
    never = OFFICE_HOURS | {"intervals": []}
    history = [(-100.0, OFFICE_HOURS), (20.0, never)]
    untouched = clocks(now=30, policies=[policy], schedules=history)
    touched = clocks(event(25, AGENT), now=30, policies=[policy], schedules=history)

    assert untouched[FIRST, 1].elapsed_seconds == 1800
    assert (touched[FIRST, 1].elapsed_seconds, touched[FIRST, 1].due_at) == (0, None)


def test_updates_of_one_second_count_in_the_order_they_were_read() -> None:
    policy = make_policy((FIRST, "normal", 60), (FIRST, "urgent", 15))
    clock = clocks(
        event(5, priority="urgent"), event(5, priority="normal"), now=20, policies=[policy]
    )[FIRST, 1]

    assert (clock.target_seconds, clock.breached) == (3600, False)


def test_a_recorded_breach_survives_a_longer_target_unless_the_account_shows_otherwise() -> None:
    policy = make_policy((FIRST, "normal", 60), (FIRST, "low", 600))
    longer = event(90, priority="low")
    other = replace(DEFAULT_CHOICES, breach_survives_relaxed_target=False)

    assert clocks(longer, now=100, policies=[policy])[FIRST, 1].breach_at == after(60)
    assert clocks(longer, now=100, policies=[policy], choices=other)[FIRST, 1].breach_at is None


def test_the_finishing_update_sets_the_target_unless_the_account_shows_otherwise() -> None:
    policy = make_policy((FIRST, "normal", 60), (FIRST, "urgent", 15))
    reply = event(30, public=True, priority="urgent")
    other = replace(DEFAULT_CHOICES, finishing_update_sets_target=False)

    assert clocks(reply, now=90, policies=[policy])[FIRST, 1].breach_at == after(30)
    assert not clocks(reply, now=90, policies=[policy], choices=other)[FIRST, 1].breached


def test_a_reply_on_the_deadline_can_be_made_a_breach() -> None:
    policy = make_policy((FIRST, "normal", 60))
    strict = replace(DEFAULT_CHOICES, reply_on_deadline_breaches=True)
    clock = clocks(event(60, public=True), now=90, policies=[policy], choices=strict)[FIRST, 1]

    assert clock.breach_at == after(60)


def test_a_target_beyond_all_calendars_has_no_deadline() -> None:
    clock = clocks(now=1, policies=[make_policy((FIRST, "normal", 10**14))])[FIRST, 1]

    assert (clock.due_at, clock.breached) == (None, False)


def test_an_agent_who_becomes_the_requester_does_not_answer_itself() -> None:
    policy = make_policy((FIRST, "normal", 60))
    clock = clocks(event(5, AGENT, public=True, requester_id=AGENT), now=20, policies=[policy])[
        FIRST, 1
    ]

    assert clock.state is Phase.ACTIVE
