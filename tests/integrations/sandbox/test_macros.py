"""Macros: what they would do, and how their use is remembered."""

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
