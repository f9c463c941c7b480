"""Writes the table part of docs/warehouse.md from the comments of the tables themselves."""

from collections.abc import Iterable
from types import ModuleType

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from sync.warehouse import tables

BEGIN = "<!-- tables: written from the code -->"
END = "<!-- end of tables -->"
_POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]


def warehouse_tables() -> list[Table]:
    """Return the tables of the warehouse in alphabetical order."""
    modules = (getattr(tables, name) for name in tables.__all__)
    found = {each.name: each for module in modules for each in _tables_in(module)}
    return [found[name] for name in sorted(found)]


def describe() -> str:
    """Return every table of the warehouse with its columns as Markdown."""
    return "\n".join(_section(table) for table in warehouse_tables())


def renewed(page: str) -> str:
    """Return the page with its table part written anew between the two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{describe()}\n{END}{after}"


def _tables_in(module: ModuleType) -> Iterable[Table]:
    return (value for value in vars(module).values() if isinstance(value, Table))


def _section(table: Table) -> str:
    lines = [
        f"### {table.name}",
        "",
        table.comment or "",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
        *(_line(column) for column in table.columns),
        "",
    ]
    return "\n".join(lines)


def _line(column: Column[object]) -> str:
    kind = column.type.compile(_POSTGRES).lower()
    marks = ", ".join(
        mark
        for mark, present in (("key", column.primary_key), ("may be empty", column.nullable))
        if present
    )
    meaning = "; ".join(part for part in (column.comment, marks) if part).replace("|", "\\|")
    return f"| {column.name} | {kind} | {meaning} |"
