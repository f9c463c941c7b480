"""Views: saved ticket lists, shown as rows and columns, as tickets, and counted."""

from typing import Any

from integrations.sandbox.routes.records import Resource, counted, mirror_raw, rule_defaults
from integrations.sandbox.routes.rules import Rules, checks, take_conditions
from integrations.sandbox.rules.fields import VIEW
from integrations.sandbox.rules.views import find_column
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.refusals import bad_request, invalid
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route

COLUMNS = ("status", "subject", "requester", "created", "priority")
MOST_COLUMNS, MOST_IN_COMPACT = 10, 32
ORDERS = ("asc", "desc")


def _defaults(call: Call) -> dict[str, Any]:
    more: dict[str, Any] = {"restriction": None, "output": {}, "is_counted": False}
    return rule_defaults(call, call.account.views, 1) | more


def _finish(record: Record) -> Record:
    return mirror_raw("title")(take_conditions(record))


def _check(call: Call, view: Record) -> None:
    checks(VIEW)(call, view)
    output = view.pop("output", None)
    if output is not None:
        view["execution"] = execution_of(call.account, output, view.get("execution") or {})


def execution_of(account: Account, output: Record, before: Record) -> Record:
    """Return how a view is shown; what `output` leaves out stays as it was."""
    columns = [
        _column(account, name) for name in output.get("columns") or before.get("columns") or COLUMNS
    ]
    if len(columns) > MOST_COLUMNS:
        raise invalid("base", f"Columns: a view cannot have more than {MOST_COLUMNS}")
    chosen: dict[str, Any] = {
        name: output.get(name, before.get(name, default))
        for name, default in (
            ("group_by", None),
            ("group_order", "desc"),
            ("sort_by", None),
            ("sort_order", "desc"),
        )
    }
    for name in ("group_order", "sort_order"):
        chosen[name] = chosen[name] if chosen[name] in ORDERS else "desc"
    return chosen | {
        "group": _sorted_by(account, chosen["group_by"], chosen["group_order"]),
        "sort": _sorted_by(account, chosen["sort_by"], chosen["sort_order"]),
        "columns": columns,
        "fields": [one for one in columns if isinstance(one["id"], str)],
        "custom_fields": [one for one in columns if isinstance(one["id"], int)],
    }


def _column(account: Account, name: Any) -> Record:
    column = find_column(account, name.get("id") if isinstance(name, dict) else name)
    if column is None:
        raise invalid("base", f"Invalid column '{str(name)[:100]}'")
    return column


def _sorted_by(account: Account, name: Any, order: str) -> Record | None:
    if name in (None, ""):
        return None
    column = _column(account, name)
    return {"id": column["id"], "title": column["title"], "order": order}


RESOURCE = Resource(
    plural="views",
    singular="view",
    path="views",
    store=lambda call: call.account.views,
    order="position,id",
    required=("title",),
    settable=(
        *("title", "active", "conditions", "all", "any", "description", "position"),
        *("restriction", "output"),
    ),
    defaults=_defaults,
    finish=_finish,
    check=_check,
    hidden=("actions", "is_counted"),
)
RULES = Rules(resource=RESOURCE, cursor_order="created_at,id")


def _compact(call: Call) -> Answer:
    """List the first active views, without pages."""
    active = [view for view in call.account.views.all() if view["active"]]
    active.sort(key=lambda view: (view["position"] or 0, view["id"]))
    shown = [RESOURCE.present(call, view) for view in active[:MOST_IN_COMPACT]]
    return Answer({"views": shown, "count": len(shown), "next_page": None, "previous_page": None})


def _show_many(call: Call) -> Answer:
    found = [call.account.views.find(view_id) for view_id in dict.fromkeys(call.ids())]
    return RULES.listed(call, [view for view in found if view])


def _count_all(call: Call) -> Answer:
    return counted(call, len(call.account.views))


def checked_ids(call: Call) -> list[int]:
    """Return the ids of the views to count; Zendesk counts at most twenty at once."""
    ids = call.ids()
    if len(ids) > MOST_COUNTED:
        raise bad_request(
            "TooManyValues",
            f"Parameter  cannot specify more than {MOST_COUNTED} values",
            max_count=MOST_COUNTED,
        )
    return ids


MOST_COUNTED = 20
NAME = "views"
ROUTES = (
    *RULES.routes(),
    Route("GET", "views/compact", _compact, NAME, "compact"),
    Route("GET", "views/show_many", _show_many, NAME, "show_many"),
    Route("GET", "views/count", _count_all, NAME, "count"),
)
