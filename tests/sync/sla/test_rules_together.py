"""Rules that meet in one ticket: late targets, pauses, reopenings, versions, schedules, groups."""

from typing import Any

import pytest

from sync.sla.clocks import Phase
from tests.support.sla import (
    AGENT,
    CUSTOMER,
    FIRST,
    LIGHT,
    NEXT,
    OFFICE_HOURS,
    OTHER_AGENT,
    OTHER_CUSTOMER,
    SYSTEM,
    WAIT,
    after,
    clocks,
    event,
    make_policy,
)

PERIODIC, PAUSABLE = "periodic_update_time", "pausable_update_time"
WORK, RESOLUTION, GROUP = "agent_work_time", "total_resolution_time", "group_ownership_time"
VIP = [{"field": "current_tags", "operator": "includes", "value": "vip"}]
DAY = 24 * 60


def group_policy(number: int, minutes: int, **options: Any) -> Any:
    condition = {"field": "group_id", "operator": "includes", "value": [number]}
    return make_policy(
        (GROUP, "normal", minutes),
        (GROUP, "urgent", 5),
        policy_id=f"01H{number}",
        position=number,
        all_of=[condition],
        **options,
    )


def test_closing_time_is_the_deadline_however_late_the_answer_comes_at_night() -> None:
    """The target is used up when the office closes: an answer in the night is late."""
    policy = make_policy((FIRST, "normal", 7 * 60), business_hours=True)
    reply = event(10 * 60, public=True)
    found = clocks(reply, now=DAY, policies=[policy], schedule=OFFICE_HOURS)[FIRST, 1]

    assert (found.elapsed_seconds, found.breach_at) == (7 * 3600, after(7 * 60))


def test_a_late_policy_in_business_hours_counts_them_from_the_start() -> None:
    late = make_policy((WAIT, "normal", 8 * 60), all_of=VIP, business_hours=True)
    tagged = event(23 * 60 + 30, tags=["vip"], status="pending")
    found = clocks(tagged, now=2 * DAY, policies=[late], schedule=OFFICE_HOURS)[WAIT, 1]

    # From 9 to 16 UTC on Monday, and from 8 to 8:30 on Tuesday.
    assert (found.state, found.elapsed_seconds) == (Phase.PAUSED, 27_000)
    assert (found.breached, found.due_at) == (False, None)


def test_a_late_policy_that_finds_no_time_left_breaches_a_paused_business_clock_at_once() -> None:
    late = make_policy((WAIT, "normal", 7 * 60), all_of=VIP, business_hours=True)
    found = clocks(
        event(23 * 60 + 30, status="pending"),
        event(26 * 60, SYSTEM, tags=["vip"]),
        now=2 * DAY,
        policies=[late],
        schedule=OFFICE_HOURS,
    )[WAIT, 1]

    assert (found.state, found.breach_at) == (Phase.PAUSED, after(26 * 60))


def test_a_late_policy_reaches_a_clock_that_is_finished_only_when_it_goes_on() -> None:
    late = make_policy((WAIT, "normal", 15), all_of=VIP)
    solved, tagged = event(20, status="solved"), event(30, tags=["vip"])
    asleep = clocks(solved, tagged, now=35, policies=[late])[WAIT, 1]
    awake = clocks(solved, tagged, event(50, status="open"), now=51, policies=[late])[WAIT, 1]

    assert (asleep.target_seconds, asleep.breached) == (None, False)
    assert (awake.target_seconds, awake.breach_at) == (900, after(50))


def test_time_used_up_to_the_second_of_solving_breaches_when_the_ticket_is_opened_again() -> None:
    policy = make_policy((WAIT, "normal", 20))
    solved = event(20, status="solved")
    still = clocks(solved, now=30, policies=[policy])[WAIT, 1]
    again = clocks(solved, event(60, status="open"), now=61, policies=[policy])[WAIT, 1]

    assert (still.breached, again.breach_at) == (False, after(60))


def test_the_ticket_moves_between_calendar_and_business_hours_and_back() -> None:
    calendar = make_policy((WAIT, "normal", 600), policy_id=1, position=2)
    business = make_policy(
        (WAIT, "normal", 600), policy_id=2, position=1, all_of=VIP, business_hours=True
    )
    found = clocks(
        event(60, tags=["vip"]),
        event(8 * 60, tags=[]),
        now=9 * 60,
        policies=[calendar, business],
        schedule=OFFICE_HOURS,
    )[WAIT, 1]

    assert (found.elapsed_seconds, found.due_at, found.business_hours) == (
        32_400,
        after(600),
        False,
    )


