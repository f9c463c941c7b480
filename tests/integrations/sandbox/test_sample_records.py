"""One record of each stream has the shape of a record that a real account sent."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.sandbox import Desk, desk_on
from tests.support.shapes import Shape, names
from tests.support.shared import SHARED, shared_file

SAMPLES = "zendesk/recorded/sample_records.jsonl"
UNREADABLE = "redacted"  # stands in the samples where a value was taken out

# Keys that these samples of 2024 to 2026 have and whole recorded answers of 2023 to 2025 have not:
# the sandbox speaks as in the recordings.
NEWER: dict[str, set[str]] = {
    "macros": {"permissions"},
    "tickets": {"encoded_id", "support_type"},
    "users": {"suspension_details", "is_billing_admin"},
}


# Permissions of a role that whole recorded roles of 2023 to 2024 have not.
NEWER_PERMISSION = re.compile(r"\.configuration\.\w+ is missing")


def _of(key: str, path: str, **query: Any) -> Callable[[Desk], dict[str, Any]]:
    def first(desk: Desk) -> dict[str, Any]:
        found: dict[str, Any] = desk.get(path, params=query)[key][0]
        return found

    return first


def _of_ticket(key: str, path: str) -> Callable[[Desk], dict[str, Any]]:
    def first(desk: Desk) -> dict[str, Any]:
        found: dict[str, Any] = desk.get(path.format(desk.ticket()["id"]))[key][0]
        return found

    return first


def _automation(desk: Desk) -> dict[str, Any]:
    hours = [
        {"field": "status", "operator": "is", "value": "solved"},
        {"field": "SOLVED", "operator": "greater_than", "value": "72"},
    ]
    asked = {
        "title": "Close",
        "conditions": {"all": hours, "any": []},
        "actions": [{"field": "status", "value": "closed"}],
    }
    made: dict[str, Any] = desk.post("automations", {"automation": asked})["automation"]
    return made


def _macro(desk: Desk) -> dict[str, Any]:
    asked = {"title": "Take it", "actions": [{"field": "status", "value": "open"}]}
    made: dict[str, Any] = desk.post("macros", {"macro": asked})["macro"]
    return made


def _membership(desk: Desk) -> dict[str, Any]:
    pair = {
        "user_id": desk.ticket()["requester_id"],
        "organization_id": desk.sandbox.state.organizations.all()[0]["id"],
    }
    made = desk.post("organization_memberships", {"organization_membership": pair})
    membership: dict[str, Any] = made["organization_membership"]
    return membership


def _side_conversation(desk: Desk) -> dict[str, Any]:
    asked = {"message": {"subject": "x", "body": "y", "to": [{"email": "a@customer.example"}]}}
    made = desk.post(f"tickets/{desk.ticket()['id']}/side_conversations", asked)
    conversation: dict[str, Any] = made["side_conversation"]
    return conversation


def _unrated_ticket(desk: Desk) -> dict[str, Any]:
    exported = desk.get("incremental/tickets/cursor", params={"start_time": "0"})["tickets"]
    found: dict[str, Any] = next(one for one in exported if not one["satisfaction_rating"])
    return found


def _comment(desk: Desk) -> dict[str, Any]:
    ticket = desk.ticket()["id"]
    comment: dict[str, Any] = desk.get(f"tickets/{ticket}/comments")["comments"][0]
    return comment | {"ticket_id": ticket}  # the collector of the samples added it


STREAMS: dict[str, Callable[[Desk], dict[str, Any]]] = {
    "automations": _automation,
    "brands": _of("brands", "brands"),
    "custom_roles": _of("custom_roles", "custom_roles"),
    "custom_ticket_statuses": _of("custom_statuses", "custom_statuses"),
    "group_memberships": _of("group_memberships", "group_memberships"),
    "groups": _of("groups", "groups"),
    "macros": _macro,
    "organization_memberships": _membership,
    "organizations": _of("organizations", "organizations"),
    "satisfaction_ratings": _of("satisfaction_ratings", "satisfaction_ratings"),
    "schedules": _of("schedules", "business_hours/schedules"),
    "side_conversations": _side_conversation,
    "sla_policies": _of("sla_policies", "slas/policies"),
    "ticket_audits": _of_ticket("audits", "tickets/{}/audits"),
    "ticket_comments": _comment,
    "ticket_fields": _of("ticket_fields", "ticket_fields"),
    "ticket_forms": _of("ticket_forms", "ticket_forms"),
    "ticket_metric_events": _of(
        "ticket_metric_events", "incremental/ticket_metric_events", start_time="0"
    ),
    "ticket_metrics": _of("ticket_metrics", "ticket_metrics"),
    "tickets": _unrated_ticket,
    "users": _of("users", "users"),
}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    shared_file(SAMPLES)
    with desk_on(tickets=60) as talking:
        yield talking


def samples() -> dict[str, dict[str, Any]]:
    """Return the sample record of each stream."""
    lines = (SHARED / SAMPLES).read_text("utf-8").splitlines()
    return {row["stream"]: row["record"] for row in map(json.loads, lines)}


@pytest.mark.parametrize("stream", STREAMS)
def test_record_has_the_shape_of_the_sample(desk: Desk, stream: str) -> None:
    theirs = {
        key: value for key, value in samples()[stream].items() if key not in NEWER.get(stream, ())
    }
    readable = {key for key, value in theirs.items() if value != UNREADABLE}

    mine = STREAMS[stream](desk)

    assert set(mine) == set(theirs)
    shown = {key: mine[key] for key in readable}
    shape = Shape([{key: theirs[key] for key in readable}])
    # one record cannot tell what may be empty
    found = shape.differences(shown, "", names(mine))
    assert [one for one in found if not NEWER_PERMISSION.fullmatch(one)] == []
