"""Fields that must be filled in: those of every ticket, and those of one that is to be solved."""

from typing import TYPE_CHECKING

from integrations.sandbox.state.refusals import Refusal, invalid_fields
from integrations.sandbox.state.ticketing.field_kinds import problem_with

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

BUILT_IN = {
    "subject": "subject",
    "description": "description",
    "tickettype": "type",
    "priority": "priority",
    "group": "group_id",
    "assignee": "assignee_id",
}


def no_description(account: "Account") -> Refusal:
    """Say that a ticket cannot begin without words."""
    field = account.ticket_fields.where(type="description")[0]
    problem = problem_with(field, "cannot be blank") | {"error": "BlankValue"}
    return invalid_fields([problem])


def check_solvable(account: "Account", record: "Record") -> None:
    """Refuse to solve a ticket while required fields of its form are empty."""
    form = account.ticket_forms.find(record["ticket_form_id"])
    given = {entry["id"]: entry["value"] for entry in record["custom_fields"]}
    missing = []
    for field_id in form["ticket_field_ids"] if form else ():
        field = account.ticket_fields.find(field_id)
        if field is None or not (field["required"] and field["active"]):
            continue
        name = BUILT_IN.get(field["type"])
        value = record[name] if name else given.get(field["id"], not field["removable"])
        if value in (None, "", False):
            missing.append(field)
    if missing:
        text = "is required when solving a ticket"
        raise invalid_fields([problem_with(field, text) for field in missing])
