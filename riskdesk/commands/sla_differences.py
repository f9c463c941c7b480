"""`riskdesk sla differences`: where Zendesk's own verdict is not ours, and why."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from integrations.runtime.clock import format_instant
from integrations.runtime.database import reading
from integrations.runtime.inert import readable
from riskdesk.commands.database import opened_database
from riskdesk.output import print_json
from sync.sla.verdict import service
from sync.sla.verdict.causes import Cause

LONGEST = 24  # letters of a value
console = Console()

Because = Annotated[Cause | None, typer.Option("--cause", help="Only those of one cause.")]
Limit = Annotated[int, typer.Option(min=0, help="How many to list, those unexplained first.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def differences(*, cause: Because = None, limit: Limit = 50, as_json: AsJson = False) -> None:
    """Show where our clocks differ from Zendesk's metric events by more than a minute, and why.

    Reports use our figures. Exits with 1 when there are differences that nobody can explain.

    Example: riskdesk sla differences --cause unexplained
    """
    with opened_database() as engine, reading(engine) as connection:
        verdict = service.verdict(connection)
        rows = service.differences(connection, cause=cause, limit=limit)
    if as_json:
        print_json({**verdict.plain(), "rows": [_plain(row) for row in rows]})
    else:
        _show(verdict, rows)
    if verdict.unexplained:
        raise typer.Exit(1)


def _show(verdict: service.Verdict, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        console.print(_table(rows))
    for detail in dict.fromkeys(row["detail"] for row in rows):
        console.print(Text(f"  {readable(detail, limit=200)}.", style="bright_black"))
    style = "red" if verdict.unexplained else "green"
    console.print(Text(verdict.sentence(), style=style))


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(title="Differences from Zendesk", title_justify="left")
    for name in ("ticket", "clock", "figure", "ours", "Zendesk", "cause"):
        table.add_column(name)
    for row in rows:
        values = (row["field"], row["ours"], row["zendesk"], row["cause"].replace("_", " "))
        table.add_row(
            str(row["ticket_id"]),
            Text(readable(f"{row['metric']} {row['instance']}", limit=LONGEST)),
            *(Text(readable(value, limit=LONGEST)) for value in values),
            style="red" if row["cause"] == Cause.UNEXPLAINED else None,
        )
    return table


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    instants = {name: format_instant(row[name]) for name in ("found_at", "checked_at")}
    return {**row, **instants}
