"""Targets that come, change and go, and the breaches that follow them."""

import json
from typing import Any

import pytest

from tests.support.shared import shared_file
from tests.support.sla_stage import (
    AGENT,
    HOUR,
    OPENED,
    OTHER_AGENT,
    SAYS,
    Stage,
    Steps,
    at,
    played,
    target,
    told,
)

FIRST = "first_reply_time"


def test_a_policy_that_comes_late_breaches_at_once_when_its_target_is_used_up() -> None:
    stage = Stage(OPENED)
    tagged = {"all": [{"field": "current_tags", "operator": "includes", "value": "vip gold"}]}
    stage.policy(target(FIRST), filter=tagged)

    played(stage, [("11:00", {"tags": ["gold"]})])

    assert told(stage, "reply_time") == ["09:00 1 activate", "11:00 1 apply_sla", "11:00 1 breach"]


def test_a_changed_priority_applies_its_target_and_moves_the_breach() -> None:
    stage = Stage(OPENED)
    stage.policy(target(FIRST), target(FIRST, 2 * HOUR, "low"))

    played(stage, [("09:30", {"priority": "low"}), ("09:40", {"priority": None})])

    assert told(stage, "reply_time") == [
        "09:00 1 activate",
        "09:00 1 apply_sla",
        "10:00 1 breach deleted",
        "09:30 1 apply_sla",
        "11:00 1 breach deleted",
        "09:40 1 apply_sla",
    ]
    assert stage.events()[-1]["type"] == "breach"
    removed = [event for event in stage.events() if event["type"] == "apply_sla"][-1]
    assert removed["sla"] is None


def test_a_finished_clock_keeps_the_target_with_which_it_finished() -> None:
    stage = Stage(OPENED)
    stage.policy(target(FIRST), target(FIRST, 2 * HOUR, "low"))

    played(stage, [("09:30", SAYS), ("09:40", {"priority": "low"})])

    assert told(stage, "reply_time")[-1] == "09:30 1 update_status"


def test_an_edited_policy_reaches_a_ticket_with_its_next_update() -> None:
    stage = Stage(OPENED)
    stage.policy(target(FIRST))
    played(stage, [])
    stage.policy(target(FIRST, 1800))
    before = told(stage, "reply_time")
    stage.step(at("09:10"))

    stage.update(by=AGENT, public=False)

    assert before == ["09:00 1 activate", "09:00 1 apply_sla", "10:00 1 breach"]
    assert told(stage, "reply_time")[2:] == [
        "10:00 1 breach deleted",
        "09:10 1 apply_sla",
        "09:30 1 breach",
    ]


def test_every_spell_of_a_group_is_an_instance() -> None:
    stage = Stage(OPENED)
    stage.group_policy(
        id="01HT1ER0000000000000000001",
        title="Tier 1",
        position=1,
        filter={"all": [{"field": "group_id", "operator": "includes", "value": [51]}]},
        policy_metrics=[
            {"metric": "group_ownership_time", "priority": "normal", "target": HOUR}
            | {"business_hours": False}
        ],
        metric_settings=None,
    )
    assigned = {"assignee_id": OTHER_AGENT}
    moves: Steps = [
        ("09:10", assigned),
        ("09:20", {"group_id": 52, "assignee_id": None}),
        ("09:30", {"group_id": 51}),
    ]

    played(stage, moves, group_id=51)

    assert told(stage, "group_ownership_time") == [
        "09:00 1 activate",
        "09:00 1 apply_group_sla",
        "10:00 1 breach deleted",
        "09:20 1 fulfill",
        "09:20 1 update_status",
        "09:20 2 activate",
        "09:30 2 fulfill",
        "09:30 2 update_status",
        "09:30 3 activate",
        "09:30 3 apply_group_sla",
        "10:30 3 breach",
    ]


def test_business_minutes_stand_beside_calendar_minutes_when_a_clock_ends() -> None:
    stage = Stage("2026-03-02T16:30:00Z")
    office = [
        {"start_time": day * 1440 + 540, "end_time": day * 1440 + 1020} for day in range(1, 6)
    ]
    stage.schedule(time_zone="London", intervals=office)
    stage.policy(target(FIRST, 2 * HOUR, business_hours=True))

    played(stage, [("03 10:00", SAYS)])

    status = next(event for event in stage.events() if event["type"] == "update_status")
    assert status["status"] == {"calendar": 17 * 60 + 30, "business": 90}
    assert "03 10:30 1 breach deleted" in told(stage, "reply_time")


def test_the_probed_ticket_49_has_the_events_that_zendesk_wrote() -> None:
    probes = json.loads(shared_file("zendesk/recorded/probes.json").read_text("utf-8"))["probes"]
    recorded = next(one["reply_time_example"] for one in probes if "reply_time_example" in one)
    seeded = next(one["request_body"]["sla_policy"] for one in probes if "request_body" in one)
    stage = Stage("2026-10-07T15:55:19Z")
    metrics = [
        {"target_in_seconds": entry["target"] * 60} | entry for entry in seeded["policy_metrics"]
    ]
    stage.policy(*metrics, title=seeded["title"], filter=seeded["filter"])

    played(stage, [], tags=[seeded["filter"]["all"][0]["value"]])

    in_advance = [event for event in stage.events() if event["metric"] == "reply_time"]
    stage.step("2026-10-07T16:10:00Z")
    later = [event for event in stage.events() if event["metric"] == "reply_time"]
    assert without_ids(in_advance) == without_ids(recorded)
    assert later == in_advance


def without_ids(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return events without what differs between accounts: ids and the number of the ticket."""
    kept = [
        {key: event[key] for key in event if key not in ("id", "ticket_id")} for event in events
    ]
    for event in kept:
        if event.get("sla"):
            policy = event["sla"]["policy"]
            event["sla"] = event["sla"] | {"policy": policy | {"id": 1}}
    return kept


@pytest.mark.parametrize(
    ("condition", "applies"),
    [
        ({"field": "ticket_type_id", "operator": "is", "value": "2"}, True),
        ({"field": "type", "operator": "is_not", "value": "incident"}, False),
        ({"field": "current_tags", "operator": "not_includes", "value": "vip"}, True),
        ({"field": "group_id", "operator": "is", "value": 51}, True),
        ({"field": "exact_created_at", "operator": "less_than", "value": "2026-03-01"}, False),
    ],
)
def test_the_first_policy_whose_filter_fits_applies_alone(
    condition: dict[str, Any], *, applies: bool
) -> None:
    stage = Stage(OPENED)
    stage.policy(target(FIRST, 1800), id=2, position=1, filter={"all": [condition], "any": []})
    stage.policy(target(FIRST), target("requester_wait_time"), id=1, position=2)

    played(stage, [], type="incident", group_id=51)

    applied = [event["sla"]["policy"]["id"] for event in stage.events() if "sla" in event]
    assert applied == ([2] if applies else [1, 1])


def test_a_ticket_counts_by_its_own_schedule() -> None:
    stage = Stage(OPENED)
    never: list[dict[str, int]] = []
    always = [{"start_time": 0, "end_time": 10_080}]
    stage.schedule(time_zone="UTC", intervals=never)
    stage.schedule(id=2, time_zone="UTC", intervals=always)
    stage.policy(target(FIRST, business_hours=True))
    case = played(stage, []).case
    assert case is not None
    before = told(stage, "reply_time")

    case.schedule_id = 2
    stage.update(by=AGENT, public=False)

    assert before == ["09:00 1 activate", "09:00 1 apply_sla"]
    assert told(stage, "reply_time") == [*before, "10:00 1 breach"]
