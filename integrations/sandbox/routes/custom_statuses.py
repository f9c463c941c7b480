"""Custom ticket statuses: names for open, pending and the rest."""

from integrations.sandbox.routes.records import Resource, mirror_raw
from integrations.sandbox.state.refusals import blank, invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import is_whole

NAME = "custom_statuses"
LABELS = ("agent_label", "end_user_label", "description", "end_user_description")
CATEGORIES = ("new", "open", "pending", "hold", "solved")


def _prepare(call: Call, asked: Record, status: Record | None) -> None:
    if status is None and asked["status_category"] not in CATEGORIES:
        message = "Status category: is not valid"
        raise invalid("status_category", message, code="InvalidValue")
    if "agent_label" in asked and not str(asked["agent_label"] or "").strip():
        raise blank("agent_label")
    if status is not None and status["default"] and asked.get("active") is False:
        raise invalid("active", "A default status cannot be deactivated")
    category = status["status_category"] if status else asked["status_category"]
    others = call.account.custom_statuses.where(
        status_category=category, agent_label=asked.get("agent_label")
    )
    if any(other is not status for other in others):
        message = "Agent label: has already been taken"
        raise invalid("agent_label", message, code="DuplicateValue")
    if status is None:
        asked["end_user_label"] = asked.get("end_user_label") or asked["agent_label"]


RESOURCE = Resource(
    plural=NAME,
    singular="custom_status",
    path=NAME,
    store=lambda call: call.account.custom_statuses,
    required=("status_category", "agent_label"),
    settable=("status_category", *LABELS, "active"),
    not_changeable=("status_category",),
    defaults=lambda _: dict.fromkeys(LABELS, "") | {"active": True, "default": False},
    prepare=_prepare,
    finish=mirror_raw(*LABELS),
    verbs=("show", "create", "update"),
)


def _index(call: Call) -> Answer:
    statuses = RESOURCE.listed(call)
    categories = call.query.get("status_categories")
    if categories:
        statuses = [one for one in statuses if one["status_category"] in categories.split(",")]
    if call.query.get("default") in ("true", "false"):
        wanted = call.query["default"] == "true"
        statuses = [one for one in statuses if one["default"] is wanted]
    return Answer({NAME: [RESOURCE.present(call, one) for one in statuses]})  # never in pages


def _make_default(call: Call) -> Answer:
    """Make each of the listed statuses the one that stands for its category."""
    listed = call.body.get("ids")
    words = listed.split(",") if isinstance(listed, str) else listed
    ids = [int(one) for one in (words if isinstance(words, list) else ()) if is_whole(str(one))]
    chosen = [call.account.custom_statuses.find(one) for one in ids]
    if not chosen:
        raise not_found()
    for status in chosen:
        if status is None:
            raise not_found()
        if not status["active"]:
            raise invalid("base", "An inactive status cannot be a default")
        for other in call.account.custom_statuses.where(status_category=status["status_category"]):
            other["default"] = other is status
    return Answer({})


ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    *RESOURCE.routes(),
    Route("PUT", "custom_status/default", _make_default, NAME, "default"),
)
