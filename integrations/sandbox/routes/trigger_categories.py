"""Trigger categories: the groups into which triggers are sorted. Their ids are texts."""

from typing import Any

from integrations.sandbox.routes.triggers import RESOURCE as TRIGGERS
from integrations.sandbox.state.refusals import Refusal
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, no_content
from integrations.sandbox.wire.kinds import is_whole, objects_in
from integrations.sandbox.wire.paging import page_of

SORTS = ("position", "name", "created_at", "updated_at")
NOT_THERE = "Category can\u2019t be found. Check the ID and try again."


def _refusal(status: int, code: str, title: str, **more: str) -> Refusal:
    return Refusal(status, {"errors": [{"code": code, "title": title, **more}]})


def _category(call: Call, category_id: Any) -> Record:
    found = call.account.trigger_categories.find(str(category_id))
    if found is None:
        raise _refusal(404, "TriggerCategoryNotFound", NOT_THERE)
    return found


def _index(call: Call) -> Answer:
    sort = call.query.get("sort", "position")
    sign, name = ("-", sort[1:]) if sort.startswith("-") else ("", sort)
    order = f"{sign}{name},id" if name in SORTS else "position,id"
    categories = call.account.trigger_categories.all()
    return Answer(
        page_of(
            call,
            "trigger_categories",
            categories,
            order=order,
            present=lambda one: one | (_counts(call, one) if call.includes("rule_counts") else {}),
        )
    )


def _counts(call: Call, category: Record) -> Record:
    states = [
        bool(one["active"])
        for one in call.account.triggers.all()
        if one["category_id"] == category["id"]
    ]
    return {"active_count": states.count(True), "inactive_count": states.count(False)}


def _show(call: Call) -> Answer:
    return Answer({"trigger_category": _category(call, call.params[0])})


def _create(call: Call) -> Answer:
    asked, store = call.wrapped("trigger_category"), call.account.trigger_categories
    _check_name(asked.get("name"))
    stamp = call.account.clock.stamp()
    last = max((one["position"] for one in store.all()), default=-1)
    category = {
        "id": str(call.account.ids.record()),
        "name": asked["name"],
        "position": last + 1 if asked.get("position") is None else asked["position"],
        "created_at": stamp,
        "updated_at": stamp,
    }
    return Answer({"trigger_category": store.add(category)}, 201)


def _update(call: Call) -> Answer:
    category, asked = _category(call, call.params[0]), call.wrapped("trigger_category")
    _change(call, category, asked)
    return Answer({"trigger_category": category})


def _change(call: Call, category: Record, asked: Record) -> None:
    if "name" in asked:
        _check_name(asked["name"])
    wanted = {one: asked[one] for one in ("name", "position") if asked.get(one) is not None}
    category |= wanted | {"updated_at": call.account.clock.stamp()}


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or not name.strip():
        raise _refusal(400, "InvalidTriggerCategory", "Name cannot be blank")


def _destroy(call: Call) -> Answer:
    category = _category(call, call.params[0])
    inside = call.account.triggers.where(category_id=category["id"])
    if any(trigger["active"] for trigger in inside):
        message = "A category with active triggers cannot be deleted."
        raise _refusal(400, "TriggerCategoryNotEmpty", message)
    for trigger in inside:
        call.account.triggers.remove(trigger["id"])
    call.account.trigger_categories.remove(category["id"])
    return no_content()


def _jobs(call: Call) -> Answer:
    """Change categories and triggers together; an item that fails keeps all as they are."""
    asked: Any = call.wrapped("job").get("items")
    items = asked if isinstance(asked, dict) else {}
    try:
        categories = [
            (_category(call, one.get("id")), one) for one in objects_in(items, "trigger_categories")
        ]
        triggers = [(_trigger(call, one), one) for one in objects_in(items, "triggers")]
    except Refusal as refusal:
        return Answer({"status": "failed"} | refusal.body, 400)
    for category, change in categories:
        _change(call, category, change)
    for trigger, change in triggers:
        named = ("active", "position", "category_id")
        trigger |= {one: change[one] for one in named if change.get(one) is not None}
        trigger["updated_at"] = call.account.clock.stamp()
    return Answer(
        {
            "status": "complete",
            "results": {
                "trigger_categories": [one for one, _ in categories],
                "triggers": [TRIGGERS.present(call, one) for one, _ in triggers],
            },
        }
    )


def _trigger(call: Call, item: Record) -> Record:
    number = str(item.get("id"))
    found = call.account.triggers.find(int(number)) if is_whole(number) else None
    if found is None:
        raise _refusal(400, "InvalidTrigger", "id is not valid", trigger_id=number)
    category = item.get("category_id")
    if category is not None and call.account.trigger_categories.find(category) is None:
        raise _refusal(400, "InvalidTrigger", "category_id is not valid", trigger_id=number)
    return found


NAME = "trigger_categories"
ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("POST", NAME, _create, NAME, "create"),
    Route("POST", "trigger_categories/jobs", _jobs, NAME, "jobs"),
    Route("GET", "trigger_categories/{key}", _show, NAME, "show"),
    Route("PATCH", "trigger_categories/{key}", _update, NAME, "update"),
    Route("DELETE", "trigger_categories/{key}", _destroy, NAME, "destroy"),
)
