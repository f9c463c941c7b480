"""The shared SLA cases, played as tickets in the sandbox and read back from its metric events."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integrations.sandbox.state.hours.business_time import open_hours
from tests.support.metric_events import fold, second
from tests.support.shared import SHARED, shared_file
from tests.support.sla_stage import Stage

CASES = "sla/cases_dev.json"
VIA = {"email_forwarded_by_agent": "email"}


def cases(kind: str | None) -> list[Any]:
    path = SHARED / CASES
    found = json.loads(path.read_text("utf-8")) if path.exists() else []
    return [pytest.param(one, id=one["id"]) for one in found if one.get("kind") == kind] or [
        pytest.param(None, id="absent")
    ]


def due_versions(versions: list[Any], at: str, since: str) -> list[Any]:
    return [
        one for one in versions if second(one.get(since) or "1970-01-01T00:00:00Z") <= second(at)
    ]


def set_scene(stage: Stage, case: dict[str, Any], at: str) -> None:
    """Bring policies and schedule to the version that holds at an instant."""
    for policy in due_versions(case["policies"], at, "active_from"):
        stage.policy(
            *policy["policy_metrics"],
            **{key: policy[key] for key in policy if key != "policy_metrics"},
        )
    for policy in due_versions(case.get("group_policies") or [], at, "active_from"):
        stage.group_policy(**policy)
    if case.get("schedule"):
        stage.schedule(**case["schedule"])
    for version in due_versions(case.get("schedules_over_time") or [], at, "from"):
        stage.schedule(**version["schedule"])


def play(case: dict[str, Any]) -> Stage:
    ticket = case["ticket"]
    stage = Stage(ticket["created_at"], case["users"])
    set_scene(stage, case, ticket["created_at"])
    names = ("requester_id", "status", "priority", "type", "group_id", "tags", "organization_id")
    if ticket["organization_id"]:
        stage.account.organizations.add({"id": ticket["organization_id"], "name": "Seven"})
    fields = {name: ticket[name] for name in names if ticket[name] not in (None, "new")}
    stage.open(
        by=ticket["submitter_id"],
        public=ticket["first_comment"]["public"],
        via=VIA.get(ticket["via"], ticket["via"]),
        **fields,
    )
    for event in case["events"]:
        if second(event["at"]) > second(case["now"]):
            break
        stage.step(event["at"])
        set_scene(stage, case, event["at"])
        stage.update(
            by=event["author_id"],
            public=(event.get("comment") or {}).get("public"),
            **event.get("changes", {}),
        )
    stage.step(case["now"])
    return stage


def counted(schedule: dict[str, Any] | None) -> Callable[[int, int], int] | None:
    """Return a counter of open seconds that looks at every minute of the wall clock."""
    if schedule is None:
        return None
    zone = ZoneInfo(schedule["time_zone"])
    shut = [(one["start_date"], one["end_date"]) for one in schedule["holidays"]]

    def is_open(minute: int) -> bool:
        wall = datetime.fromtimestamp(minute, UTC).astimezone(zone)
        of_week = wall.isoweekday() % 7 * 1440 + wall.hour * 60 + wall.minute
        if any(first <= wall.date().isoformat() <= last for first, last in shut):
            return False
        return any(one["start_time"] <= of_week < one["end_time"] for one in schedule["intervals"])

    def count(start: int, end: int) -> int:
        minutes = range(start - start % 60, end, 60)
        return sum(
            min(end, minute + 60) - max(start, minute) for minute in minutes if is_open(minute)
        )

    return count


def mismatches(expected: list[dict[str, Any]], clocks: list[dict[str, Any]]) -> list[str]:
    found = {(clock["metric"], clock["instance"]): clock for clock in clocks}
    wrong = []
    for want in expected:
        clock = found.get((want["metric"], want["instance"]))
        label = f"{want['metric']} {want['instance']}"
        if want.get("not_activated"):
            wrong += [f"{label}: must not exist"] if clock else []
        elif want.get("no_target"):
            has_target = clock is not None and clock["target_seconds"] is not None
            wrong += [f"{label}: must have no target"] if has_target else []
        else:
            wrong += [
                f"{label}: {key} should be {value}, is {clock and clock[key]}"
                for key, value in want.items()
                if clock is None or clock[key] != value
            ]
    return wrong


@pytest.mark.parametrize("case", cases(None))
def test_the_clocks_of_a_case_can_be_read_from_the_metric_events(case: Any) -> None:
    if case is None:
        shared_file(CASES)
    stage = play(case)
    schedule = next(iter(stage.account.schedules.all()), None)

    clocks = fold(stage.events(), stage.now, counted(schedule))

    assert mismatches(case["expect"], clocks) == []


@pytest.mark.parametrize("case", cases("business_time"))
def test_a_schedule_counts_business_time_to_the_second(case: Any) -> None:
    if case is None:
        shared_file(CASES)
    hours, start = open_hours(case["schedule"]), second(case["start"])

    if "end" in case:
        assert hours.seconds(start, second(case["end"])) == case["elapsed_seconds"]
    else:
        due = case["due_at"] and second(case["due_at"])

        assert hours.due(start, case["target_seconds"]) == due
