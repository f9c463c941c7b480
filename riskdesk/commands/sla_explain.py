"""`riskdesk sla explain`: why a ticket's clocks stand as they do, in the terminal and as SVG."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from integrations.runtime.database import reading
from integrations.runtime.settings import load_settings
from riskdesk.commands.database import opened_database
from riskdesk.commands.sla import instant
from riskdesk.commands.sla_timeline import timeline
from riskdesk.output import print_json
from sync.exports.files import appearing_together
from sync.sla.asking import clocks_of
from sync.sla.desk_clocks.loading import read_rules_file
from sync.timelines.picture import draw
from sync.timelines.plain import as_plain
from sync.timelines.source import load_story

console = Console()
notes = Console(stderr=True)

Number = Annotated[int, typer.Argument(help="Number of the ticket.", min=1, max=2**63 - 1)]
Picture = Annotated[Path | None, typer.Option("--svg", help="Also draw the timeline to this file.")]
Now = Annotated[str | None, typer.Option(help="Show it as it stood then, ISO 8601.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def explain(
    ticket: Number, *, svg: Picture = None, now: Now = None, as_json: AsJson = False
) -> None:
    """Show a ticket's life with its clocks: statuses, comments, pauses, targets and breaches.

    Clocks are computed for the moment; between two events time is squeezed where it is long.

    Example: riskdesk sla explain 4711 --svg 4711.svg
    """
    moment = instant(now)
    rules = read_rules_file(load_settings().desk_rules)
    with opened_database() as engine, reading(engine) as connection:
        clocks, hours = clocks_of(connection, ticket, now=moment, desk_rules=rules)
        story = load_story(connection, ticket, clocks, hours, now=moment)
    if svg is not None:
        with appearing_together([svg], replace=True) as hidden:
            hidden[svg].write_text(draw(story), encoding="utf-8")
        notes.print(f"The timeline is drawn in {svg}.", markup=False, highlight=False)
    if as_json:
        print_json(as_plain(story))
        return
    console.print(timeline(story, width=console.width), highlight=False)
