"""Triggers: rules that look at every ticket as it is created or changed."""

from typing import Any

from integrations.sandbox.routes.records import Resource, mirror_raw, rule_defaults
from integrations.sandbox.routes.rules import Rules, checks, take_conditions
from integrations.sandbox.rules.definitions import trigger_definitions
from integrations.sandbox.rules.fields import TRIGGER
from integrations.sandbox.rules.revisions import note_revision, shown_revision
from integrations.sandbox.state.refusals import bad_request, invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import is_whole


def _finish(record: Record) -> Record:
    return mirror_raw("title")(take_conditions(record))


def _defaults(call: Call) -> dict[str, Any]:
    first = call.account.trigger_categories.all()[:1]
    category = first[0]["id"] if first else None
    return rule_defaults(call, call.account.triggers, 1) | {
        "category_id": category,
        "revisions": [],
    }


def _check(call: Call, trigger: Record) -> None:
    checks(TRIGGER)(call, trigger)
    if call.account.trigger_categories.find(trigger["category_id"]) is None:
        raise invalid("category_id", "Category: is not valid")
    note_revision(trigger, call.actor, call.account.clock.stamp())


RESOURCE = Resource(
    plural="triggers",
    singular="trigger",
    path="triggers",
    store=lambda call: call.account.triggers,
    order="position,position,title,id",
    required=("title",),
    settable=(
        *("title", "active", "actions", "conditions", "all", "any", "description", "position"),
        "category_id",
    ),
    defaults=_defaults,
    finish=_finish,
    check=_check,
    hidden=("revisions",),
    locates_updates=True,
)
RULES = Rules(resource=RESOURCE, in_bulk=frozenset(("position", "active", "category_id")))


def _reorder(call: Call) -> Answer:
    """Put all triggers into a new order; Zendesk does so only while there is one category."""
    triggers = call.account.triggers
    if len(call.account.trigger_categories) > 1:
        raise bad_request("LimitOneCategory", "Triggers can be reordered in one category only")
    given = call.body.get("trigger_ids")
    texts = [str(one) for one in given] if isinstance(given, list) else []
    ids = [int(text) for text in texts if is_whole(text)]
    if sorted(ids) != sorted(one["id"] for one in triggers.all()):
        raise not_found()
    for position, trigger_id in enumerate(ids, start=1):
        triggers.get(trigger_id)["position"] = position
    return RULES.listed(call, triggers.all())


def _definitions(call: Call) -> Answer:
    return Answer({"definitions": trigger_definitions(call.account)})


def _revisions(call: Call) -> Answer:
    """List the versions of a trigger, newest first; one page holds them all."""
    trigger = call.account.triggers.get(call.id)
    kept = trigger["revisions"]
    shown = [_with_url(call, shown_revision(kept, number)) for number in range(len(kept), 0, -1)]
    ends = dict.fromkeys(("after_cursor", "after_url", "before_cursor", "before_url"))
    return Answer({"trigger_revisions": shown, "count": len(shown)} | ends)


def _revision(call: Call) -> Answer:
    kept, number = call.account.triggers.get(call.id)["revisions"], call.params[1]
    if not 1 <= number <= len(kept):
        raise not_found()
    shown = shown_revision(kept, number)
    shown.pop("diff", None)
    return Answer({"trigger_revision": _with_url(call, shown)})


def _with_url(call: Call, revision: Record) -> Record:
    return {"url": call.url("triggers", call.id, "revisions", revision["id"])} | revision


NAME = "triggers"
ROUTES = (
    *RULES.routes(),
    Route("PUT", "triggers/reorder", _reorder, NAME, "reorder"),
    Route("GET", "triggers/definitions", _definitions, NAME, "definitions"),
    Route("GET", "triggers/{id}/revisions", _revisions, NAME, "revisions"),
    Route("GET", "triggers/{id}/revisions/{id}", _revision, NAME, "revision"),
)
