"""Writes the tables' and views' part of docs/warehouse.md from what they say of themselves."""

from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from integrations.runtime.database import metadata
from integrations.zendesk.meeting_point import SCRATCH
from sync.warehouse import tables
from sync.warehouse.picture.panels import panels_of
from sync.warehouse.picture.svg import draw
from sync.warehouse.tables.bookkeeping import PERSONAL
from sync.warehouse.views.creation import VIEWS
from sync.warehouse.views.view import View

BEGIN = "<!-- tables: written from the code -->"
END = "<!-- end of tables -->"
_POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]
_HEAD = ("| column | type | meaning |", "|---|---|---|")


def warehouse_tables() -> list[Table]:
    """Return the tables of the warehouse in alphabetical order."""
    found = {each.name: each for module in tables_by_module().values() for each in module}
    return [found[name] for name in sorted(found)]


def tables_by_module() -> dict[str, list[Table]]:
    """Return the tables of the warehouse by the module that defines them, in its order."""
    return {name: list(_tables_in(getattr(tables, name))) for name in tables.__all__}


def describe() -> str:
    """Return every view and every table of the warehouse with its columns as Markdown."""
    parts = (
        *("## Views", "", "A view is a question that is answered already.", ""),
        *_contents((view.name, view.comment) for view in _views()),
        *(_section(view.name, view.comment, _view_lines(view)) for view in _views()),
        *("## Tables", ""),
        *_contents((str(table.name), table.comment or "") for table in warehouse_tables()),
        *(
            _section(str(table.name), table.comment or "", map(_line, table.columns))
            for table in warehouse_tables()
        ),
    )
    return "\n".join(parts)


def picture() -> str:
    """Return the picture of the schema as SVG; the desk's tables are in it when imported."""
    ours = tables_by_module()
    known = {table.name for module in ours.values() for table in module}
    desk = [
        table
        for name, table in metadata.tables.items()
        if name not in known and not name.startswith(SCRATCH)
    ]
    return draw(panels_of(ours, desk), list(VIEWS))


def renewed(page: str) -> str:
    """Return the page with its part about views and tables written anew between the two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{describe()}\n{END}{after}"


def _tables_in(module: ModuleType) -> Iterable[Table]:
    return (value for value in vars(module).values() if isinstance(value, Table))


def _views() -> Sequence[View]:
    return [VIEWS[name] for name in sorted(VIEWS)]


def _contents(named: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield from ("| name | what it holds |", "|---|---|")
    yield from (f"| [{name}](#{name}) | {told} |" for name, told in named)
    yield ""


def _section(name: str, told: str, lines: Iterable[str]) -> str:
    return "\n".join([f"### {name}", "", told, "", *_HEAD, *lines, ""])


def _line(column: Column[object]) -> str:
    marks = {
        "personal": PERSONAL in column.info and "personal" not in (column.comment or ""),
        "key": column.primary_key,
        "may be empty": bool(column.nullable),
    }
    return _row(str(column.name), column.type, column.comment or "", marks)


def _view_lines(view: View) -> Iterator[str]:
    for one in view.columns:
        meaning = view.meaning(one.name)
        personal = view.is_personal(one.name) and "personal" not in meaning
        yield _row(one.name, one.type, meaning, {"personal": personal})


def _row(name: str, type_: object, meaning: str, marks: dict[str, bool]) -> str:
    kind = type_.compile(_POSTGRES).lower()  # type: ignore[attr-defined]
    told = "; ".join(
        [part for part in (meaning,) if part] + [m for m, here in marks.items() if here]
    )
    return f"| {name} | {kind} | {told.replace('|', chr(92) + '|')} |"
