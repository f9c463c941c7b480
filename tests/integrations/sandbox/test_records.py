"""Plain records: users, departments, fields, rules, policies, schedules."""

from typing import Any

import pytest

from tests.support.sandbox import Desk

RULE = {"title": "Route", "actions": [{"field": "status", "value": "open"}]}
STALE = [
    {"field": "status", "operator": "is", "value": "pending"},
    {"field": "PENDING", "operator": "greater_than", "value": "48"},
]
SCHEDULES = "business_hours/schedules"


@pytest.mark.parametrize(
    ("path", "key", "asked", "change"),
    [
        ("groups", "group", {"name": "Night"}, {"name": "Day"}),
        ("organizations", "organization", {"name": "Acme"}, {"details": "big"}),
        ("brands", "brand", {"name": "B", "subdomain": "b"}, {"name": "C"}),
        ("ticket_forms", "ticket_form", {"name": "Form"}, {"active": False}),
        ("macros", "macro", RULE, {"title": "N"}),
        ("triggers", "trigger", RULE, {"title": "U"}),
        ("automations", "automation", RULE | {"all": STALE}, {"active": False}),
        ("views", "view", {"title": "V", "all": STALE}, {"description": "all"}),
        ("slas/policies", "sla_policy", {"title": "P", "filter": {}}, {"position": 7}),
        (SCHEDULES, "schedule", {"name": "S", "time_zone": "Tokyo"}, {"name": "T"}),
        ("users", "user", {"name": "Bo"}, {"notes": "vip"}),
        ("organization_fields", "organization_field", {"title": "F", "key": "f"}, {"title": "G"}),
    ],
    ids=lambda value: value if isinstance(value, str) and "/" not in value else "",
)  # fmt: skip
def test_records_are_made_shown_changed_and_deleted(
    desk: Desk, path: str, key: str, asked: dict[str, Any], change: dict[str, Any]
) -> None:
    made = desk.call("POST", f"{path}.json", json={key: asked})
    place = f"{path}/{made.json()[key]['id']}.json"

    assert made.status_code == 201
    assert made.headers["location"] == f"{desk.sandbox.url}/api/v2/{place}"
    assert change.items() <= desk.put(place, {key: change})[key].items()
    assert change.items() <= desk.get(place)[key].items()
    assert desk.call("DELETE", place).status_code in (200, 204)


@pytest.mark.parametrize("path", ["groups", "macros", "slas/policies", "webhooks"])
def test_a_record_that_is_not_there_answers_404(desk: Desk, path: str) -> None:
    answer = desk.call("GET", f"{path}/9223372036854775807.json")

    assert answer.status_code == 404
    assert answer.json() == {"error": "RecordNotFound", "description": "Not found"}


def test_an_unknown_endpoint_answers_404(desk: Desk) -> None:
    answer = desk.call("GET", "nonsense.json")

    assert (answer.status_code, answer.json()["error"]) == (404, "InvalidEndpoint")


def test_a_word_where_a_number_belongs_answers_400(desk: Desk) -> None:
    answer = desk.call("GET", "tickets/abc.json")

    assert answer.status_code == 400
    assert answer.json()["error"]["title"] == "Invalid attribute"


def test_broken_json_answers_400(desk: Desk) -> None:
    answer = desk.call("POST", "tickets", data=b'{"ticket": ')

    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"[]", b"3", b'{"ticket": 3}', b""])
def test_odd_bodies_never_break_the_server(desk: Desk, body: bytes) -> None:
    assert desk.call("POST", "tickets", data=body).status_code == 422


def test_a_deleted_user_is_inactive_and_frees_the_address(desk: Desk) -> None:
    user = desk.post("users", {"user": {"name": "Bo", "email": "bo@example.com"}})["user"]

    gone = desk.delete(f"users/{user['id']}")["user"]
    again = desk.call("POST", "users", json={"user": {"name": "Bo", "email": "bo@example.com"}})

    assert (gone["active"], gone["email"]) == (False, None)
    assert again.status_code == 201


