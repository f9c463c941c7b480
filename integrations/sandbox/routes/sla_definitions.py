"""What the filters of SLA policies may ask: the fields, their operators and their values."""

from typing import Any

from integrations.sandbox.sla.filters import CHANNEL_NUMBERS
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record, Store
from integrations.sandbox.state.ticket_fields import TYPES

IS = (("is", "Is"), ("is_not", "Is not"))
INCLUDES = (
    ("includes", "Contains at least one of the following"),
    ("not_includes", "Contains none of the following"),
)
CHANNELS = {"web": "Web form", "email": "Email", "api": "Web service (API)", "chat": "Chat"}


def policy_definitions(account: Account) -> Record:
    """Return the conditions of SLA policies."""
    items = [
        _item("Brand", "brand_id", IS, _named(account.brands)),
        _item("Form", "ticket_form_id", IS, _named(account.ticket_forms)),
        _item("Type", "type", IS, [_choice(one.capitalize(), one) for one in TYPES]),
        _item("Tags", "current_tags", INCLUDES, [], kind="tags"),
        _item("Group", "group_id", IS, [_choice("-", None), *_named(account.groups)]),
        _item("Organization", "organization_id", IS, _named(account.organizations)),
        _item("Ticket status", "custom_status_id", INCLUDES, _named(account.custom_statuses)),
        _item(
            "Channel",
            "via_id",
            IS,
            [_choice(title, CHANNEL_NUMBERS[name]) for name, title in CHANNELS.items()],
        ),
        *(
            _item(field["title"], f"ticket_fields_{field['id']}", IS, _options(field))
            for field in account.custom_ticket_fields()
            if field["type"] == "tagger"
        ),
    ]
    return {"all": items, "any": items}


def group_policy_definitions(account: Account) -> Record:
    """Return the conditions of group SLA policies: only the group counts."""
    groups = [_choice(group["name"], group["id"]) for group in account.groups.all()]
    item = _item("Group ID", "group_id", INCLUDES, groups)
    del item["target"]
    return {"all": [item]}


def _item(
    title: str,
    value: str,
    operators: tuple[tuple[str, str], ...],
    choices: list[Record],
    *,
    kind: str = "list",
) -> Record:
    return {
        "title": title,
        "value": value,
        "group": "ticket",
        "target": None,
        "operators": [{"value": name, "title": shown} for name, shown in operators],
        "values": {"type": kind, "list": choices},
    }


def _choice(title: str, value: Any) -> Record:
    return {"title": title, "value": value}


def _named(store: Store) -> list[Record]:
    return [
        _choice(record.get("name") or record["agent_label"], str(record["id"]))
        for record in store.all()
    ]


def _options(field: Record) -> list[Record]:
    return [_choice(one["name"], one["value"]) for one in field.get("custom_field_options") or ()]
