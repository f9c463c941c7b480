"""Commands about SLA clocks: answer case files, keep the clocks up to date, report on them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from integrations.runtime.clock import format_instant, parse_instant, utc_now
from integrations.runtime.errors import BadInput
from integrations.runtime.settings import load_settings
from riskdesk.commands.database import opened_database
from sync.sla import service
from sync.sla.cases import answer_file
from sync.sla.choices import read_choices
from sync.sla.desk_clocks.loading import read_rules_file

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
    answers = answer_file(source, read_choices(load_settings().sla_choices))
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
        bool, typer.Option("--all", help="Every ticket, changed or not.")
    ] = False,
    now: Annotated[str | None, typer.Option(help="Instant to compute for, ISO 8601.")] = None,
) -> None:
    """Recompute the clocks of tickets that changed, and those that breached by waiting.

    Example: riskdesk sla refresh --all
    """
    moment = instant(now)
    with opened_database() as engine, Progress(console=warnings, transient=True) as progress:
        batches = service.refresh_stale(
            engine,
            now=moment,
            everything=everything,
            desk_rules=read_rules_file(load_settings().desk_rules),
            choices=read_choices(load_settings().sla_choices),
        )
        total = next(batches)
        bar = progress.add_task("SLA clocks", total=total)
        for done in batches:
            progress.advance(bar, done)
    console.print(f"The clocks of {total} tickets are as of {format_instant(moment)}.")


def instant(text: str | None) -> datetime:
    """Return the instant a text names, else the present one; BadInput when it names none."""
    if text is None:
        return utc_now()
    try:
        return parse_instant(text)
    except ValueError:
        raise BadInput(
            f"{text!r} is no instant.", hint="write it like 2026-03-02T09:00:00Z."
        ) from None
