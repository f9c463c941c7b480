"""`riskdesk sla report`: how clocks went, what comes next, and how sure that is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from integrations.runtime.clock import parse_instant, utc_now
from integrations.runtime.database import reading
from integrations.runtime.errors import BadInput
from riskdesk.commands.database import opened_database
from riskdesk.commands.sla_tables import shown
from riskdesk.output import print_json
from sync.reports.attainment import Span
from sync.reports.dimensions import By
from sync.reports.files import write_report
from sync.reports.plain import as_plain
from sync.reports.report import build_report

console = Console()
notes = Console(stderr=True)

Since = Annotated[
    str | None, typer.Option(help="Only clocks decided from then on: a day, or ISO 8601.")
]
Until = Annotated[str | None, typer.Option(help="Only clocks decided before; a day is included.")]
Grouped = Annotated[
    list[By] | None,
    typer.Option("--by", help="What to group by; repeat it. Default: metric, priority."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", help="Also write it to a .csv, .xlsx, .png or .svg file."),
]
Limit = Annotated[int, typer.Option(min=0, help="How many clocks at risk to list.")]
Figures = Annotated[bool, typer.Option("--kpis", help="Also the desk's key figures.")]
Checked = Annotated[
    bool, typer.Option("--calibration", help="Also what the forecast said in the past, by tenths.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def report(
    *,
    since: Since = None,
    until: Until = None,
    by: Grouped = None,
    output: Output = None,
    limit: Limit = 20,
    kpis: Figures = False,
    calibration: Checked = False,
    as_json: AsJson = False,
) -> None:
    """Show how many targets were met, which clocks nobody can know, and the next deadlines.

    A clock counts for the group and agent that had the ticket when it was decided.

    Example: riskdesk sla report --since 2026-11-01 --by group --by metric --output november.xlsx
    """
    span = Span(_instant(since), _instant(until, end_of_day=True))
    with opened_database() as engine, reading(engine) as connection:
        chosen = tuple(dict.fromkeys(by or ()))
        found = build_report(connection, now=utc_now(), by=chosen, span=span)
    if output is not None:
        write_report(found, output)
        notes.print(f"The report is written to {output}.", markup=False, highlight=False)
    if as_json:
        print_json(as_plain(found))
        return
    console.print(shown(found, limit=limit, kpis=kpis, calibration=calibration), highlight=False)


def _instant(text: str | None, *, end_of_day: bool = False) -> datetime | None:
    """Return the instant that a day or an ISO 8601 text names; `until` a day means its end."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-03-02"):
            day = datetime.fromisoformat(text).replace(tzinfo=UTC)
            return day + timedelta(days=1) if end_of_day else day
        return parse_instant(text)
    except (ValueError, OverflowError):
        raise BadInput(
            f"{text[:40]!r} is no instant.",
            hint="write it like 2026-03-02 or 2026-03-02T09:00:00Z.",
        ) from None