def test_solving_and_closing_in_turn_is_one_end() -> None:
    policy = make_policy((RESOLUTION, "normal", 60))
    found = clocks(
        event(30, status="solved"),
        event(5 * DAY, SYSTEM, status="closed"),
        now=6 * DAY,
        policies=[policy],
    )

    assert found[RESOLUTION, 1].fulfilled_at == after(30)
    assert not found[RESOLUTION, 1].breached


def test_every_metric_is_reopened_in_its_own_way() -> None:
    found = clocks(
        event(10, public=True, status="open"),
        event(20, CUSTOMER, public=True),
        event(30, public=True, status="solved"),
        event(90, CUSTOMER, public=True, status="open"),
        now=100,
        group_id=51,
    )

    assert {key: clock.state for key, clock in found.items()} == {
        (FIRST, 1): Phase.ACHIEVED,
        (NEXT, 1): Phase.ACHIEVED,
        (NEXT, 2): Phase.ACTIVE,
        (PERIODIC, 1): Phase.ACHIEVED,
        (PAUSABLE, 1): Phase.ACHIEVED,
        (WAIT, 1): Phase.ACTIVE,
        (WORK, 1): Phase.ACTIVE,
        (RESOLUTION, 1): Phase.ACTIVE,
        (GROUP, 1): Phase.ACHIEVED,
        (GROUP, 2): Phase.ACTIVE,
    }
    assert {found[name, 1].elapsed_seconds for name in (WAIT, WORK, RESOLUTION)} == {2400}
    assert (found[GROUP, 2].started_at, found[GROUP, 2].elapsed_seconds) == (after(90), 600)


def test_a_group_that_gets_the_ticket_back_begins_anew_and_a_new_assignee_changes_nothing() -> None:
    found = clocks(
        event(10, assignee_id=AGENT),
        event(20, group_id=52),
        event(30, group_id=51, assignee_id=OTHER_AGENT),
        event(35, group_id=51),
        now=40,
        group_policies=[group_policy(51, 15), group_policy(52, 60)],
        group_id=51,
    )
    told = [
        (clock.policy_id, clock.started_at, clock.elapsed_seconds, clock.breach_at)
        for (metric, _), clock in found.items()
        if metric == GROUP
    ]

    assert told == [
        ("01H51", after(0), 1200, after(15)),
        ("01H52", after(20), 600, None),
        ("01H51", after(30), 600, None),
    ]


def test_the_update_that_moves_a_ticket_leaves_the_old_group_its_target() -> None:
    moved = event(10, group_id=52, priority="urgent")
    found = clocks(moved, now=12, group_policies=[group_policy(51, 15)], group_id=51)

    assert (found[GROUP, 1].target_seconds, found[GROUP, 1].breached) == (900, False)
    assert found[GROUP, 2].target_seconds is None


def test_a_more_urgent_ticket_breaches_its_groups_target_at_that_update() -> None:
    found = clocks(
        event(10, priority="urgent"), now=12, group_policies=[group_policy(51, 15)], group_id=51
    )

    assert found[GROUP, 1].breach_at == after(10)


def test_a_version_of_a_policy_reaches_the_ticket_with_its_next_update() -> None:
    old = make_policy((FIRST, "normal", 60))
    new = make_policy((FIRST, "normal", 20), active_from=after(30))
    quiet = clocks(now=50, policies=[old, new])[FIRST, 1]
    noted = clocks(event(40, public=False), now=50, policies=[old, new])[FIRST, 1]

    assert (quiet.target_seconds, quiet.breached) == (3600, False)
    assert (noted.target_seconds, noted.breach_at) == (1200, after(40))
    assert [target.target_seconds for target in noted.targets] == [3600, 1200]


def test_a_policy_before_its_first_version_is_no_policy() -> None:
    later = make_policy((FIRST, "normal", 20), active_from=after(30))
    found = clocks(event(10, public=False), now=50, policies=[later])[FIRST, 1]

    assert found.target_seconds is None


def test_a_finished_clock_keeps_the_schedule_it_finished_with() -> None:
    policy = make_policy((FIRST, "normal", 600), (WAIT, "normal", 6000), business_hours=True)
    always = OFFICE_HOURS | {"id": 6, "intervals": [{"start_time": 0, "end_time": 10080}]}
    found = clocks(
        event(60, public=True),
        event(2 * DAY, public=False),
        now=2 * DAY,
        policies=[policy],
        schedules=[(-100.0, OFFICE_HOURS), (100.0, always)],
    )

    assert (found[FIRST, 1].schedule_id, found[FIRST, 1].elapsed_seconds) == (5, 3600)
    assert (found[WAIT, 1].schedule_id, found[WAIT, 1].elapsed_seconds) == (6, 2 * 86_400)


