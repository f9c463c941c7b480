"""What the filters of SLA policies may ask: the fields, their operators and their values."""

from typing import Any

from integrations.sandbox.rules.checking import operators_of
from integrations.sandbox.rules.definitions import HIDDEN, values_of
from integrations.sandbox.rules.fields import FIELDS, SLA, Field, find_field
from integrations.sandbox.rules.operators import TITLES
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record

OF_GROUPS = ("includes", "not_includes")


def policy_definitions(account: Account) -> Record:
    """Return the conditions of SLA policies."""
    named = [f"custom_fields_{field['id']}" for field in account.custom_ticket_fields()]
    known = {name: find_field(account, name) for name in (*FIELDS, *named) if name not in HIDDEN}
    items = [
        _item(account, name, field)
        for name, field in known.items()
        if field and SLA in field.used_in
    ]
    return {"all": items, "any": items}


def group_policy_definitions(account: Account) -> Record:
    """Return the conditions of group SLA policies: only the group counts."""
    groups = [_choice(group["name"], group["id"]) for group in account.groups.all()]
    return {
        "all": [
            {
                "title": "Group ID",
                "value": "group_id",
                "group": "ticket",
                "operators": [_choice(TITLES[name], name) for name in OF_GROUPS],
                "values": {"type": "list", "list": groups},
            }
        ]
    }


def _item(account: Account, name: str, field: Field) -> Record:
    choices = [
        _choice(one["title"], one["value"]) for one in values_of(account, name, field.choices)
    ]
    return {
        "title": field.title,
        "value": name,
        "group": "ticket",
        "target": None,
        "operators": [
            _choice(title, value)
            for value, title in TITLES.items()
            if value in operators_of(field, SLA)
        ],
        "values": {"type": "list" if choices else "text", "list": choices},
    }


def _choice(title: str, value: Any) -> Record:
    return {"title": title, "value": value}
