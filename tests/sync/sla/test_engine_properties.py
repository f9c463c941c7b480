"""What holds for any ticket: order and repetition of its updates, and what is still to come."""

from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.sla.engine import compute, compute_all
from sync.sla.policy_book import PolicyBook
from sync.sla.rulebook import Rulebook
from sync.sla.schedules import BusinessTime, to_instant, to_second
from sync.sla.timeline import Event, Opening, Timeline, build_timeline
from tests.support.sla import (
    AGENT,
    CUSTOMER,
    LIGHT,
    NINE,
    OFFICE_HOURS,
    OTHER_CUSTOMER,
    ROLES,
    SYSTEM,
    make_policy,
)

NAMES = (
    *("first_reply_time", "next_reply_time", "periodic_update_time", "pausable_update_time"),
    *("requester_wait_time", "agent_work_time", "total_resolution_time"),
)
BORN = to_second(NINE)
LATER = to_instant(BORN + 9999)


def targets(minutes: int) -> list[tuple[str, str, int]]:
    return [(name, priority, minutes) for name in NAMES for priority in ("normal", "high")]


RULES = Rulebook(
    policies=PolicyBook(
        [
            make_policy(
                *targets(45),
                policy_id=1,
                position=1,
                all_of=[{"field": "current_tags", "operator": "includes", "value": "vip"}],
            ),
            make_policy(*targets(600), policy_id=2, position=2, business_hours=True),
            make_policy(*targets(300), policy_id=2, position=2, active_from=LATER),
        ]
    ),
    group_policies=PolicyBook([make_policy(("group_ownership_time", "normal", 60))]),
    schedules=[(BORN - 1, BusinessTime(OFFICE_HOURS)), (BORN + 20_000, BusinessTime(OFFICE_HOURS))],
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["open", "pending", "hold", "solved", "closed"]),
        "priority": st.sampled_from(["normal", "high", None]),
        "group_id": st.sampled_from([51, 52, None]),
        "tags": st.sampled_from([["vip"], []]),
        "requester_id": st.sampled_from([CUSTOMER, OTHER_CUSTOMER]),
    },
)


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """Return updates, some of them within one second of each other."""
    return [
        Event(
            id=number,
            at=BORN + draw(st.sampled_from([0, 1, 60, 3600])) + 3000 * draw(st.integers(0, 40)),
            author_id=draw(st.sampled_from([CUSTOMER, OTHER_CUSTOMER, AGENT, LIGHT, SYSTEM])),
            public=draw(st.sampled_from([True, False, None])),
            changes=draw(CHANGES),
        )
        for number in range(1, draw(st.integers(0, 9)) + 1)
    ]


def timeline(events: list[Event]) -> Timeline:
    fields: dict[str, Any] = {"status": "new", "priority": "normal", "requester_id": CUSTOMER}
    opening = Opening(
        ticket_id=1,
        at=BORN,
        submitter_id=CUSTOMER,
        via="email",
        public=True,
        author_id=CUSTOMER,
        fields=fields | {"group_id": 51, "tags": []},
    )
    return build_timeline(opening, events, ROLES)


MOMENTS = st.integers(0, 150_000).map(lambda seconds: NINE + timedelta(seconds=seconds))


@settings(deadline=None, max_examples=60)
@given(events=lives(), now=MOMENTS, seed=st.integers(0, 99))
def test_shuffled_and_doubled_updates_give_the_same_clocks(
    events: list[Event], now: Any, seed: int
) -> None:
    mixed = [*events, *events[::2]]
    Random(seed).shuffle(mixed)

    assert compute(timeline(mixed), RULES, now=now) == compute(timeline(events), RULES, now=now)


@settings(deadline=None, max_examples=60)
@given(events=lives(), now=MOMENTS)
def test_what_comes_after_now_makes_no_difference(events: list[Event], now: Any) -> None:
    known = [event for event in events if event.at <= to_second(now)]

    assert compute(timeline(events), RULES, now=now) == compute(timeline(known), RULES, now=now)


@settings(deadline=None, max_examples=60)
@given(events=lives(), now=MOMENTS)
def test_a_clock_keeps_what_it_says_until_something_happens(events: list[Event], now: Any) -> None:
    """A breach is never taken back, elapsed time never shrinks, a deadline stays or is missed."""
    second = to_second(now)
    later = max([second, *(event.at for event in events if event.at <= second)]) + 7200
    known = [event for event in events if event.at <= second]
    before = compute(timeline(known), RULES, now=now)
    after = compute(timeline(known), RULES, now=to_instant(later))

    assert len(before) == len(after)
    for was, became in zip(before, after, strict=True):
        assert (was.started_at, was.state, was.targets) == (
            became.started_at,
            became.state,
            became.targets,
        )
        assert (became.elapsed_seconds or 0) >= (was.elapsed_seconds or 0)
        if was.breach_at is not None:
            assert became.breach_at == was.breach_at
        elif became.breach_at is not None:
            assert became.breach_at == was.due_at
            assert became.breach_at <= later


@settings(deadline=None, max_examples=20)
@given(several=st.lists(lives(), max_size=40), now=MOMENTS)
def test_tickets_that_are_computed_together_do_not_disturb_each_other(
    several: list[list[Event]], now: Any
) -> None:
    timelines = [timeline(events) for events in several]
    together = [clocks for _, clocks in compute_all(timelines, RULES, now=now)]

    assert together == [compute(each, RULES, now=now) for each in timelines]
