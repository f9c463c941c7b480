"""What a person who writes a rule can choose from: conditions and actions with their values."""

from collections.abc import Callable, Iterator

from integrations.sandbox.rules.actions import ACTIONS, MACRO, Action, find_action
from integrations.sandbox.rules.checking import operators_of
from integrations.sandbox.rules.fields import FIELDS, TRIGGER, Field, find_field
from integrations.sandbox.rules.operators import TITLES, WITHOUT_VALUE
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record

# where the values of a reference come from, and what they are called
SOURCES: dict[str, tuple[Callable[[Account], list[Record]], str]] = {
    "group_id": (lambda account: account.groups.all(), "name"),
    "assignee_id": (lambda account: account.agents(), "name"),
    "brand_id": (lambda account: account.brands.all(), "name"),
    "ticket_form_id": (lambda account: account.ticket_forms.all(), "name"),
    "custom_status_id": (lambda account: account.custom_statuses.all(), "agent_label"),
    "organization_id": (lambda account: account.organizations.all(), "name"),
    "set_schedule": (lambda account: account.schedules.all(), "name"),
}
REPEATABLE = ("notification_user", "notification_group", "notification_webhook", "current_tags")
HIDDEN = ("ticket_type_id",)  # another name of `type`


def trigger_definitions(account: Account) -> Record:
    """Return the conditions and actions that triggers know."""
    conditions = list(_conditions(account))
    return {
        "conditions_all": conditions,
        "conditions_any": conditions,
        "actions": action_definitions(account, TRIGGER),
    }


def action_definitions(account: Account, where: str) -> list[Record]:
    """Return the actions of one kind of rule."""
    return [_action(account, name, action) for name, action in _actions(account, where)]


def macro_actions(account: Account) -> list[Record]:
    """Return the actions of macros in the older form that macros have beside the other."""
    return [
        {
            "title": action.title,
            "title_for_field": action.title,
            "field": name,
            "value": name,
            "group": "ticket",
            "operators": [{"value": "is", "title": "Is"}],
            "output_key": None,
            "target": None,
            "values": {"type": action.kind, "list": values_of(account, name, action.choices)},
        }
        for name, action in _actions(account, MACRO)
    ]


def _actions(account: Account, where: str) -> Iterator[tuple[str, Action]]:
    named = [f"custom_fields_{field['id']}" for field in account.custom_ticket_fields()]
    for name in (*ACTIONS, *named):
        action = find_action(account, name)
        if action and where in action.used_in:
            yield name, action


def _action(account: Account, name: str, action: Action) -> Record:
    return {
        "title": action.title,
        "subject": name,
        "type": action.kind,
        "group": "ticket",
        "nullable": False,
        "repeatable": name in REPEATABLE,
        "values": values_of(account, name, action.choices),
    }


def _conditions(account: Account) -> Iterator[Record]:
    named = [f"custom_fields_{field['id']}" for field in account.custom_ticket_fields()]
    for name in (*FIELDS, *named):
        field = find_field(account, name)
        if field and TRIGGER in field.used_in and name not in HIDDEN:
            yield _condition(account, name, field)


def _condition(account: Account, name: str, field: Field) -> Record:
    values = values_of(account, name, field.choices)
    return {
        "title": field.title,
        "subject": name,
        "type": "list" if values else "text",
        "group": "ticket",
        "nullable": "" in field.choices,
        "repeatable": False,
        "operators": [
            {"value": value, "title": title, "terminal": value in WITHOUT_VALUE}
            for value, title in TITLES.items()
            if value in operators_of(field, TRIGGER) and "changed_" not in value
        ],
        "values": values,
    }


def values_of(account: Account, name: str, choices: tuple[str, ...]) -> list[Record]:
    """Return the values among which a person chooses for one field."""
    if name in SOURCES:
        source, called = SOURCES[name]
        return [_value(str(one["id"]), one[called]) for one in source(account)]
    if name.startswith("custom_fields_"):
        field = account.ticket_fields.find(int(name.rpartition("_")[2])) or {}
        options = field.get("custom_field_options") or ()
        return [_value(option["value"], option["name"]) for option in options]
    return [_value(one, one.replace("_", " ").capitalize()) for one in choices]


def _value(value: str, title: str) -> Record:
    return {"value": value, "title": title, "enabled": True}
