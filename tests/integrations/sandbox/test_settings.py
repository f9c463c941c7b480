"""Fields, forms, brands, roles, statuses, ratings and languages are kept as Zendesk keeps them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.sandbox import Desk, desk_on
from tests.support.shared import shared_file

SAMPLES = "zendesk/recorded/sample_records.jsonl"
RESOURCES = {  # sampled stream -> where the sandbox lists it
    "brands": "brands",
    "custom_ticket_statuses": "custom_statuses",
    "group_memberships": "group_memberships",
    "groups": "groups",
    "organization_memberships": "organization_memberships",
    "organizations": "organizations",
    "satisfaction_ratings": "satisfaction_ratings",
    "ticket_fields": "ticket_fields",
    "ticket_forms": "ticket_forms",
}


@pytest.fixture(scope="module")
def place() -> Iterator[Desk]:
    with desk_on() as desk:
        yield desk


def status_of(desk: Desk, method: str, path: str, json: Any = None) -> int:
    return desk.call(method, path, json=json).status_code


@pytest.mark.parametrize("stream", sorted(RESOURCES))
def test_a_listed_record_has_the_keys_of_the_sampled_one(stream: str) -> None:
    lines = shared_file(SAMPLES).read_text("utf-8").splitlines()
    sampled = next(one["record"] for one in map(json.loads, lines) if one["stream"] == stream)

    with desk_on(tickets=60) as desk:
        first = desk.get(RESOURCES[stream])[RESOURCES[stream]][0]

    assert set(first) == set(sampled)


def test_an_option_of_a_drop_down_is_made_changed_and_deleted(place: Desk) -> None:
    path = f"ticket_fields/{place.field_id('Risk severity')}/options"
    made = place.post(path, {"custom_field_option": {"name": "S9", "value": "risk_s9"}})
    option = made["custom_field_option"]

    changed = place.post(path, {"custom_field_option": {"id": option["id"], "name": "Nine"}})

    assert changed["custom_field_option"]["value"] == "risk_s9"
    assert place.get(f"{path}/{option['id']}")["custom_field_option"]["name"] == "Nine"
    assert status_of(place, "DELETE", f"{path}/{option['id']}") == 204
    assert option["id"] not in {one["id"] for one in place.get(path)["custom_field_options"]}


def test_a_value_stands_for_one_option(place: Desk) -> None:
    path = f"ticket_fields/{place.field_id('Risk severity')}/options"

    answer = status_of(
        place, "POST", path, {"custom_field_option": {"name": "x", "value": "risk_s1"}}
    )

    assert answer == 422


def test_system_fields_stay(place: Desk) -> None:
    assert status_of(place, "DELETE", f"ticket_fields/{place.field_id('Subject')}") == 422


def test_forms_are_cloned_and_put_in_order(place: Desk) -> None:
    first = place.get("ticket_forms")["ticket_forms"][0]
    copy = place.post(f"ticket_forms/{first['id']}/clone")["ticket_form"]

    forms = place.put("ticket_forms/reorder", {"ticket_form_ids": [copy["id"], first["id"]]})

    assert [one["id"] for one in forms["ticket_forms"]] == [copy["id"], first["id"]]
    assert (copy["default"], copy["ticket_field_ids"]) == (False, first["ticket_field_ids"])


def test_defaults_cannot_be_deleted(desk: Desk) -> None:
    kept = [
        status_of(desk, "DELETE", f"{path}/{desk.get(path)[path][0]['id']}")
        for path in ("ticket_forms", "brands", "custom_roles")
    ]

    assert kept == [422] * 3


def test_a_role_is_made_with_what_agents_may(place: Desk) -> None:
    asked = {"name": "Auditor", "configuration": {"ticket_deletion": True, "fly": True}}

    role = place.post("custom_roles", {"custom_role": asked})["custom_role"]

    assert role["configuration"]["ticket_deletion"] is True
    assert "fly" not in role["configuration"]
    assert status_of(place, "DELETE", f"custom_roles/{role['id']}") == 204


def test_another_status_can_stand_for_its_category(desk: Desk) -> None:
    asked = {"status_category": "open", "agent_label": "With the bank"}
    made = desk.post("custom_statuses", {"custom_status": asked})["custom_status"]

    desk.put("custom_status/default", {"ids": str(made["id"])})

    ticket = desk.ticket(status="open")
    assert ticket["custom_status_id"] == made["id"]
    path = f"custom_statuses/{made['id']}"
    assert status_of(desk, "PUT", path, {"custom_status": {"active": False}}) == 422


def test_the_requester_rates_a_solved_ticket(desk: Desk) -> None:
    ticket = desk.ticket()
    path = f"tickets/{ticket['id']}/satisfaction_rating"
    asked = {"satisfaction_rating": {"score": "bad", "comment": "slow", "reason_code": 5}}
    customer = {"X-On-Behalf-Of": "wang.fang@customer.example"}
    early = desk.call("POST", path, json=asked, headers=customer).status_code
    desk.update(ticket["id"], status="solved")
    by_agent = desk.call("POST", path, json=asked).status_code

    rated = desk.post(path, asked, headers=customer)["satisfaction_rating"]

    assert (early, by_agent) == (422, 403)
    assert rated["reason"] == "The issue took too long to resolve"
    shown = desk.get(f"tickets/{ticket['id']}")["ticket"]["satisfaction_rating"]
    assert (shown["id"], shown["score"], shown["comment"]) == (rated["id"], "bad", "slow")


@pytest.mark.parametrize(
    ("query", "count"), [("score=bad", 1), ("score=good", 0), ("start_time=4000000000", 0)]
)
def test_ratings_are_filtered(desk: Desk, query: str, count: int) -> None:
    ticket = desk.ticket(status="solved")
    desk.post(
        f"tickets/{ticket['id']}/satisfaction_rating",
        {"satisfaction_rating": {"score": "bad"}},
        headers={"X-On-Behalf-Of": "wang.fang@customer.example"},
    )

    assert desk.get(f"satisfaction_ratings/count?{query}")["count"]["value"] == count
    assert len(desk.get(f"satisfaction_ratings?{query}")["satisfaction_ratings"]) == count


def test_tags_are_completed_and_counted(desk: Desk) -> None:
    desk.ticket(tags=["frozen", "fraud", "vip"])

    assert desk.get("autocomplete/tags?name=fr") == {"tags": ["fraud", "frozen"]}
    assert desk.get("tags/count")["count"]["value"] == 3


def test_languages_are_listed_and_shown_by_number_and_code(place: Desk) -> None:
    shown = [place.get(f"locales/{one}")["locale"]["locale"] for one in ("10", "zh-cn", "current")]

    assert shown == ["zh-CN", "zh-CN", "en-US"]
    assert len(place.get("locales")["locales"]) == 3


def test_ticket_fields_come_whole_by_position_and_in_pages_by_id(place: Desk) -> None:
    whole = place.get("ticket_fields?per_page=1")
    page = place.get("ticket_fields?page[size]=100")

    order = [(one["position"], one["id"]) for one in whole["ticket_fields"]]
    assert len(order) == whole["count"]
    assert order == sorted(order)
    ids = [one["id"] for one in page["ticket_fields"]]
    assert ids == sorted(ids)


def test_custom_statuses_are_never_in_pages(place: Desk) -> None:
    assert list(place.get("custom_statuses?page[size]=1")) == ["custom_statuses"]


def test_fields_of_dates_say_which_text_they_take(place: Desk) -> None:
    asked = {"title": "Due", "key": "due", "type": "date"}
    of_users = place.post("user_fields", {"user_field": asked})["user_field"]
    of_tickets = place.post("ticket_fields", {"ticket_field": asked})["ticket_field"]

    pattern = of_users["regexp_for_validation"]
    assert pattern.startswith(r"\A([0-9]{4})-")
    assert of_tickets["regexp_for_validation"] == pattern


def test_options_of_user_fields_name_no_default(place: Desk) -> None:
    options = [{"name": "Gold", "value": "gold"}]
    asked = {"title": "Rank", "key": "rank", "type": "dropdown", "custom_field_options": options}

    field = place.post("user_fields", {"user_field": asked})["user_field"]

    assert set(field["custom_field_options"][0]) == {"id", "name", "raw_name", "value"}


def test_unticked_boxes_of_users_are_false(place: Desk) -> None:
    asked = {"title": "VIP", "key": "vip", "type": "checkbox"}
    place.post("user_fields", {"user_field": asked})

    user = place.post("users", {"user": {"name": "Li Na"}})["user"]

    assert user["user_fields"]["vip"] is False


def test_built_in_fields_name_their_options(place: Desk) -> None:
    fields = {one["type"]: one for one in place.get("ticket_fields")["ticket_fields"]}

    assert [one["value"] for one in fields["priority"]["system_field_options"]] == [
        *("low", "normal", "high", "urgent")
    ]
    assert (fields["status"]["sub_type_id"], fields["priority"]["removable"]) == (0, True)
    statuses = fields["custom_status"]["custom_statuses"]
    assert {one["id"] for one in statuses} == {
        one["id"] for one in place.get("custom_statuses")["custom_statuses"]
    }
