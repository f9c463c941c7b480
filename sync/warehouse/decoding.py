"""From the bytes of a record straight to its row, by structs that are made from the tables."""

import re
from collections.abc import Collection
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Raw, defstruct
from sqlalchemy import Table

from integrations.runtime.database import UtcDateTime
from sync.warehouse.derivations import DERIVATIONS, Derivation
from sync.warehouse.fields import JSON_NULL, Instant, default_of, type_of
from sync.warehouse.records import NOT_FROM_ZENDESK, NUL, Row
from sync.warehouse.shape import shape
from sync.warehouse.tables.bookkeeping import KNOWN

EDGES = frozenset({1, 9999})  # years in which another time zone may lie outside the calendar
MOST_LEARNED = 200  # unknown fields of one table; with more, they are no fields but values
PLAIN = Derivation(columns=(), inputs={}, of=lambda _record: ())
KEYS = msgspec.json.Decoder(dict[str, Raw])
NO_NAME = re.compile(r'["\\\x00-\x1f]')  # what msgspec takes in no field's name

Strange = dict[tuple[Table, str], Raw]  # fields nobody knows, by table, and a record with each


class Decoder:
    """Makes rows of one table: objects with an attribute for each of `columns`.

    `decode` is fast and takes only what fits exactly; `explain` takes what can be understood and
    says why something cannot.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._derivation = derivation = DERIVATIONS.get(table.name, PLAIN)
        own = [c for c in table.columns if c.name not in NOT_FROM_ZENDESK]
        direct = [c for c in own if c.name not in derivation.columns]
        self._fields = [(str(c.name), type_of(c), *default_of(c)) for c in direct]
        self._fields += [
            (name, each.type, *(() if each.required else (each.empty,)))
            for name, each in derivation.inputs.items()
        ]
        self.columns = (*(str(c.name) for c in direct), *derivation.columns, "raw")
        self._row = defstruct(
            f"{table.name}_row", [*self.columns, *derivation.carried], gc=False, kw_only=False
        )
        self._direct = _getter([c.name for c in direct])
        self._carried = _getter(derivation.carried)
        self._instants = _getter(
            [
                *(c.name for c in direct if isinstance(c.type, UtcDateTime)),
                *(name for name, each in derivation.inputs.items() if each.type is Instant),
            ]
        )
        self._lax = msgspec.json.Decoder(
            defstruct(f"{table.name}_record", self._fields, gc=False, kw_only=True)
        )
        self._own = frozenset(field[0] for field in self._fields)
        self._known = self._own
        self._most = len(self._own) + len(table.info[KNOWN]) + MOST_LEARNED
        self.learn(table.info[KNOWN])

    def learn(self, names: Collection[str]) -> None:
        """Take these names as known from now on, so that records with them stay fast."""
        if len(self._known) > self._most:
            return
        self._known |= {*names}
        others = (name for name in sorted(self._known - self._own) if not NO_NAME.search(name))
        ignored = {f"ignored_{number}": name for number, name in enumerate(others)}
        self._strict = msgspec.json.Decoder(
            defstruct(
                f"{self._table.name}_record",
                [*self._fields, *((field, Raw, JSON_NULL) for field in ignored)],
                rename=ignored,
                forbid_unknown_fields=True,
                gc=False,
                kw_only=True,
            )
        )

    def notice(self, names: Collection[str], raw: Raw, strange: Strange) -> None:
        """Add those names of a record's fields that nobody knows to `strange`."""
        for name in {*names} - self._known:
            strange.setdefault((self._table, name), raw)

    def decode(self, raw: Raw, strange: Strange) -> Any:
        """Return the row of a record; fields nobody knows are added to `strange`.

        Raises ValueError for everything that is not exactly as expected.
        """
        if NUL in bytes(raw):
            raise ValueError("to be read value by value")
        try:
            record = self._strict.decode(raw)
        except msgspec.ValidationError:
            record = self._lax.decode(raw)
            self.notice(KEYS.decode(raw).keys(), raw, strange)
        for moment in self._instants(record):
            if moment is not None and moment.year in EDGES:
                raise ValueError("at an edge of the calendar")
        return self._row(
            *self._direct(record), *self._derivation.of(record), raw, *self._carried(record)
        )

    def explain(self, record: Any, raw: Raw, strange: Strange) -> Any:
        """Return the row of a decoded record, read value by value; raises BadRecord.

        Fields nobody knows are added to `strange`.
        """
        row: Row = shape(self._table, record)
        self.notice(record, raw, strange)
        return self._row(**row | {"raw": raw})


@cache
def decoder_of(table: Table) -> Decoder:
    """Return the decoder of a table."""
    return Decoder(table)


def _getter(names: Collection[str]) -> Any:
    """Return a function that gives these attributes of an object, always as a tuple."""
    match len(names):
        case 0:
            return lambda _record: ()
        case 1:
            (name,) = names
            return lambda record: (getattr(record, name),)
    return attrgetter(*names)
