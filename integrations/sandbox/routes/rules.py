"""What triggers, automations, macros and views share: lists, search, and changes of many."""

from collections.abc import Callable
from dataclasses import dataclass

from integrations.sandbox.routes.bulk import items_of
from integrations.sandbox.routes.records import Resource, warn_about_body
from integrations.sandbox.rules.checking import checked_rule
from integrations.sandbox.state.refusals import blank
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, no_content
from integrations.sandbox.wire.kinds import is_whole
from integrations.sandbox.wire.paging import is_by_cursor, page_of

SORTS = {"alphabetical": "title", "created_at": "created_at", "updated_at": "updated_at"}
ASKABLE = frozenset(
    (
        "page per_page page[size] page[after] page[before] include sort sort_by sort_order active "
        "access category category_id group_id only_viewable permission_set user_id"
    ).split()
)
UPWARDS = ("alphabetical", "position")  # the sorts that begin with the smallest by themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The endpoints of one kind of rule, around the plain ones of its resource."""

    resource: Resource
    in_bulk: frozenset[str] = frozenset(("position", "active"))
    cursor_order: str | None = None  # where lists by cursor are in another order than by number

    def routes(self) -> tuple[Route, ...]:
        """Return the routes that this kind of rule has."""
        name = self.resource.plural
        return (
            Route("GET", name, self.index, name, "index"),
            *(route for route in self.resource.routes() if route.action != "index"),
            Route("GET", f"{name}/active", self._active, name, "active"),
            Route("GET", f"{name}/search", self._search, name, "search"),
            Route("PUT", f"{name}/update_many", self._update_many, name, "update_many"),
            Route("DELETE", f"{name}/destroy_many", self._destroy_many, name, "destroy_many"),
        )

    def index(self, call: Call) -> Answer:
        """Answer a list, of all or of those with the wanted state and category."""
        call.unpermitted += [key for key in call.query if key not in ASKABLE]
        return self.listed(call, self._filtered(call))

    def listed(self, call: Call, records: list[Record]) -> Answer:
        """Answer one page of rules."""
        return Answer(
            page_of(
                call,
                self.resource.plural,
                records,
                order=self._order(call),
                present=lambda record: self._shown(call, record),
            )
        )

    def _filtered(self, call: Call) -> list[Record]:
        records = self.resource.store(call).all()
        if call.query.get("active") in ("true", "false"):
            wanted = call.query["active"] == "true"
            records = [one for one in records if bool(one["active"]) is wanted]
        if call.query.get("category_id"):
            records = [
                one for one in records if one.get("category_id") == call.query["category_id"]
            ]
        return records

    def _active(self, call: Call) -> Answer:
        return self.listed(call, [one for one in self._filtered(call) if one["active"]])

    def _search(self, call: Call) -> Answer:
        words = call.query.get("query", "").casefold().split()
        if not words:
            raise blank("query")
        found = [
            one
            for one in self._filtered(call)
            if all(word in str(one["title"]).casefold() for word in words)
        ]
        return self.listed(call, found)

    def _order(self, call: Call) -> str:
        sort = call.query.get("sort_by", "")
        if is_by_cursor(call) and self.cursor_order:
            return self.cursor_order
        if is_by_cursor(call) or (sort not in SORTS and sort != "position"):
            return self.resource.order
        default = "asc" if sort in UPWARDS else "desc"
        sign = "-" if call.query.get("sort_order", default) == "desc" else ""
        return f"{sign}{SORTS.get(sort, 'position')},{sign}id"

    def _shown(self, call: Call, record: Record) -> Record:
        shown = self.resource.present(call, record)
        if call.includes("permissions"):
            shown |= {"permissions": {"can_edit": True}}
        if call.includes("app_installation"):
            shown |= {"app_installation": None}
        return shown

    def _update_many(self, call: Call) -> Answer:
        items = items_of(call, self.resource.plural)
        store, stamp = self.resource.store(call), call.account.clock.stamp()
        changed = [store.get(_id_of(one)) | self._wanted(one) for one in items]
        for record in changed:
            self.resource.check(call, record)
        for record in changed:
            store.get(record["id"]).update(record | {"updated_at": stamp})
        return self.listed(call, changed)

    def _wanted(self, item: Record) -> Record:
        return {name: item[name] for name in self.in_bulk if item.get(name) is not None}

    def _destroy_many(self, call: Call) -> Answer:
        warn_about_body(call)
        store = self.resource.store(call)
        found = [store.get(rule_id) for rule_id in dict.fromkeys(call.ids())]
        for record in found:
            store.remove(record["id"])
        return no_content()


def _id_of(item: Record) -> int:
    text = str(item.get("id"))
    return int(text) if is_whole(text) else 0


def checks(where: str) -> Callable[[Call, Record], None]:
    """Return the check of one kind of rule: it is complete, and this account can carry it out."""

    def check(call: Call, rule: Record) -> None:
        if not rule["title"]:
            raise blank("title")
        checked_rule(call.account, rule, where)

    return check


def take_conditions(record: Record) -> Record:
    """Move conditions given at the top level to where Zendesk shows them; one side clears both."""
    given = {name: record.pop(name) or [] for name in ("all", "any") if name in record}
    kept = given or record.get("conditions") or {}
    record["conditions"] = {name: kept.get(name) or [] for name in ("all", "any")}
    return record
