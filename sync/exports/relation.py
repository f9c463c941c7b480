"""What can be exported: every table and view of the warehouse, with the columns that may leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import FromClause, Select, Table, or_, select
from sqlalchemy.types import TypeEngine

from integrations.runtime.database import UtcDateTime
from integrations.runtime.errors import BadInput
from sync.warehouse.describe import warehouse_tables
from sync.warehouse.tables.bookkeeping import PERSONAL
from sync.warehouse.views.creation import VIEWS
from sync.warehouse.views.view import View

RAW = "raw"  # the column with the whole record: everything personal is in it
# The instant a row is about: when it changed, else when it happened.
TIMES = (
    *("updated_at", "happened_at", "valid_from", "reopened_at", "created_at", "deleted_at"),
    *("seen_at", "computed_at", "noted_at", "stored_at", "first_seen_at"),
)


class Wanted(StrEnum):
    """Which columns are exported."""

    PLAIN = "all but the raw records"
    NOTHING_PERSONAL = "nothing personal"
    EVERYTHING = "raw records too"


@dataclass(frozen=True, slots=True)
class Field:
    """One exported column; `meaning` is what the warehouse says of it."""

    name: str
    type: TypeEngine[Any]
    meaning: str
    personal: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """One table or view, with all of its columns."""

    name: str
    source: FromClause
    fields: tuple[Field, ...]

    def exported(self, wanted: Wanted) -> tuple[Field, ...]:
        """Return the columns that may leave."""
        if wanted is Wanted.EVERYTHING:
            return self.fields
        plain = (one for one in self.fields if one.name != RAW)
        return tuple(one for one in plain if wanted is Wanted.PLAIN or not one.personal)

    @property
    def time(self) -> str | None:
        """Return the column that a span of time is about; None: its rows have no time."""
        instants = {one.name for one in self.fields if isinstance(one.type, UtcDateTime)}
        return next((name for name in TIMES if name in instants), None)

    def rows(self, fields: Sequence[Field], span: tuple[datetime | None, datetime | None]) -> Any:
        """Return the query for these columns, from an instant on and before another one.

        Rows that name no time stay in: nobody can tell that they are outside.
        """
        query: Select[Any] = select(*(self.source.c[one.name] for one in fields))
        if self.time is None:
            return query
        moment, (since, until) = self.source.c[self.time], span
        if since is not None:
            query = query.where(or_(moment >= since, moment.is_(None)))
        if until is not None:
            query = query.where(or_(moment < until, moment.is_(None)))
        return query


def chosen(names: Sequence[str] | None) -> list[Relation]:
    """Return the named tables and views, all when none is named; BadInput lists what there is."""
    known = {one.name: one for one in (*map(_of_table, warehouse_tables()), *_of_views())}
    unknown = sorted(set(names or ()) - set(known))
    if unknown:
        raise BadInput(
            f"The warehouse has no table or view named {', '.join(unknown)}.",
            hint=f"choose from {', '.join(known)}.",
        )
    return [relation for name, relation in known.items() if not names or name in names]


def _of_table(table: Table) -> Relation:
    fields = (
        Field(str(one.name), one.type, one.comment or "", PERSONAL in one.info)
        for one in table.columns
    )
    return Relation(str(table.name), table, tuple(fields))


def _of_views() -> list[Relation]:
    return [Relation(view.name, view.table, _fields_of(view)) for view in VIEWS.values()]


def _fields_of(view: View) -> tuple[Field, ...]:
    return tuple(
        Field(one.name, one.type, view.meaning(one.name), view.is_personal(one.name))
        for one in view.columns
    )