def test_a_solving_reply_ends_everything_and_opens_no_update() -> None:
    found = clocks(
        event(10, public=True, status="solved"),
        now=20,
        policies=[make_policy((FIRST, "normal", 5))],
    )

    assert {clock.state for clock in found.values()} == {Phase.ACHIEVED}
    assert (PERIODIC, 1) not in found
    assert found[FIRST, 1].breach_at == after(5)


def test_a_pausable_update_is_paused_by_the_reply_that_opens_it_and_ends_with_the_next() -> None:
    policy = make_policy((PAUSABLE, "normal", 30), (PERIODIC, "normal", 30))
    found = clocks(
        event(10, public=True, status="pending"),
        event(100, CUSTOMER, public=True, status="open"),
        event(120, LIGHT, public=True, status="hold"),
        now=130,
        policies=[policy],
    )

    assert (found[PAUSABLE, 1].elapsed_seconds, found[PAUSABLE, 1].breached) == (1200, False)
    assert found[PAUSABLE, 1].paused_spells == [
        (int(after(10).timestamp()), int(after(100).timestamp()))
    ]
    assert found[PERIODIC, 1].breach_at == after(40)
    assert (found[PAUSABLE, 2].state, found[PAUSABLE, 2].due_at) == (Phase.ACTIVE, after(150))


def test_while_the_first_reply_is_owed_nothing_else_is_and_the_oldest_question_counts() -> None:
    found = clocks(
        event(5, CUSTOMER, public=True),
        event(10, public=True),
        event(20, CUSTOMER, public=True),
        event(25, CUSTOMER, public=True),
        event(26, OTHER_CUSTOMER, public=True),
        now=30,
    )

    assert (found[NEXT, 1].started_at, found[NEXT, 1].elapsed_seconds) == (after(20), 600)
    assert (NEXT, 2) not in found


def test_a_new_requester_asks_and_the_old_one_is_a_copied_customer() -> None:
    found = clocks(
        event(10, public=True),
        event(15, requester_id=OTHER_CUSTOMER),
        event(20, CUSTOMER, public=True),
        event(25, OTHER_CUSTOMER, public=True),
        now=30,
    )

    assert found[NEXT, 1].started_at == after(25)


def test_a_flag_that_comes_with_the_very_update_counts_for_it() -> None:
    flagged = make_policy(
        (FIRST, "normal", 60),
        all_of=VIP,
        settings={FIRST: {"fulfill_on_agent_internal_note": True}},
    )
    found = clocks(event(10, public=False, tags=["vip"]), now=20, policies=[flagged])

    assert found[FIRST, 1].fulfilled_at == after(10)


def test_a_flag_that_comes_later_starts_nothing_that_was_over() -> None:
    flags = {FIRST: {"activate_on_ticket_created_for_end_user": True}}
    flagged = make_policy((FIRST, "normal", 60), all_of=VIP, settings=flags)
    found = clocks(
        event(10, tags=["vip"]), now=20, policies=[flagged], submitter=AGENT, public=True
    )

    assert (FIRST, 1) not in found


def test_a_target_of_seconds_breaches_on_the_second() -> None:
    messaging = make_policy((FIRST, "normal", 0.25), (NEXT, "normal", 0.5))
    found = clocks(
        event(0.25, public=True),
        event(1, CUSTOMER, public=True),
        now=1.51,
        policies=[messaging],
    )

    assert not found[FIRST, 1].breached
    assert found[NEXT, 1].breach_at == after(1.5)


@pytest.mark.parametrize("priority", ["p1", "URGENT"])
def test_a_priority_that_no_policy_knows_has_no_target(priority: str) -> None:
    found = clocks(now=90, policies=[make_policy((FIRST, "normal", 60))], priority=priority)

    assert (found[FIRST, 1].target_seconds, found[FIRST, 1].state) == (None, Phase.ACTIVE)


def test_a_status_that_nobody_knows_leaves_every_clock_unknown() -> None:
    found = clocks(event(10, status="parked"), now=20)

    assert {clock.state for clock in found.values()} == {Phase.UNKNOWN}
    assert {clock.unknown_reason for clock in found.values()} == {"the status 'parked' is unknown"}


def test_what_is_dated_before_the_ticket_counts_from_its_beginning() -> None:
    policy = make_policy((FIRST, "normal", 60), (WORK, "normal", 60))
    solved = event(15, status="solved")
    found = clocks(event(-10, public=True), solved, now=20, policies=[policy])

    assert (found[FIRST, 1].fulfilled_at, found[FIRST, 1].elapsed_seconds) == (after(0), 0)
    assert found[WORK, 1].elapsed_seconds == 900
