"""Stories read from the warehouse, on both databases."""

import pytest
from sqlalchemy import Engine

from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.database import reading
from integrations.runtime.errors import BadInput
from sync.timelines.source import load_story
from sync.timelines.story import Band, Story, Target, Voice, Word
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.marks import ticket_marks
from sync.warehouse.tables.sla import schedule_openings, sla_clock_targets
from tests.support.mirror import NOON
from tests.support.warehouse import (
    ANA,
    RISK,
    WALLET,
    WEI,
    hour,
    put,
    put_change,
    put_clock,
    put_people,
    put_status,
    put_ticket,
)

WAIT = "requester_wait_time"


def at(hours: float) -> int:
    return int(hour(hours).timestamp())


def story_of(engine: Engine, ticket_id: int = 1) -> Story:
    with reading(engine) as connection:
        return load_story(connection, ticket_id, now=utc_now())


def put_life(engine: Engine) -> None:
    put_people(engine)
    put(engine, ticket_marks, {"ticket_id": 1, "family": "A", "severity": "S1", "read_at": NOON})
    put_ticket(engine, 1, group_id=WALLET)
    put_status(engine, (0, "new", None), (1, "pending", "new"), (3, "open", "pending"))
    first, then = {"value": str(RISK), "valid_until": hour(2)}, {"value": str(WALLET)}
    put_change(engine, 900, "group_id", **first, valid_from=hour(0))
    put_change(engine, 901, "group_id", **then, previous_value=str(RISK), valid_from=hour(2))
    said = {"ticket_id": 1, "audit_id": 1, "body": "secret words", "attachments": []}
    for number, (author, public) in enumerate(((WEI, True), (ANA, False), (ANA, True))):
        told = {"id": number, "author_id": author, "public": public, "created_at": hour(number)}
        put(engine, ticket_comments, said | told)


def test_a_story_has_states_words_and_groups_by_name(any_engine: Engine) -> None:
    put_life(any_engine)
    story = story_of(any_engine)

    assert story.statuses == [
        Band("new", at(0), at(1)),
        Band("pending", at(1), at(3)),
        Band("open", at(3), None),
    ]
    assert story.groups == [Band("Risk Control", at(0), at(2)), Band("Wallet", at(2), None)]
    assert story.priorities == [Band("normal", at(0), None)]
    assert story.words == [
        Word(at(0), Voice.CUSTOMER),
        Word(at(1), Voice.NOTE),
        Word(at(2), Voice.STAFF),
    ]
    assert story.marks == ["A", "S1"]
    assert "secret" not in repr(story)


def test_clocks_come_with_pauses_targets_and_business_hours(any_engine: Engine) -> None:
    put_life(any_engine)
    pause = [[format_instant(hour(1)), format_instant(hour(3))]]
    counted = {"business_hours": True, "schedule_id": 5, "schedule_version": 0}
    put_clock(any_engine, 1, WAIT, "active", **counted, paused_spells=pause, computed_at=hour(6))
    given = {"ticket_id": 1, "metric": WAIT, "instance": 1, "business_hours": True}
    for position, seconds in enumerate((600, None), start=1):
        target = {"position": position, "applied_at": hour(position), "target_seconds": seconds}
        put(any_engine, sla_clock_targets, given | target)
    for version, opens in ((0, 1), (0, 30), (77, 2)):
        opening = {"opens_at": hour(opens), "closes_at": hour(opens + 1), "open_seconds_before": 0}
        schedule = {"schedule_id": 5, "schedule_version": version}
        put(any_engine, schedule_openings, schedule | opening)
    (clock,) = story_of(any_engine).clocks

    assert clock.pauses == [(at(1), at(3))]
    assert clock.targets == [
        Target(at(1), 600, business_hours=True, policy=None, priority=None),
        Target(at(2), None, business_hours=True, policy=None, priority=None),
    ]
    assert clock.openings == [(at(1), at(2))]
    assert story_of(any_engine).now == at(6)


def test_clocks_stand_as_people_know_them_then_as_they_began(any_engine: Engine) -> None:
    put_ticket(any_engine, 1)
    known = (("agent_work_time", 1, 0), ("first_reply_time", 1, 0), ("next_reply_time", 1, 3))
    for metric, instance, start in (("b", 1, 0), ("a", 1, 1), ("b", 2, 5), ("c", 1, 0), *known):
        put_clock(any_engine, 1, metric, "active", instance=instance, started_at=hour(start))
    unknown = {"started_at": None, "elapsed_seconds": None, "breached": None}
    put_clock(any_engine, 1, "d", "unknown", **unknown, unknown_reason="it is a test")

    named = [(clock.title, clock.instance) for clock in story_of(any_engine).clocks]
    assert named[:3] == [("First reply", 1), ("Next reply", 1), ("Agent work", 1)]
    assert named[3:] == [("B", 1), ("B", 2), ("C", 1), ("A", 1), ("D", 1)]


def test_a_ticket_without_history_always_was_as_it_is(any_engine: Engine) -> None:
    put_ticket(any_engine, 1, status="hold", priority=None, group_id=None)
    story = story_of(any_engine)

    assert story.statuses == [Band("hold", int(NOON.timestamp()), None)]
    assert story.priorities == [Band("", int(NOON.timestamp()), None)]


def test_a_deleted_or_unknown_ticket_has_no_story(any_engine: Engine) -> None:
    put_ticket(any_engine, 1, deleted_at=hour(1))

    with pytest.raises(BadInput, match="has no ticket 1, it was deleted"):
        story_of(any_engine)
    with pytest.raises(BadInput, match="has no ticket 404"):
        story_of(any_engine, 404)
