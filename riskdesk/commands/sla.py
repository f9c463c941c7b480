"""Commands about SLA clocks: answer case files, keep the clocks up to date, report on them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from integrations.runtime.clock import format_instant, parse_instant, utc_now
from integrations.runtime.database import reading
from integrations.runtime.errors import BadInput
from integrations.runtime.settings import load_settings
from riskdesk.commands.database import opened_database
from sync.sla import service
from sync.sla.cases import answer_file
from sync.sla.desk_clocks.loading import read_rules_file
from sync.sla.repository import Attainment

app = typer.Typer(help="Compute and report SLA clocks.", no_args_is_help=True)
console = Console()
warnings = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
WARNINGS_SHOWN = 10


@app.command()
def compute(
    source: Annotated[Path, typer.Option("--input", help="JSON file with a list of cases.")],
    target: Annotated[Path, typer.Option("--output", help="Where the answers go.")],
) -> None:
    """Answer a file of SLA cases; a case that cannot be read is marked in the answers.

    Example: riskdesk sla compute --input cases.json --output results.json
    """
    answers = answer_file(source)
    text = json.dumps(answers.results, ensure_ascii=False, indent=1)
    try:
        target.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"{target} cannot be written: {error.strerror}.",
            hint="give a path in a folder of yours.",
        ) from None
    good = len(answers.results) - sum("error" in answer for answer in answers.results.values())
    warnings.print(f"{good} cases answered, {len(answers.warnings)} could not be.")
    for line in answers.warnings[:WARNINGS_SHOWN]:
        warnings.print(f"  {escape(line)}", highlight=False)
    if len(answers.warnings) > WARNINGS_SHOWN:
        warnings.print(f"  and {len(answers.warnings) - WARNINGS_SHOWN} more, see the answers.")


@app.command()
def refresh(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also clocks that cannot move.")
    ] = False,
    now: Annotated[str | None, typer.Option(help="Instant to compute for, ISO 8601.")] = None,
) -> None:
    """Recompute the clocks of tickets that changed or whose clocks still run.

    Example: riskdesk sla refresh --all
    """
    moment = _instant(now)
    with opened_database() as engine, Progress(console=warnings, transient=True) as progress:
        batches = service.refresh_stale(
            engine,
            now=moment,
            everything=everything,
            desk_rules=read_rules_file(load_settings().desk_rules),
        )
        total = next(batches)
        bar = progress.add_task("SLA clocks", total=total)
        for done in batches:
            progress.advance(bar, done)
    console.print(f"The clocks of {total} tickets are as of {format_instant(moment)}.")


@app.command()
def report(
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many clocks at risk to list.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show how many targets were met, and the deadlines that come next.

    Example: riskdesk sla report --limit 50
    """
    with opened_database() as engine, reading(engine) as connection:
        met = service.attainment(connection, by=service.BY_PRIORITY)
        by_policy = service.attainment(connection)
        next_due = service.at_risk(connection, limit=limit)
    if as_json:
        shown = {
            "attainment": [_attainment(entry) for entry in by_policy],
            "at_risk": [_plain(row) for row in next_due],
        }
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    console.print(_attainment_table(met))
    console.print(_risk_table(next_due))


def _instant(text: str | None) -> datetime:
    if text is None:
        return utc_now()
    try:
        return parse_instant(text)
    except ValueError:
        raise BadInput(
            f"{text!r} is no instant.", hint="write it like 2026-03-02T09:00:00Z."
        ) from None


def _attainment_table(entries: Sequence[Attainment]) -> Table:
    table = Table("metric", "priority", "achieved", "breached", "open", "met", title="Targets met")
    for entry in entries:
        table.add_row(
            entry.group["metric"],
            entry.group["priority"],
            str(entry.achieved),
            str(entry.breached),
            str(entry.undecided),
            "" if entry.share is None else f"{entry.share:.1%}",
        )
    return table


def _risk_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("ticket", "metric", "priority", "due (UTC)", "policy", title="Next deadlines")
    for row in rows:
        table.add_row(
            str(row["ticket_id"]),
            row["metric"],
            row["priority"],
            f"{row['due_at']:%Y-%m-%d %H:%M}",
            escape(row["policy_title"] or ""),
            style="red" if row["breached"] else None,
        )
    return table


def _attainment(entry: Attainment) -> dict[str, Any]:
    counts = {
        "achieved": entry.achieved,
        "breached": entry.breached,
        "undecided": entry.undecided,
        "share": entry.share,
    }
    return {**entry.group, **counts}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: format_instant(value) if isinstance(value, datetime) else value
        for name, value in row.items()
    }
