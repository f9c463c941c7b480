"""The other clocks: where instances of replies, updates, work and ownership begin and end."""

from dataclasses import replace

from sync.sla.choices import DEFAULT_CHOICES
from sync.sla.clocks import Phase
from tests.support.sla import (
    AGENT,
    CUSTOMER,
    FIRST,
    LIGHT,
    NEXT,
    OTHER_AGENT,
    OTHER_CUSTOMER,
    after,
    clocks,
    event,
    make_policy,
)

PERIODIC, PAUSABLE, GROUP = "periodic_update_time", "pausable_update_time", "group_ownership_time"
WORK, RESOLUTION = "agent_work_time", "total_resolution_time"
REPLY = event(10, AGENT, public=True)


def test_each_unanswered_comment_after_a_reply_is_its_own_next_reply() -> None:
    found = clocks(
        REPLY,
        event(20, CUSTOMER, public=True),
        event(30, CUSTOMER, public=True),
        event(40, OTHER_AGENT, public=True),
        event(50, CUSTOMER, public=True),
        now=60,
    )

    assert (found[NEXT, 1].started_at, found[NEXT, 1].fulfilled_at) == (after(20), after(40))
    assert (found[NEXT, 2].started_at, found[NEXT, 2].state) == (after(50), Phase.ACTIVE)


def test_a_copied_customer_opens_no_next_reply() -> None:
    assert (NEXT, 1) not in clocks(REPLY, event(20, OTHER_CUSTOMER, public=True), now=30)


def test_a_customer_who_solves_with_a_comment_waits_for_nobody() -> None:
    found = clocks(REPLY, event(20, CUSTOMER, public=True, status="solved"), now=30)

    assert (NEXT, 1) not in found


def test_an_end_users_internal_comment_opens_next_reply_only_with_the_flag() -> None:
    flag = {NEXT: {"activate_on_end_user_added_internal_note": True}}
    note = event(20, OTHER_CUSTOMER, public=False)
    policy = make_policy((NEXT, "normal", 60), settings=flag)

    assert clocks(REPLY, note, now=30, policies=[policy])[NEXT, 1].started_at == after(20)
    assert (NEXT, 1) not in clocks(REPLY, note, now=30, policies=[make_policy()])


def test_after_an_agents_public_opening_a_customers_comment_asks_for_a_next_reply() -> None:
    comment = event(20, CUSTOMER, public=True)
    other = replace(DEFAULT_CHOICES, next_reply_without_first_reply=False)

    assert (NEXT, 1) in clocks(comment, now=30, submitter=AGENT)
    assert (NEXT, 1) not in clocks(comment, now=30, submitter=AGENT, choices=other)


def test_after_an_unanswered_solve_a_customers_comment_asks_for_a_next_reply() -> None:
    solved, comment = event(5, status="solved"), event(20, CUSTOMER, public=True, status="open")
    other = replace(DEFAULT_CHOICES, next_reply_after_unanswered_solve=False)

    assert (NEXT, 1) in clocks(solved, comment, now=30)
    assert (NEXT, 1) not in clocks(solved, comment, now=30, choices=other)


def test_each_public_word_of_the_staff_opens_the_next_update() -> None:
    found = clocks(REPLY, event(30, LIGHT, public=True), event(50, status="solved"), now=60)

    assert found[PERIODIC, 1].fulfilled_at == after(30)
    assert found[PERIODIC, 2].fulfilled_at == after(50)
    assert (PERIODIC, 3) not in found


def test_after_reopening_updates_are_owed_only_from_the_next_public_word() -> None:
    found = clocks(
        event(10, AGENT, public=True, status="solved"),
        event(20, CUSTOMER, public=True, status="open"),
        event(30, AGENT, public=True),
        now=40,
    )

    assert found[PERIODIC, 1].started_at == after(30)


def test_a_note_starts_only_the_periodic_update_and_only_with_the_flag() -> None:
    flag = {name: {"activate_on_agent_internal_note": True} for name in (PERIODIC, PAUSABLE)}
    note = event(10, AGENT, public=False)
    found = clocks(note, now=30, policies=[make_policy(settings=flag)])

    assert (PERIODIC, 1) in found
    assert (PAUSABLE, 1) not in found
    assert (PERIODIC, 1) not in clocks(note, now=30)


def test_a_pausable_update_opened_in_pending_starts_paused_and_wakes_up() -> None:
    pending = event(10, AGENT, public=True, status="pending")
    asleep = clocks(pending, now=30)[PAUSABLE, 1]
    awake = clocks(pending, event(40, CUSTOMER, public=True, status="open"), now=50)[PAUSABLE, 1]

    assert (asleep.state, asleep.elapsed_seconds) == (Phase.PAUSED, 0)
    assert (awake.state, awake.elapsed_seconds) == (Phase.ACTIVE, 600)


def test_an_agents_opening_comment_starts_updates_unless_the_account_shows_otherwise() -> None:
    other = replace(DEFAULT_CHOICES, opening_starts_updates=False)

    assert (PERIODIC, 1) in clocks(now=5, submitter=AGENT)
    assert (PERIODIC, 1) not in clocks(now=5, submitter=AGENT, choices=other)


def test_work_counts_new_and_open_and_resolution_everything_unsolved() -> None:
    found = clocks(
        event(10, status="open"),
        event(20, status="hold"),
        event(30, status="pending"),
        event(40, status="solved"),
        now=90,
    )

    assert found[WORK, 1].elapsed_seconds == 1200
    assert found[RESOLUTION, 1].elapsed_seconds == 2400


def test_group_ownership_is_one_instance_for_each_spell() -> None:
    policy = make_policy(
        (GROUP, "normal", 15),
        policy_id="01HTIER1",
        all_of=[{"field": "group_id", "operator": "includes", "value": [51]}],
    )
    found = clocks(
        event(10, group_id=52),
        event(30, group_id=51),
        event(35, assignee_id=AGENT),
        now=40,
        group_policies=[policy],
        group_id=51,
    )

    assert (found[GROUP, 1].policy_id, found[GROUP, 1].fulfilled_at) == ("01HTIER1", after(10))
    assert found[GROUP, 2].target_seconds is None
    assert (found[GROUP, 3].started_at, found[GROUP, 3].due_at) == (after(30), after(45))


def test_no_group_no_ownership() -> None:
    assert (GROUP, 1) not in clocks(now=10)


def test_several_clocks_of_one_ticket_have_their_own_deadlines() -> None:
    policy = make_policy((FIRST, "normal", 60), (RESOLUTION, "normal", 600))
    found = clocks(now=10, policies=[policy])

    assert (found[FIRST, 1].due_at, found[RESOLUTION, 1].due_at) == (after(60), after(600))
