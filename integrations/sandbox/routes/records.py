"""Resources that are plain records: list, show, create, update and delete from one description."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.state.refusals import blank
from integrations.sandbox.state.store import Record, Store
from integrations.sandbox.wire.call import Answer, Call, Handler, Route, created, no_content
from integrations.sandbox.wire.paging import order_by_cursor, page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of record: where it lies, how it is named, what may be written.

    `prepare` is given what is asked, to check and complete it, and the record that it is to change;
    `finish` the record before it is kept.
    """

    plural: str
    singular: str
    path: str
    store: Callable[[Call], Store]
    order: str = "id"
    required: tuple[str, ...] = ()
    settable: tuple[str, ...] = ()
    not_changeable: tuple[str, ...] = ()
    defaults: Callable[[Call], Record] = field(default=lambda _: {})
    prepare: Callable[[Call, Record, Record | None], None] = field(default=lambda *_: None)
    finish: Callable[[Record], Record] = field(default=lambda record: record)
    read: Callable[[Call, Record], Record] | None = None  # when reading shows more than writing
    check: Callable[[Call, Record], None] = field(default=lambda _, __: None)
    complete: Callable[[Call, Record], Record] = field(default=lambda _, shown: shown)
    drop: Callable[[Call, Record], None] | None = None  # when leaving is more than being forgotten
    is_listed: Callable[[Record], bool] = field(default=lambda _: True)
    hidden: tuple[str, ...] = ()
    sorts_by_update: bool = False  # lists with cursors may be asked for by their last update
    has_url: bool = True
    has_ulid: bool = False  # ids are words, not numbers
    locates_updates: bool = False
    budgets: Mapping[str, str] = field(default_factory=dict)  # by verb
    verbs: tuple[str, ...] = ("index", "show", "create", "update", "destroy")

    def present(self, call: Call, record: Record) -> Record:
        """Return a record as clients see it."""
        shown = {key: value for key, value in record.items() if key not in self.hidden}
        shown = self.complete(call, shown)
        return {"url": call.url(self.path, record["id"])} | shown if self.has_url else shown

    def routes(self) -> tuple[Route, ...]:
        """Return the routes of the resource."""
        one = f"{self.path}/{{key}}" if self.has_ulid else f"{self.path}/{{id}}"
        known: dict[str, tuple[str, str, Handler]] = {
            "index": ("GET", self.path, self._index),
            "count": ("GET", f"{self.path}/count", self._count),
            "show": ("GET", one, self._show),
            "create": ("POST", self.path, self._create),
            "update": ("PUT", one, self._update),
            "destroy": ("DELETE", one, self._destroy),
        }
        return tuple(
            Route(*known[verb], self.plural, verb, self.budgets.get(verb)) for verb in self.verbs
        )

    def listed(self, call: Call) -> list[Record]:
        """Return the records that lists and counts know of."""
        records = [record for record in self.store(call).all() if self.is_listed(record)]
        if call.query.get("active") in ("true", "false"):
            wanted = call.query["active"] == "true"
            records = [record for record in records if record.get("active") is wanted]
        return records

    def page(self, call: Call, records: Sequence[Record]) -> Answer:
        """Answer with one page of these records."""
        return Answer(
            page_of(
                call,
                self.plural,
                records,
                order=order_by_cursor(call, self.order) if self.sorts_by_update else self.order,
                present=lambda record: self._shown(call, record),
            )
        )

    def _index(self, call: Call) -> Answer:
        return self.page(call, self.listed(call))

    def _count(self, call: Call) -> Answer:
        return counted(call, len(self.listed(call)))

    def _show(self, call: Call) -> Answer:
        return Answer({self.singular: self._shown(call, self.store(call).get(call.params[0]))})

    def _shown(self, call: Call, record: Record) -> Record:
        return (self.read or self.present)(call, record)

    def make(self, call: Call, asked: Record) -> Record:
        """Keep a new record; refuse one that lacks something."""
        for name in self.required:
            if not asked.get(name):
                raise blank(name)
        self.prepare(call, asked, None)
        stamp = call.account.clock.stamp()
        record = {"id": self._new_id(call), **self.defaults(call)}
        record |= {"created_at": stamp, "updated_at": stamp}
        record |= {name: asked[name] for name in self.settable if name in asked}
        record = self.finish(record)
        self.check(call, record)
        return self.store(call).add(record)

    def alter(self, call: Call, record: Record, asked: Record) -> None:
        """Change a record."""
        self.prepare(call, asked, record)
        values = {name: asked[name] for name in self._changeable() if name in asked}
        values["updated_at"] = call.account.clock.stamp()
        changed = self.finish(record | values)
        self.check(call, changed)
        self.store(call).change(record, changed)

    def remove(self, call: Call, record: Record) -> None:
        """Take a record away."""
        if self.drop is not None:
            self.drop(call, record)
        else:
            self.store(call).remove(record["id"])

    def _changeable(self) -> list[str]:
        return [name for name in self.settable if name not in self.not_changeable]

    def _create(self, call: Call) -> Answer:
        asked = call.wrapped(self.singular)
        call.warn(self.singular, asked, frozenset((*self.settable, "id")))
        record = self.make(call, asked)
        return created(call, self.singular, self.present(call, record), self.path, record["id"])

    def _update(self, call: Call) -> Answer:
        asked = call.wrapped(self.singular)
        call.warn(self.singular, asked, frozenset(self._changeable()))
        record = self.store(call).get(call.params[0])
        self.alter(call, record, asked)
        place = {"Location": call.url(self.path, record["id"])} if self.locates_updates else {}
        return Answer({self.singular: self.present(call, record)}, headers=place)

    def _destroy(self, call: Call) -> Answer:
        warn_about_body(call)
        self.remove(call, self.store(call).get(call.params[0]))
        return no_content()

    def _new_id(self, call: Call) -> int | str:
        ids = call.account.ids
        return ids.ulid(call.account.clock.now()) if self.has_ulid else ids.record()


