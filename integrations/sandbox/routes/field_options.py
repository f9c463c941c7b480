"""The options of drop-down fields: within their field, and one by one."""

from dataclasses import dataclass
from typing import Any

from integrations.sandbox.routes.records import Resource, warn_about_body
from integrations.sandbox.state.refusals import blank, invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, created, no_content
from integrations.sandbox.wire.kinds import checked
from integrations.sandbox.wire.paging import page_of

MOST_OPTIONS = 2000
OPTIONS = "custom_field_options"


def prepare_options(call: Call, asked: Record, field: Record | None) -> None:
    """Check the options that a field is to have, and give the new ones their ids."""
    given = asked.get(OPTIONS)
    if not isinstance(given, list):
        asked.pop(OPTIONS, None)
        return
    known = {one["id"]: one for one in (field or {}).get(OPTIONS) or ()}
    wanted = [checked(one) for one in given if isinstance(one, dict)]
    asked[OPTIONS] = [_option(call, known.get(one.get("id"), {}), one) for one in wanted]
    check_options(asked[OPTIONS])


def check_options(options: list[Record]) -> None:
    """Refuse too many options, options without name or value, and one value twice."""
    if len(options) > MOST_OPTIONS:
        raise invalid(OPTIONS, f"Options: cannot be more than {MOST_OPTIONS}", code="TooManyValues")
    for option in options:
        for name in ("name", "value"):
            if not option[name]:
                raise blank(name)
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        message = "Field option values: must be unique"
        raise invalid(OPTIONS, message, code="DuplicateValue")


def _option(call: Call, known: Record, asked: Record) -> Record:
    name = _text(asked.get("name") or known.get("name"))
    return {
        "id": known.get("id") or call.account.ids.record(),
        "name": name,
        "raw_name": _text(asked.get("raw_name")) or name,
        "value": _text(asked.get("value") or known.get("value")),
        "default": bool(asked.get("default", known.get("default", False))),
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class FieldOptions:
    """The options of one kind of field, as a resource of their own."""

    fields: Resource

    def routes(self) -> tuple[Route, ...]:
        """Return the routes of the options."""
        path, name = f"{self.fields.path}/{{id}}/options", f"{self.fields.singular}_options"
        return (
            Route("GET", path, self._index, name, "index"),
            Route("POST", path, self._create_or_update, name, "create_or_update"),
            Route("GET", f"{path}/{{id}}", self._show, name, "show"),
            Route("DELETE", f"{path}/{{id}}", self._destroy, name, "destroy"),
        )

    def _present(self, call: Call, option: Record, position: int) -> Record:
        place = call.url(self.fields.path, call.id, "options", option["id"])
        shown = {name: option[name] for name in ("id", "name", "raw_name", "value")}
        return shown | {"url": place, "position": position}

    def _options(self, call: Call) -> list[Record]:
        options: list[Record] = self.fields.store(call).get(call.id).setdefault(OPTIONS, [])
        return options

    def _one(self, call: Call) -> tuple[int, Record]:
        for place, option in enumerate(self._options(call)):
            if option["id"] == call.params[1]:
                return place, option
        raise not_found()

    def _index(self, call: Call) -> Answer:
        options = enumerate(self._options(call))
        shown = [self._present(call, option, place) for place, option in options]
        return Answer(page_of(call, OPTIONS, shown, order="position"))

    def _show(self, call: Call) -> Answer:
        place, option = self._one(call)
        return Answer({"custom_field_option": self._present(call, option, place)})

    def _create_or_update(self, call: Call) -> Answer:
        asked, kept = call.wrapped("custom_field_option"), self._options(call)
        known = next((option for option in kept if option["id"] == asked.get("id")), {})
        option = _option(call, known, asked)
        place = kept.index(known) if known else len(kept)
        check_options([*kept[:place], option, *kept[place + 1 :]])
        kept[place : place + 1] = [option]
        shown = self._present(call, option, place)
        if known:
            return Answer({"custom_field_option": shown})
        path = (self.fields.path, call.id, "options", option["id"])
        return created(call, "custom_field_option", shown, *path)

    def _destroy(self, call: Call) -> Answer:
        warn_about_body(call)
        self._options(call).pop(self._one(call)[0])
        return no_content()
