"""Stories read from the warehouse, on both databases."""

import pytest
from sqlalchemy import Engine

from integrations.runtime.database import reading
from integrations.runtime.errors import BadInput
from sync.sla.clocks import AppliedTarget, Clock, Phase
from sync.sla.schedules import BusinessTime
from sync.timelines.source import Hours, load_story
from sync.timelines.story import Band, Story, Target, Voice, Word
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.marks import ticket_marks
from tests.support.mirror import NOON
from tests.support.warehouse import (
    ANA,
    RISK,
    WALLET,
    WEI,
    hour,
    put,
    put_change,
    put_people,
    put_status,
    put_ticket,
)

WAIT = "requester_wait_time"


def at(hours: float) -> int:
    return int(hour(hours).timestamp())


def story_of(
    engine: Engine, ticket_id: int = 1, *clocks: Clock, hours: Hours | None = None, now: float = 24
) -> Story:
    with reading(engine) as connection:
        return load_story(connection, ticket_id, clocks, hours or {}, now=hour(now))


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
    office = BusinessTime(
        {"id": 5, "time_zone": "UTC", "intervals": [{"start_time": 2160, "end_time": 2280}]}
    )  # Mondays from noon to two
    clock = Clock(
        metric=WAIT,
        instance=1,
        state=Phase.ACTIVE,
        started_at=at(1),
        elapsed_seconds=60,
        breached=False,
        target_seconds=600,
        business_hours=True,
        schedule_id=5,
        schedule_version=office.version,
        paused_spells=[(at(1), at(3))],
        targets=[AppliedTarget(applied_at=at(1), target_seconds=600), AppliedTarget(at(2))],
    )
    hours: Hours = {(5, office.version): office}
    (line,) = story_of(any_engine, 1, clock, hours=hours).clocks

    assert line.pauses == [(at(1), at(3))]
    assert line.targets == [
        Target(at(1), 600, business_hours=False, policy=None, priority=None),
        Target(at(2), None, business_hours=False, policy=None, priority=None),
    ]
    assert line.openings == [(at(1), at(2))]
    assert line.explanation.startswith("Requester wait is running with 1 min of 10 min business")


def test_clocks_stand_as_people_know_them_then_as_they_began(any_engine: Engine) -> None:
    put_ticket(any_engine, 1)
    began = (
        *(("b", 1, 0), ("b", 2, 5), ("a", 1, 1), ("c", 1, 0)),
        *(("agent_work_time", 1, 0), ("first_reply_time", 1, 0), ("next_reply_time", 1, 3)),
    )
    clocks = [
        Clock(metric=metric, instance=instance, state=Phase.ACTIVE, started_at=at(start))
        for metric, instance, start in began
    ]

    named = [(clock.title, clock.instance) for clock in story_of(any_engine, 1, *clocks).clocks]
    assert named[:3] == [("First reply", 1), ("Next reply", 1), ("Agent work", 1)]
    assert named[3:] == [("B", 1), ("B", 2), ("C", 1), ("A", 1)]


def test_a_story_knows_nothing_that_came_later(any_engine: Engine) -> None:
    put_life(any_engine)
    story = story_of(any_engine, now=1.5)

    assert story.status == "pending"
    assert story.statuses == [Band("new", at(0), at(1)), Band("pending", at(1), None)]
    assert story.groups == [Band("Risk Control", at(0), None)]
    assert [word.voice for word in story.words] == [Voice.CUSTOMER, Voice.NOTE]
    with pytest.raises(BadInput, match="has no ticket 1"):
        story_of(any_engine, now=-1)


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