def counted(call: Call, value: int) -> Answer:
    """Answer a count as Zendesk gives it, with the time of counting."""
    return Answer({"count": {"value": value, "refreshed_at": call.account.clock.stamp()}})


def listed_in_query(call: Call, store: Store) -> list[Record]:
    """Return the records whose external ids or ids the query lists, in their order."""
    external_ids = sorted(set(call.words("external_ids")))
    if external_ids:
        return [one for wanted in external_ids for one in store.where(external_id=wanted)]
    found = [store.find(wanted) for wanted in sorted(set(call.ids()))]
    return [one for one in found if one]


def reordered(call: Call, store: Store, key: str) -> list[Record]:
    """Give the records whose ids the body lists their place in that list; return them."""
    listed = call.body.get(key)
    ids = listed if isinstance(listed, list) else []
    found = [store.find(one) for one in ids if isinstance(one, int)]
    records = [record for record in found if record is not None]
    for position, record in enumerate(records):
        record |= {"position": position, "updated_at": call.account.clock.stamp()}
    return records


def warn_about_body(call: Call) -> None:
    """Note that everything in the body of a deletion is ignored."""
    for key, inner in call.body.items():
        if isinstance(inner, dict):
            call.unpermitted += [f"{key}.{name}" for name in inner]
        call.unpermitted.append(key)


def mirror_raw(*names: str) -> Callable[[Record], Record]:
    """Return a finisher that keeps `raw_title` and the like equal to `title`."""

    def finish(record: Record) -> Record:
        for name in names:
            record[f"raw_{name}"] = record.get(name)
        return record

    return finish


def rule_defaults(call: Call, store: Store, first_position: int) -> dict[str, Any]:
    """Return what triggers, macros, automations and views have before anything is given."""
    positions = [record["position"] or 0 for record in store.all()]  # null can be written
    return {
        "title": None,
        "active": True,
        "updated_at": None,
        "created_at": call.account.clock.stamp(),
        "default": False,
        "actions": [],
        "description": None,
        "position": max(positions, default=first_position - 1) + 1,
    }
