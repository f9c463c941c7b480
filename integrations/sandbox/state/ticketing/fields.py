"""How the fields of a ticket follow from what a caller asks: tags, custom fields, status, owner."""

from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.refusals import blank, invalid
from integrations.sandbox.state.ticketing.field_kinds import empty_value, kept_value
from integrations.sandbox.state.ticketing.links import wanted_links
from integrations.sandbox.state.ticketing.people import wanted_people
from integrations.sandbox.state.ticketing.tags import clean_tags

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
TYPES = ("problem", "incident", "question", "task")
PLAIN = ("subject", "priority", "type", "external_id", "recipient")
REFERENCES = ("requester_id", "organization_id", "brand_id", "ticket_form_id", "group_id")

PEOPLE = frozenset(
    (
        "collaborator_ids follower_ids email_cc_ids collaborators additional_collaborators "
        "followers email_ccs"
    ).split()
)

Values = dict[str, Any]


def wanted_values(account: "Account", record: "Record", asked: Values) -> Values:
    """Return every field of the ticket that the request touches, with the value it is to have."""
    values: Values = {name: asked[name] or None for name in PLAIN if name in asked}
    if "subject" in values:
        values["raw_subject"] = values["subject"]
    values |= {name: _number(name, asked[name]) for name in REFERENCES if name in asked}
    _check_words(values)
    _check_references(account, values)
    values |= _new_requester(account, record, values)
    values |= _owner(account, record, asked, values)
    values |= _status(account, record, asked, values)
    values |= wanted_links(account, record, asked, values)
    values |= _tags_and_custom_fields(account, record, asked)
    if PEOPLE & asked.keys():
        values |= wanted_people(account, record | values, asked)
    return values


def _number(name: str, value: Any) -> int | None:
    if value in (None, ""):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise invalid(name, f"{name}: must be an integer") from None


def _check_words(values: Values) -> None:
    for name, words in (("priority", PRIORITIES), ("type", TYPES)):
        if values.get(name) not in (None, *words):
            raise invalid(name, f"{name.capitalize()}: {values[name]!r} is not valid")


def _check_references(account: "Account", values: Values) -> None:
    for name, store in (
        ("requester_id", account.users),
        ("organization_id", account.organizations),
        ("group_id", account.groups),
        ("brand_id", account.brands),
        ("ticket_form_id", account.ticket_forms),
    ):
        wanted = values.get(name)
        if wanted is not None and store.find(wanted) is None:
            raise invalid(name.removesuffix("_id"), f"{name}: {wanted} does not exist")


def _new_requester(account: "Account", record: "Record", values: Values) -> Values:
    """Let a ticket belong to the organization of its new requester, unless another is named."""
    requester = values.get("requester_id", record["requester_id"])
    if requester is None:
        raise blank("requester")
    if requester == record["requester_id"] or "organization_id" in values:
        return {}
    return {"organization_id": account.users.get(requester)["organization_id"]}


def _owner(account: "Account", record: "Record", asked: Values, values: Values) -> Values:
    """Keep assignee and group together: an assignee always belongs to the ticket's group."""
    group = values.get("group_id", record["group_id"])
    if "assignee_id" not in asked and "assignee_email" not in asked:
        old = record["assignee_id"]
        if "group_id" in values and old is not None and not account.is_member(old, group):
            return {"assignee_id": None}
        return {}
    if "assignee_id" in asked:
        assignee = account.users.find(_number("assignee_id", asked["assignee_id"]))
        unknown = assignee is None and asked["assignee_id"] not in (None, "")
    else:
        assignee = account.user_by_email(str(asked["assignee_email"]))
        unknown = assignee is None
    if unknown or (assignee and assignee["role"] == "end-user"):
        raise invalid("assignee", "Assignee: is not an agent of this account")
    if assignee is None:
        return {"assignee_id": None}
    if not account.is_member(assignee["id"], group):
        if values.get("group_id") is not None:
            raise invalid("assignee", "Assignee: is not a member of the group")
        group = assignee["default_group_id"]
    return {"assignee_id": assignee["id"], "group_id": group}


