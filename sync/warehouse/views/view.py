"""What a view is: a query over the tables, with a meaning for every column it computes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Date, Dialect, TableClause, column, func
from sqlalchemy import table as table_clause
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import Label
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import SelectBase

from sync.warehouse.tables.bookkeeping import PERSONAL

SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One view of the warehouse, the same on SQLite and PostgreSQL.

    `comment` says what one row is and what is left out. `meanings` explains columns that are
    computed; the others are explained by the column they come from. A column that comes from a
    personal one is personal, unless `harmless` names it because the query lets no such value in.
    """

    name: str
    comment: str
    query: SelectBase
    meanings: Mapping[str, str] = field(default_factory=dict)
    harmless: frozenset[str] = frozenset()

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """Return the view's columns, with their names and types, in order."""
        return list(self.query.selected_columns)

    @property
    def table(self) -> TableClause:
        """Return the view as something to select from."""
        return table_clause(self.name, *(column(_name(one), one.type) for one in self.columns))

    def meaning(self, name: str) -> str:
        """Return what a column means: as told here, else as the column it comes from tells."""
        if name in self.meanings:
            return self.meanings[name]
        return next((one.comment for one in self._origins(name) if one.comment), "")

    def is_personal(self, name: str) -> bool:
        """Tell whether a column shows what a person wrote, or who they are."""
        return name not in self.harmless and any(
            one.info.get(PERSONAL) for one in self._origins(name)
        )

    def sql(self, dialect: Dialect) -> str:
        """Return the view's SELECT as one database spells it."""
        return str(self.query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))

    def _origins(self, name: str) -> list[Column[Any]]:
        """Return the columns of tables that a column of the view is made from."""
        parts = getattr(self.query, "selects", [self.query])
        chosen = [one for part in parts for one in part.selected_columns]
        place = [_name(one) for one in self.columns].index(name)
        same_place = chosen[place :: len(self.columns)]
        found = (part for one in same_place for part in visitors.iterate(one))
        bases = (base for part in found if isinstance(part, ColumnElement) for base in _bases(part))
        return list(dict.fromkeys(bases))


def _bases(part: ColumnElement[Any]) -> list[Column[Any]]:
    return [base for base in part.base_columns if isinstance(base, Column)]


def _name(one: ColumnElement[Any]) -> str:
    return one.name if isinstance(one, Label) else str(getattr(one, "key", one))


class seconds_between(FunctionElement[int]):  # noqa: N801 - reads like an SQL function
    """Whole seconds from the first instant to the second."""

    type = BigInteger()
    inherit_cache = True


class day_of(FunctionElement[Any]):  # noqa: N801 - same
    """The calendar day of an instant in UTC."""

    type = Date()
    inherit_cache = True


@compiles(seconds_between, "postgresql")
def _seconds_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    earlier, later = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(floor(EXTRACT(epoch FROM {later} - {earlier})) AS BIGINT)"


@compiles(seconds_between, "sqlite")
def _seconds_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    earlier, later = (compiler.process(one, **options) for one in element.clauses)
    return f"(unixepoch({later}) - unixepoch({earlier}))"


@compiles(day_of, "postgresql")
def _day_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC' AS DATE)"


@compiles(day_of, "sqlite")
def _day_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)})"


def hours_since(moment: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the whole hours from an instant to the moment somebody reads the view."""
    return seconds_between(moment, func.now()) // SECONDS_AN_HOUR
