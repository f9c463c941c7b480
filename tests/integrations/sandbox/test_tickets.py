"""Tickets behave as in Zendesk: defaults, ownership, status, tags, safe updates, the bin."""

from typing import Any

import pytest

from tests.support.sandbox import Desk


def changed(audit: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the changes of an audit: field -> (before, after)."""
    return {
        event["field_name"]: (event["previous_value"], event["value"])
        for event in audit["events"]
        if event["type"] == "Change"
    }


def test_creation_answers_201_with_place_ticket_and_audit(desk: Desk) -> None:
    answer = desk.call(
        "POST", "tickets.json", json={"ticket": {"subject": "Frozen", "comment": {"body": "Why?"}}}
    )

    assert answer.status_code == 201
    assert answer.headers["location"].endswith("/api/v2/tickets/1.json")
    assert set(answer.json()) == {"ticket", "audit"}
    assert answer.json()["ticket"]["status"] == "new"
    assert answer.json()["ticket"]["description"] == "Why?"


def test_a_shown_ticket_carries_no_audit(desk: Desk) -> None:
    ticket = desk.ticket()

    assert set(desk.get(f"tickets/{ticket['id']}.json")) == {"ticket"}


def test_requester_is_found_by_address_or_made(desk: Desk) -> None:
    first = desk.ticket(requester={"name": "Wang Fang", "email": "wang@customer.example"})
    second = desk.ticket(requester={"email": "WANG@customer.example"})

    user = desk.get(f"users/{first['requester_id']}")["user"]
    assert first["requester_id"] == second["requester_id"]
    assert (user["name"], user["role"]) == ("Wang Fang", "end-user")


def test_update_tells_what_changed(desk: Desk) -> None:
    ticket = desk.ticket()
    group = desk.group_id("Account Security")

    result = desk.update(ticket["id"], group_id=group, priority="urgent", subject="New")

    assert changed(result["audit"]) == {
        "subject": ("Withdrawal I did not make", "New"),
        "priority": (None, "urgent"),
        "group_id": (None, str(group)),
    }
    assert result["ticket"]["raw_subject"] == "New"


def test_update_without_effect_leaves_no_audit_and_no_new_time(desk: Desk) -> None:
    desk.set_clock("2030-01-01T00:00:00Z")
    ticket = desk.ticket()
    desk.set_clock("2030-01-01T01:00:00Z")

    result = desk.update(ticket["id"], subject=ticket["subject"])

    assert result["audit"]["events"] == []
    assert result["ticket"]["updated_at"] == "2030-01-01T00:00:00Z"
    assert desk.get(f"tickets/{ticket['id']}/audits")["count"] == 1


def test_flat_body_changes_nothing(desk: Desk) -> None:
    ticket = desk.ticket()

    desk.put(f"tickets/{ticket['id']}", {"priority": "urgent"})

    assert desk.get(f"tickets/{ticket['id']}")["ticket"]["priority"] is None


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({"riskdesk": "m1"}, id="flat"),
        pytest.param({"custom": {"riskdesk": "m1"}}, id="inside custom"),
    ],
)
def test_metadata_is_kept_in_the_audit(desk: Desk, metadata: dict[str, Any]) -> None:
    ticket = desk.ticket()

    desk.update(ticket["id"], priority="high", metadata=metadata)

    newest = desk.get(f"tickets/{ticket['id']}/audits")["audits"][-1]
    assert newest["metadata"]["custom"] == {"riskdesk": "m1"}


def test_unknown_keys_are_ignored_and_reported(desk: Desk) -> None:
    ticket = desk.ticket()

    answer = desk.call("PUT", f"tickets/{ticket['id']}", json={"ticket": {"id": 5, "mood": "bad"}})

    assert answer.status_code == 200
    assert ':unpermitted_keys=>["ticket.id", "ticket.mood"]' in answer.headers["x-zendesk-api-warn"]


def test_tags_are_cleaned_added_and_removed(desk: Desk) -> None:
    ticket = desk.ticket(tags=["Zeta", "alpha", "alpha"])

    result = desk.update(ticket["id"], additional_tags=["New One"], remove_tags=["zeta"])

    assert ticket["tags"] == ["alpha", "zeta"]
    assert result["ticket"]["tags"] == ["alpha", "new_one"]


def test_tags_endpoints_add_set_and_remove(desk: Desk) -> None:
    path = f"tickets/{desk.ticket(tags=['a'])['id']}/tags.json"

    assert desk.put(path, {"tags": ["b"]}) == {"tags": ["a", "b"]}
    assert desk.post(path, {"tags": ["c", "d"]}) == {"tags": ["c", "d"]}
    assert desk.delete(path, json={"tags": ["c"]}) == {"tags": ["d"]}
    assert desk.get(path) == {"tags": ["d"]}


def test_drop_down_field_and_its_tag_follow_each_other(desk: Desk) -> None:
    reason = desk.field_id("Risk reason")
    ticket = desk.ticket(custom_fields=[{"id": reason, "value": "risk_a1"}])

    by_tag = desk.update(ticket["id"], additional_tags=["risk_b3"])["ticket"]
    cleared = desk.update(ticket["id"], remove_tags=["risk_b3"])["ticket"]

    assert ticket["tags"] == ["risk_a1"]
    assert by_tag["tags"] == ["risk_b3"]
    assert {"id": reason, "value": "risk_b3"} in by_tag["custom_fields"]
    assert {"id": reason, "value": None} in cleared["custom_fields"]


def test_unknown_option_leaves_the_field_empty(desk: Desk) -> None:
    reason = desk.field_id("Risk reason")

    ticket = desk.ticket(custom_fields=[{"id": reason, "value": "nonsense"}])

    assert {"id": reason, "value": None} in ticket["custom_fields"]
    assert ticket["tags"] == ["nonsense"]


def test_assignee_brings_the_group_and_opens_the_ticket(desk: Desk) -> None:
    ticket = desk.ticket()

    result = desk.update(ticket["id"], assignee_id=desk.user_id("priya.nair@example.com"))

    assert result["ticket"]["status"] == "open"
    assert result["ticket"]["group_id"] == desk.group_id("Account Security")


def test_another_group_takes_the_ticket_from_its_assignee(desk: Desk) -> None:
    ticket = desk.ticket(assignee_email="priya.nair@example.com")

    result = desk.update(ticket["id"], group_id=desk.group_id("Legal"))

    assert result["ticket"]["assignee_id"] is None


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        pytest.param({"priority": "highest"}, "priority", id="priority"),
        pytest.param({"status": "done"}, "status", id="status"),
        pytest.param({"status": "new"}, "status", id="back to new"),
        pytest.param({"group_id": 7}, "group", id="group"),
        pytest.param({"assignee_id": 7}, "assignee", id="assignee"),
        pytest.param({"assignee_email": "wang.fang@customer.example"}, "assignee", id="customer"),
    ],
)
def test_invalid_values_are_refused_and_nothing_changes(
    desk: Desk, fields: dict[str, Any], named: str
) -> None:
    ticket = desk.ticket(status="open")

    answer = desk.call(
        "PUT", f"tickets/{ticket['id']}", json={"ticket": {"subject": "New", **fields}}
    )

    assert answer.status_code == 422
    assert named in answer.json()["details"]
    shown = desk.get(f"tickets/{ticket['id']}")["ticket"]
    assert shown == {key: ticket[key] for key in shown}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"group_id": "x"}, id="word for a number"),
        pytest.param({"subject": ["x"]}, id="list for a text"),
        pytest.param({"tags": 5}, id="number for a list"),
        pytest.param({"metadata": "x"}, id="text for an object"),
    ],
)
def test_a_wrong_kind_of_value_is_refused(desk: Desk, fields: dict[str, Any]) -> None:
    answer = desk.call("PUT", f"tickets/{desk.ticket()['id']}", json={"ticket": fields})

    assert answer.status_code == 400
    assert answer.json()["error"]["title"] == "Invalid attribute"
    assert next(iter(fields)) in answer.json()["error"]["message"]


@pytest.mark.parametrize("status", ["pending", "hold", "solved"])
def test_a_customers_answer_opens_the_ticket_again(desk: Desk, status: str) -> None:
    ticket = desk.ticket()
    desk.update(ticket["id"], status=status)

    result = desk.update(
        ticket["id"], comment={"body": "Not yet", "author_id": ticket["requester_id"]}
    )

    assert result["ticket"]["status"] == "open"


def test_solving_an_unowned_ticket_gives_it_to_the_solver(desk: Desk) -> None:
    ticket = desk.ticket()

    result = desk.update(ticket["id"], status="solved")

    assert result["ticket"]["assignee_id"] == desk.user_id("admin@example.com")


def test_a_closed_ticket_cannot_be_changed(desk: Desk) -> None:
    ticket = desk.ticket()
    desk.update(ticket["id"], status="closed")

    answer = desk.call("PUT", f"tickets/{ticket['id']}", json={"ticket": {"priority": "low"}})

    assert answer.status_code == 422
    assert "closed prevents ticket update" in answer.text


def test_a_light_agent_speaks_in_private_only(desk: Desk) -> None:
    ticket = desk.ticket()

    answer = desk.call(
        "PUT",
        f"tickets/{ticket['id']}",
        json={"ticket": {"comment": {"body": "I know him", "public": True}}},
        headers={"X-On-Behalf-Of": "nina.patel@example.com"},
    )

    assert answer.json()["audit"]["events"][0]["public"] is False


def test_comments_are_listed_with_their_three_texts(desk: Desk) -> None:
    ticket = desk.ticket(comment={"body": "<b>1</b>\nline\n\npart"})
    desk.update(ticket["id"], comment={"html_body": "<p>Dear <i>you</i></p>", "public": False})

    first, second = desk.get(f"tickets/{ticket['id']}/comments")["comments"]

    assert first["plain_body"] == "<b>1</b>\nline\n\npart"
    assert "&lt;b&gt;1&lt;/b&gt;<br>" in first["html_body"]
    assert (second["body"], second["public"]) == ("Dear you", False)


@pytest.mark.parametrize(
    ("stamp", "status"),
    [
        pytest.param("2030-01-01T00:00:00Z", 409, id="older than the ticket"),
        pytest.param("2030-01-01T00:00:10Z", 200, id="same as the ticket"),
        pytest.param("yesterday", 409, id="no instant"),
    ],
)
def test_safe_update_needs_the_newest_stamp(desk: Desk, stamp: str, status: int) -> None:
    desk.set_clock("2030-01-01T00:00:00Z")
    ticket = desk.ticket()
    desk.set_clock("2030-01-01T00:00:10Z")
    desk.update(ticket["id"], priority="low")

    answer = desk.call(
        "PUT",
        f"tickets/{ticket['id']}",
        json={"ticket": {"priority": "high", "safe_update": True, "updated_stamp": stamp}},
    )

    assert answer.status_code == status
    assert (answer.status_code == 409) == (answer.json().get("error") == "UpdateConflict")


def test_a_deleted_ticket_is_gone_until_it_is_restored(desk: Desk) -> None:
    ticket = desk.ticket()
    desk.update(ticket["id"], status="pending")
    path = f"tickets/{ticket['id']}.json"

    assert desk.call("DELETE", path).status_code == 204
    assert desk.call("GET", path).status_code == 404
    binned = desk.get("deleted_tickets.json")["deleted_tickets"]
    assert [(one["id"], one["previous_state"]) for one in binned] == [(ticket["id"], "pending")]
    assert desk.put(f"deleted_tickets/{ticket['id']}/restore.json") == {}
    assert desk.get(path)["ticket"]["status"] == "pending"


def test_a_ticket_deleted_for_good_cannot_be_restored(desk: Desk) -> None:
    ticket = desk.ticket()
    desk.delete(f"tickets/{ticket['id']}")
    desk.delete(f"deleted_tickets/{ticket['id']}")

    answer = desk.call("PUT", f"deleted_tickets/{ticket['id']}/restore")

    assert answer.status_code == 404


def test_many_are_shown_and_missing_ones_left_out(desk: Desk) -> None:
    ids = [desk.ticket()["id"] for _ in range(3)]
    desk.delete(f"tickets/{ids[1]}")

    body = desk.get("tickets/show_many.json", params={"ids": f"{ids[2]},{ids[1]},{ids[0]},999"})

    assert [ticket["id"] for ticket in body["tickets"]] == [ids[0], ids[2]]


def test_a_job_updates_many_and_reports_each(desk: Desk) -> None:
    ids = [desk.ticket()["id"] for _ in range(2)]

    job = desk.put(
        f"tickets/update_many.json?ids={ids[0]},{ids[1]},999", {"ticket": {"priority": "low"}}
    )["job_status"]
    done = desk.get(f"job_statuses/{job['id']}.json")["job_status"]

    assert (job["status"], job["total"], job["results"]) == ("queued", 3, None)
    assert [result["success"] for result in done["results"]] == [True, True, False]
    assert desk.get(f"tickets/{ids[0]}")["ticket"]["priority"] == "low"


def test_sideloads_come_with_tickets(desk: Desk) -> None:
    ticket = desk.ticket(group_id=desk.group_id("Legal"))

    body = desk.get("tickets", params={"include": "users,groups,metric_sets"})

    assert ticket["requester_id"] in [user["id"] for user in body["users"]]
    assert [group["name"] for group in body["groups"]] == ["Legal"]
    assert [metrics["ticket_id"] for metrics in body["metric_sets"]] == [ticket["id"]]


def test_a_ticket_without_words_is_refused_with_the_field_that_lacks_them(desk: Desk) -> None:
    refused = desk.call("POST", "tickets", json={"ticket": {"subject": "Empty"}})

    assert refused.status_code == 422
    assert refused.json()["details"]["base"] == [
        {
            "description": "Description: cannot be blank",
            "error": "BlankValue",
            "ticket_field_id": desk.field_id("Description"),
            "ticket_field_type": "FieldDescription",
        }
    ]


@pytest.mark.parametrize("public", [True, False])
def test_comments_go_on_as_public_as_the_ticket_began(desk: Desk, public: bool) -> None:  # noqa: FBT001 - a parameter of the test
    ticket = desk.ticket(comment={"body": "First", "public": public})

    audit = desk.update(ticket["id"], comment={"body": "Second"})["audit"]

    assert audit["events"][0]["public"] is public
