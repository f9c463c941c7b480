"""Custom fields of users and of organizations: what else is known about them, key by key."""

from collections.abc import Callable

from integrations.sandbox.routes.field_options import OPTIONS, FieldOptions, prepare_options
from integrations.sandbox.routes.records import Resource, mirror_raw, reordered
from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.store import Record, Store
from integrations.sandbox.state.ticketing.field_kinds import A_DAY, empty_value
from integrations.sandbox.wire.call import Answer, Call, Route

TYPES = (
    "text textarea checkbox date integer decimal regexp dropdown lookup multiselect tagger"
).split()
WITH_OPTIONS = ("dropdown", "multiselect", "tagger")
KEY_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
mirrored = mirror_raw("title", "description")


def _prepare(call: Call, asked: Record, field: Record | None) -> None:
    if field is not None:
        asked.pop("key", None)  # may be given, and stays what it was
    elif asked.get("type", "text") not in TYPES:
        raise invalid("type", "Type: is not a valid field type", code="InvalidValue")
    if not KEY_CHARACTERS.issuperset(asked.get("key") or ""):
        raise invalid("key", "Key: has characters other than letters, digits, _ - and .")
    prepare_options(call, asked, field)


def _finish(record: Record) -> Record:
    if record["type"] == "checkbox":
        record.setdefault("tag", None)
    if record["type"] == "date":
        record["regexp_for_validation"] = A_DAY
    if record["type"] in WITH_OPTIONS:
        record.setdefault(OPTIONS, [])
    return mirrored(record)


def own_values(fields: Store, values: Record | None) -> Record:
    """Return the value of every active field; where a record has none null, or an empty box."""
    empty = {one["key"]: empty_value(one) for one in fields.all() if one["active"]}
    return empty | {key: value for key, value in (values or {}).items() if key in empty}


def _without_defaults(_: Call, field: Record) -> Record:
    """Return a field whose options name no default, as only those of tickets do."""
    if OPTIONS not in field:
        return field
    options = [{name: one[name] for name in one if name != "default"} for one in field[OPTIONS]]
    return field | {OPTIONS: options}


def fields_resource(holder: str, store: Callable[[Call], Store]) -> Resource:
    """Return the resource of the custom fields of users or of organizations."""
    return Resource(
        plural=f"{holder}_fields",
        singular=f"{holder}_field",
        path=f"{holder}_fields",
        store=store,
        order="position,id",
        required=("title", "key"),
        settable=(
            *("title", "key", "description", "type", "position", "active", "tag"),
            *("regexp_for_validation", "custom_field_options", "relationship_target_type"),
            "relationship_filter",
        ),
        not_changeable=("type",),
        defaults=lambda _: {
            "type": "text",
            "description": None,
            "position": 9999,
            "active": True,
            "system": False,
            "regexp_for_validation": None,
        },
        prepare=_prepare,
        finish=_finish,
        complete=_without_defaults,
    )


def fields_routes(resource: Resource) -> tuple[Route, ...]:
    """Return the routes of such a resource."""

    def reorder(call: Call) -> Answer:
        reordered(call, resource.store(call), f"{resource.singular}_ids")
        return Answer("")

    return (
        *resource.routes(),
        *FieldOptions(resource).routes(),
        Route("PUT", f"{resource.path}/reorder", reorder, resource.plural, "reorder"),
    )


ORGANIZATION_FIELDS = fields_resource("organization", lambda call: call.account.organization_fields)
USER_FIELDS = fields_resource("user", lambda call: call.account.user_fields)
ROUTES = (*fields_routes(ORGANIZATION_FIELDS), *fields_routes(USER_FIELDS))
