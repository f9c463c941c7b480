"""Macros: what they would do, and how their use is remembered."""

from typing import Any

from tests.support.rules import do
from tests.support.sandbox import Desk


def test_a_used_macro_is_named_in_the_audit(desk: Desk) -> None:
    actions = [{"field": "status", "value": "solved"}]
    macro = desk.post("macros", {"macro": {"title": "Thaw", "actions": actions}})["macro"]
    ticket = desk.ticket()

    audit = desk.update(ticket["id"], status="solved", macro_ids=[macro["id"], 5])["audit"]

    used = [event for event in audit["events"] if event["type"] == "AgentMacroReference"]
    assert [(event["macro_id"], event["macro_title"]) for event in used] == [
        (str(macro["id"]), "Thaw")
    ]


def macro(desk: Desk, *actions: dict[str, Any], title: str = "Thaw") -> dict[str, Any]:
    """Create a macro."""
    asked = {"title": title, "actions": list(actions)}
    made: dict[str, Any] = desk.post("macros", {"macro": asked})["macro"]
    return made


def test_the_first_preview_has_the_changed_fields_only(desk: Desk) -> None:
    agent = desk.user_id("admin@example.com")
    made = macro(
        desk,
        do("status", "pending"),
        do("assignee_id", "current_user"),
        do("current_tags", "waiting"),
        do("comment_value", ["channel:web", "Dear {{ticket.requester.name}}"]),
        do("comment_mode_is_public", "false"),
    )

    result = desk.get(f"macros/{made['id']}/apply")["result"]

    text = "Dear {{ticket.requester.name}}"
    assert result == {
        "ticket": {
            "status": "pending",
            "assignee_id": agent,
            "tags": ["waiting"],
            "comment": {"body": text, "scoped_body": [["channel:web", text]], "public": False},
        }
    }


def test_the_second_preview_is_the_whole_ticket_and_changes_nothing(desk: Desk) -> None:
    field = desk.field_id("Amount")
    made = macro(
        desk,
        do("subject", "20260303"),
        do("status", "solved"),
        do("current_tags", "thawed"),
        do(f"custom_fields_{field}", "5"),
        do("comment_value", "Dear {{ticket.requester.first_name}}, #{{ticket.id}} is done"),
    )
    ticket = desk.ticket(tags=["old"])
    before = desk.get(f"tickets/{ticket['id']}")["ticket"]

    after = desk.get(f"tickets/{ticket['id']}/macros/{made['id']}/apply")["result"]["ticket"]

    assert set(before) <= set(after)
    assert (after["subject"], after["status"]) == ("20260303", "solved")
    assert after["tags"] == ["old", "thawed"]
    assert {"id": field, "value": "5"} in after["custom_fields"]
    assert after["comment"]["body"] == f"Dear Wang, #{ticket['id']} is done"
    assert after["comment"]["public"] is True
    assert desk.get(f"tickets/{ticket['id']}")["ticket"] == before


def test_a_macro_in_html_gives_both_forms(desk: Desk) -> None:
    made = macro(desk, do("comment_value_html", "<p>Hello <b>you</b></p>"))

    comment = desk.get(f"macros/{made['id']}/apply")["result"]["ticket"]["comment"]

    assert comment["body"] == "Hello you"
    assert comment["html_body"] == "<p>Hello <b>you</b></p>"


def test_what_macros_offer_is_listed(desk: Desk) -> None:
    macro(desk, do("status", "open"), title="Fraud::Ask")

    definitions = desk.get("macros/definitions")["definitions"]["actions"]
    actions = desk.get("macros/actions")["actions"]

    assert desk.get("macros/categories")["categories"] == ["Fraud"]
    assert "comment_value" in {one["subject"] for one in definitions}
    assert "notification_user" not in {one["value"] for one in actions}


def test_a_macro_cannot_send_mail(desk: Desk) -> None:
    action = do("notification_user", ["requester_id", "Hi", "you"])

    answer = desk.call("POST", "macros", json={"macro": {"title": "Mail", "actions": [action]}})

    assert answer.status_code == 422
