"""`riskdesk sync export`: the warehouse as files."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from integrations.runtime.clock import parse_instant
from integrations.runtime.errors import BadInput
from riskdesk.commands.database import opened_database
from riskdesk.output import print_json, table
from sync.exports.relation import Wanted, chosen
from sync.exports.service import Exported, Format, Order
from sync.exports.service import export as write_files

console = Console(stderr=True)

Output = Annotated[Path, typer.Option("--output", help="Folder for the files.")]
Names = Annotated[
    list[str] | None,
    typer.Option("--table", help="Table or view; repeat it. All when none is named."),
]
Form = Annotated[Format, typer.Option("--format", help="Kind of files.")]
Since = Annotated[str | None, typer.Option(help="Only rows changed from then on, ISO 8601.")]
Until = Annotated[str | None, typer.Option(help="Only rows changed before, ISO 8601.")]
NoPersonal = Annotated[
    bool, typer.Option("--no-personal", help="Leave out what people wrote and who they are.")
]
WithRaw = Annotated[bool, typer.Option("--with-raw", help="Also the records as Zendesk sent them.")]
Bom = Annotated[
    bool, typer.Option("--bom", help="CSV: a byte order mark, so that Excel reads UTF-8.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def export(
    output: Output,
    name: Names = None,
    form: Form = Format.PARQUET,
    since: Since = None,
    until: Until = None,
    *,
    no_personal: NoPersonal = False,
    with_raw: WithRaw = False,
    bom: Bom = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write tables and views as Parquet or CSV files that show one moment of the warehouse.

    Texts in CSV files begin with an apostrophe where a spreadsheet would take them for a formula.

    Example: riskdesk sync export --output export --table open_tickets --format csv --bom
    """
    order = Order(
        relations=chosen(name),
        folder=output,
        format=form,
        wanted=_wanted(no_personal=no_personal, with_raw=with_raw),
        since=_instant(since),
        until=_instant(until),
        mark=bom,
        replace=force,
    )
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with opened_database() as engine, Progress(*columns, console=console, transient=True) as live:
        bar = live.add_task("starting", total=None)
        files = write_files(
            engine,
            order,
            progress=lambda name, rows: live.update(bar, description=f"{name}: {rows} rows"),
        )
    if as_json:
        print_json({"files": [asdict(one) for one in files]})
    else:
        _show(files)


def _wanted(*, no_personal: bool, with_raw: bool) -> Wanted:
    if no_personal and with_raw:
        raise BadInput(
            "--with-raw and --no-personal contradict each other.",
            hint="leave one out: raw records hold everything personal.",
        )
    if no_personal:
        return Wanted.NOTHING_PERSONAL
    return Wanted.EVERYTHING if with_raw else Wanted.PLAIN


def _instant(text: str | None) -> datetime | None:
    try:
        return None if text is None else parse_instant(text)
    except ValueError:
        raise BadInput(
            f"{text!r} is no instant.", hint="write it like 2026-03-02T09:00:00Z."
        ) from None


def _show(files: list[Exported]) -> None:
    columns = ("table or view", "rows", "columns", "bytes", "file")
    rows = [(one.table, one.rows, one.columns, one.bytes, one.file) for one in files]
    Console().print(table("Exported", columns, rows))
