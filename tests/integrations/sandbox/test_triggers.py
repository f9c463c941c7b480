"""Triggers and their categories over the API: kept, listed, ordered, refused."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.rules import do, when
from tests.support.sandbox import Desk, Receiver, desk_on

ROUTE = {
    "title": "Route",
    "actions": [do("priority", "urgent")],
    "all": [when("subject_includes_word", "includes", "route")],
}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with desk_on() as talking:
        yield talking


def made(desk: Desk, **more: Any) -> dict[str, Any]:
    """Create a trigger."""
    trigger: dict[str, Any] = desk.post("triggers", {"trigger": ROUTE | more})["trigger"]
    return trigger


def test_a_trigger_works_as_soon_as_it_is_made_and_until_it_is_switched_off(desk: Desk) -> None:
    trigger = made(desk)

    assert desk.ticket(subject="Route me")["priority"] == "urgent"
    desk.put(f"triggers/{trigger['id']}", {"trigger": {"active": False}})

    assert desk.ticket(subject="Route me")["priority"] is None


def test_a_trigger_calls_a_webhook_with_its_own_body(desk: Desk, receiver: Receiver) -> None:
    asked = {
        "name": "pager",
        "endpoint": receiver.url,
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
        "subscriptions": ["conditional_ticket_events"],
    }
    webhook = desk.post("webhooks", {"webhook": asked})["webhook"]
    call = do("notification_webhook", [webhook["id"], '{"page": "{{ticket.title}}"}'])
    made(desk, actions=[call], all=[when("subject_includes_word", "includes", "pager")])

    desk.ticket(subject='The "pager" rings')
    desk.settle()

    (delivery,) = receiver.deliveries
    assert delivery.body == b'{"page": "The \\"pager\\" rings"}'
    assert delivery.headers["X-Zendesk-Webhook-Id"] == webhook["id"]


def test_exported_events_name_the_trigger_that_brought_them() -> None:
    with desk_on(export_lag=timedelta(0)) as desk:
        trigger = made(desk)
        desk.ticket(subject="Route me")

        (audit,) = desk.get("incremental/ticket_events?start_time=0")["ticket_events"]

    by_rule = [one for one in audit["child_events"] if one["via"] == "Rule"]
    assert [(one["priority"], one["via_reference_id"]) for one in by_rule] == [
        ("urgent", trigger["id"])
    ]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"actions": []}, "base"),
        ({"actions": None}, "base"),
        ({"actions": [do("launch", "rocket")]}, "base"),
        ({"actions": [do("status", "waiting")]}, "base"),
        ({"actions": [do("group_id", "5")]}, "base"),
        ({"actions": [do("comment_value", "only macros speak")]}, "base"),
        ({"actions": [do("notification_user", ["requester_id", "no body"])]}, "base"),
        ({"actions": [do("notification_webhook", ["01H", "{}"])]}, "base"),
        ({"all": [when("moon", "is", "full")]}, "base"),
        ({"any": [when("status", "resembles", "new")]}, "base"),
        ({"all": [when("NEW", "is", "1")]}, "base"),
        ({"category_id": "5"}, "category_id"),
    ],
    ids=str,
)
def test_a_trigger_that_makes_no_sense_is_refused(
    desk: Desk, asked: dict[str, Any], field: str
) -> None:
    answer = desk.call("POST", "triggers", json={"trigger": ROUTE | asked})

    assert answer.status_code == 422
    assert answer.json()["error"] == "RecordInvalid"
    assert list(answer.json()["details"]) == [field]


def test_a_refused_change_leaves_the_trigger_as_it_was(desk: Desk) -> None:
    trigger = made(desk)
    place = f"triggers/{trigger['id']}"

    answer = desk.call("PUT", place, json={"trigger": {"title": "New", "actions": []}})

    assert answer.status_code == 422
    assert desk.get(place)["trigger"] == trigger


def test_values_are_kept_as_text(desk: Desk) -> None:
    group = desk.group_id("Legal")

    trigger = made(desk, actions=[do("group_id", group)], all=[when("group_id", "is", group)])

    assert trigger["actions"] == [do("group_id", str(group))]
    assert trigger["conditions"]["all"] == [when("group_id", "is", str(group))]


def test_a_condition_without_operator_asks_for_sameness(desk: Desk) -> None:
    trigger = made(desk, all=[{"field": "update_type", "value": "Change"}])

    assert trigger["conditions"]["all"] == [when("update_type", "is", "Change")]
    desk.delete(f"triggers/{trigger['id']}")


def test_active_triggers_are_listed_and_found_by_their_title(desk: Desk) -> None:
    off = made(desk, title="Whale watch", active=False)
    on = made(desk, title="Whale alarm")

    active = [one["id"] for one in desk.get("triggers/active")["triggers"]]
    found = desk.get("triggers/search?query=whale")["triggers"]

    assert on["id"] in active
    assert off["id"] not in active
    assert [one["id"] for one in found] == [off["id"], on["id"]]


def test_lists_are_sorted_as_asked(desk: Desk) -> None:
    titles = [one["title"] for one in desk.get("triggers?sort_by=alphabetical")["triggers"]]
    newest_first = desk.get("triggers?sort_by=created_at")["triggers"]

    assert titles == sorted(titles)
    created = [one["created_at"] for one in newest_first]
    assert created == sorted(created, reverse=True)


def test_many_triggers_are_changed_and_deleted_at_once(desk: Desk) -> None:
    first, second = made(desk), made(desk)
    items = [{"id": first["id"], "active": False}, {"id": second["id"], "position": 99}]

    changed = desk.put("triggers/update_many", {"triggers": items})["triggers"]
    gone = desk.call("DELETE", f"triggers/destroy_many?ids={first['id']},{second['id']}")

    assert [(one["active"], one["position"]) for one in changed] == [
        (False, first["position"]),
        (True, 99),
    ]
    assert (gone.status_code, gone.text) == (204, "")
    assert desk.call("GET", f"triggers/{first['id']}").status_code == 404


def test_triggers_are_reordered_when_all_are_named(desk: Desk) -> None:
    ids = [one["id"] for one in desk.get("triggers")["triggers"]]

    desk.put("triggers/reorder", {"trigger_ids": ids[::-1]})

    assert [one["id"] for one in desk.get("triggers")["triggers"]] == ids[::-1]
    missing = desk.call("PUT", "triggers/reorder", json={"trigger_ids": ids[1:]})
    assert missing.status_code == 404


def test_each_change_of_a_trigger_is_a_revision(desk: Desk) -> None:
    trigger = made(desk, title="First")
    place = f"triggers/{trigger['id']}"
    desk.put(place, {"trigger": {"title": "Second"}})
    desk.put(place, {"trigger": {"position": 3}})

    kept = desk.get(f"{place}/revisions")

    assert [one["id"] for one in kept["trigger_revisions"]] == [2, 1]
    assert kept["trigger_revisions"][0]["diff"]["title"] == [
        {"change": "-", "content": "First"},
        {"change": "+", "content": "Second"},
    ]
    first = desk.get(f"{place}/revisions/1")["trigger_revision"]
    assert first["snapshot"]["title"] == "First"


def test_definitions_name_what_a_person_can_choose(desk: Desk) -> None:
    definitions = desk.get("triggers/definitions")["definitions"]

    subjects = {one["subject"]: one for one in definitions["conditions_all"]}
    operators = {one["value"] for one in subjects["status"]["operators"]}
    assert {"is", "less_than", "changed", "value", "not_value_previous"} <= operators
    assert f"custom_fields_{desk.field_id('Risk reason')}" in subjects
    groups = next(one for one in definitions["actions"] if one["subject"] == "group_id")
    assert {one["title"] for one in groups["values"]} >= {"Legal", "Risk Control"}


def test_a_category_lives_and_dies_with_its_triggers(desk: Desk) -> None:
    category = desk.post("trigger_categories", {"trigger_category": {"name": "Fraud"}})
    key = category["trigger_category"]["id"]
    trigger = made(desk, category_id=key)

    assert isinstance(key, str)
    busy = desk.call("DELETE", f"trigger_categories/{key}")
    assert busy.json()["errors"][0]["code"] == "TriggerCategoryNotEmpty"
    desk.put(f"triggers/{trigger['id']}", {"trigger": {"active": False}})
    counts = desk.get("trigger_categories?include=rule_counts")["trigger_categories"]
    assert counts[-1]["inactive_count"] == 1
    assert desk.call("DELETE", f"trigger_categories/{key}").status_code == 204

    gone = desk.call("GET", f"trigger_categories/{key}")
    assert (gone.status_code, gone.json()["errors"][0]["code"]) == (404, "TriggerCategoryNotFound")


def test_a_category_needs_a_name(desk: Desk) -> None:
    answer = desk.call("POST", "trigger_categories", json={"trigger_category": {"name": " "}})

    assert answer.status_code == 400
    assert answer.json() == {
        "errors": [{"code": "InvalidTriggerCategory", "title": "Name cannot be blank"}]
    }


def test_a_job_changes_categories_and_triggers_together_or_not_at_all(desk: Desk) -> None:
    trigger = made(desk)
    key = trigger["category_id"]
    items = {
        "trigger_categories": [{"id": key, "name": "Renamed"}],
        "triggers": [{"id": str(trigger["id"]), "active": False, "category_id": "nowhere"}],
    }

    failed = desk.call("POST", "trigger_categories/jobs", json={"job": {"items": items}})
    items["triggers"][0]["category_id"] = key
    done = desk.post("trigger_categories/jobs", {"job": {"items": items}})

    assert (failed.status_code, failed.json()["status"]) == (400, "failed")
    assert done["status"] == "complete"
    assert done["results"]["triggers"][0]["active"] is False
    assert desk.get(f"trigger_categories/{key}")["trigger_category"]["name"] == "Renamed"