def test_an_address_belongs_to_one_user(desk: Desk) -> None:
    answer = desk.call(
        "POST", "users", json={"user": {"name": "Other", "email": "Admin@example.com"}}
    )

    assert answer.status_code == 422
    assert answer.json()["details"]["email"][0]["error"] == "DuplicateValue"


def test_users_are_found_by_role(desk: Desk) -> None:
    admins = desk.get("users", params={"role": "admin"})["users"]
    staff = desk.get("users?role[]=admin&role[]=agent")["users"]

    assert [user["email"] for user in admins] == ["admin@example.com", "riskdesk@example.com"]
    assert len(staff) == len(desk.get("users")["users"])


def test_memberships_of_a_group_are_listed_and_changed(desk: Desk) -> None:
    legal = desk.group_id("Legal")
    grace = desk.user_id("grace.lee@example.com")

    made = desk.post(
        "group_memberships", {"group_membership": {"user_id": grace, "group_id": legal}}
    )["group_membership"]
    listed = desk.get(f"groups/{legal}/memberships")["group_memberships"]
    desk.delete(f"group_memberships/{made['id']}")

    assert grace in [one["user_id"] for one in listed]
    assert made["default"] is False
    assert len(desk.get(f"users/{grace}/group_memberships")["group_memberships"]) == 1


def test_targets_are_given_in_minutes_and_seconds(desk: Desk) -> None:
    metrics = [
        {"priority": "high", "metric": "first_reply_time", "target": 30},
        {"priority": "low", "metric": "first_reply_time", "target_in_seconds": 90},
    ]

    asked = {"title": "P", "filter": {}, "policy_metrics": metrics}
    policy = desk.post("slas/policies", {"sla_policy": asked})["sla_policy"]

    assert [
        (metric["target"], metric["target_in_seconds"]) for metric in policy["policy_metrics"]
    ] == [(30, 1800), (2, 90)]


def test_policies_are_put_into_another_order(desk: Desk) -> None:
    first, second = (policy["id"] for policy in desk.get("slas/policies")["sla_policies"])

    desk.put("slas/policies/reorder", {"sla_policy_ids": [second, first]})

    assert [policy["id"] for policy in desk.get("slas/policies")["sla_policies"]] == [second, first]


def test_a_macro_shows_only_what_it_would_change(desk: Desk) -> None:
    field = desk.field_id("Risk severity")
    macro = desk.post(
        "macros",
        {
            "macro": {
                "title": "Escalate",
                "actions": [
                    {"field": "priority", "value": "urgent"},
                    {"field": "current_tags", "value": "risk hot"},
                    {"field": "assignee_id", "value": "current_user"},
                    {"field": f"custom_fields_{field}", "value": "risk_s1"},
                    {"field": "comment_value_html", "value": "<p>Dear {{ticket.id}}</p>"},
                    {"field": "comment_mode_is_public", "value": "false"},
                ],
            }
        },
    )["macro"]

    ticket = desk.get(f"macros/{macro['id']}/apply.json")["result"]["ticket"]

    assert ticket["priority"] == "urgent"
    assert ticket["tags"] == ["hot", "risk"]
    assert ticket["assignee_id"] == desk.user_id("admin@example.com")
    assert ticket["custom_fields"] == [{"id": field, "value": "risk_s1"}]
    assert ticket["comment"]["public"] is False
    assert set(ticket["comment"]) == {"body", "html_body", "scoped_body", "public"}


def test_the_standing_population_is_complete(desk: Desk) -> None:
    groups = [group["name"] for group in desk.get("groups")["groups"]]
    fields = {field["title"]: field for field in desk.get("ticket_fields")["ticket_fields"]}
    light = desk.get("users/search?query=nina.patel@example.com")["users"][0]

    assert len(groups) == 10
    assert all(
        len(desk.get(f"groups/{desk.group_id(name)}/memberships")["group_memberships"]) >= 2
        for name in groups
    )
    assert fields["Risk reason"]["type"] == "tagger"
    assert {"Risk severity", "Exchange UID", "Transaction ID", "Amount"} <= set(fields)
    assert light["only_private_comments"] is True
    names = [one["name"] for one in desk.get("business_hours/schedules")["schedules"]]
    assert names == ["Singapore office", "24x7"]