def _status(account: "Account", record: "Record", asked: Values, values: Values) -> Values:
    old = record["status"]
    if asked.get("custom_status_id") is not None:
        chosen = account.custom_statuses.find(
            _number("custom_status_id", asked["custom_status_id"])
        )
        if chosen is None:
            raise invalid("custom_status_id", "Custom status: does not exist")
        return {"status": chosen["status_category"], "custom_status_id": chosen["id"]}
    status = asked.get("status")
    if status is None:
        gets_owner = values.get("assignee_id") is not None
        status = "open" if old == "new" and gets_owner else old
    if status not in STATUSES:
        raise invalid("status", f"Status: {status!r} is not valid")
    if status == "new" and old != "new":
        raise invalid("status", f"Status: cannot be changed from {old} to new")
    return status_values(account, record, status)


def status_values(account: "Account", record: "Record", status: str) -> Values:
    """Return status and the custom status that stands for it."""
    if status == record["status"] and record["custom_status_id"] is not None:
        return {}
    return {"status": status, "custom_status_id": account.default_custom_status(status)}


def _tags_and_custom_fields(account: "Account", record: "Record", asked: Values) -> Values:
    """Let tags and drop-down fields follow each other, as in Zendesk: an option is a tag."""
    before = set(record["tags"])
    tags = set(clean_tags(asked["tags"])) if "tags" in asked else set(before)
    tags |= set(clean_tags(asked.get("additional_tags")))
    tags -= set(clean_tags(asked.get("remove_tags")))
    fields = {entry["id"]: entry["value"] for entry in record["custom_fields"]}
    for field in account.custom_ticket_fields():
        fields.setdefault(field["id"], empty_value(field))
    _follow_tags(account, fields, before, tags)
    for field_id, value in _asked_fields(asked):
        if field_id in fields:
            fields[field_id] = _set_field(account, field_id, fields[field_id], value, tags)
    entries = [{"id": field_id, "value": value} for field_id, value in fields.items()]
    return {"tags": sorted(tags), "custom_fields": entries, "fields": entries}


def _asked_fields(asked: Values) -> list[tuple[int, Any]]:
    wanted: list[tuple[int, Any]] = []
    for name in ("fields", "custom_fields"):
        given = asked.get(name)
        if isinstance(given, dict):
            given = [{"id": key, "value": value} for key, value in given.items()]
        if not isinstance(given, list):
            continue
        wanted += [
            (int(entry["id"]), entry.get("value"))
            for entry in given
            if isinstance(entry, dict) and str(entry.get("id")).isdecimal()
        ]
    return wanted


def _follow_tags(account: "Account", fields: Values, before: set[str], tags: set[str]) -> None:
    """Clear an option whose tag went away; choose the option whose tag came."""
    for field in account.custom_ticket_fields():
        options = account.option_tags(field)
        if not options:
            continue
        came, current = sorted((tags - before) & options), fields[field["id"]]
        if field["type"] == "multiselect":
            fields[field["id"]] = [one for one in sorted(options) if one in tags] or None
        elif came:
            tags -= options - {came[0]}
            fields[field["id"]] = came[0]
        elif current in options and current not in tags:
            fields[field["id"]] = None


def _set_field(account: "Account", field_id: int, old: Any, new: Any, tags: set[str]) -> Any:
    field = account.ticket_fields.get(field_id)
    value = kept_value(account, field, new)
    if field["type"] == "checkbox":
        tags -= {field["tag"]}
        tags |= {field["tag"]} if value and field["tag"] else set()
    elif field["type"] == "multiselect":
        tags -= account.option_tags(field)
        tags |= set(value or ())
    elif field["type"] == "tagger":
        return _chosen(account.option_tags(field), old, value, tags)
    return value


def _chosen(options: set[str], old: Any, value: str | None, tags: set[str]) -> str | None:
    tags -= options | ({old} if old else set())
    if value is None:
        return None
    tags.add(value)
    # an unknown option leaves its tag on the ticket and the field empty
    return value if value in options else None
