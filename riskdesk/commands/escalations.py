"""Commands about escalations: who owes an answer, and recording one given elsewhere."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from automations.escalations import service
from automations.escalations.queues import QUEUES
from automations.escalations.repository import Escalation
from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.database import reading, transaction
from integrations.runtime.settings import load_settings
from riskdesk.commands.database import opened_database
from sync.sla.choices import read_choices
from sync.sla.desk_clocks.loading import read_rules_file

app = typer.Typer(help="Follow what other departments owe.", no_args_is_help=True)
console = Console()

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Id = Annotated[int, typer.Argument(help="Number of the escalation, see `list`.")]
ALL = "all"


@app.command("list")
def list_escalations(
    state: Annotated[str, typer.Option(help="open, answered, withdrawn or all.")] = "open",
    queue: Annotated[str | None, typer.Option(help="Department, for example SEC.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List escalations, the soonest due first; overdue ones are red.

    Example: riskdesk escalations list --queue SEC
    """
    with opened_database() as engine, reading(engine) as connection:
        found = service.listing(connection, state=None if state == ALL else state, queue=queue)
    now = utc_now()
    if as_json:
        _print_json([_plain(escalation, now) for escalation in found])
        return
    table = Table("id", "ticket", "department", "reason", "severity", "state", "due (UTC)")
    for escalation in found:
        late = escalation.is_overdue(now)
        table.add_row(
            str(escalation.id),
            str(escalation.ticket_id),
            QUEUES[escalation.queue].name_en,
            escalation.reason or escalation.family,
            escalation.severity,
            "overdue" if late else escalation.state,
            f"{escalation.due_at:%Y-%m-%d %H:%M}",
            style="red" if late else None,
        )
    console.print(table)


@app.command()
def show(escalation_id: Id, *, as_json: AsJson = False) -> None:
    """Show one escalation with all its times.

    Example: riskdesk escalations show 7
    """
    with opened_database() as engine, reading(engine) as connection:
        escalation = service.get(connection, escalation_id)
    facts = _plain(escalation, utc_now())
    if as_json:
        _print_json(facts)
        return
    table = Table("fact", "value", title=f"Escalation {escalation.id}")
    for name, value in facts.items():
        table.add_row(name, "" if value is None else str(value))
    console.print(table)


@app.command()
def answer(
    escalation_id: Id,
    by: Annotated[
        int | None, typer.Option(min=1, max=service.MAX_ID, help="Zendesk user who answered.")
    ] = None,
) -> None:
    """Record that the department answered outside the ticket.

    Example: riskdesk escalations answer 7 --by 21900000000123
    """
    settings = load_settings()
    rules, choices = read_rules_file(settings.desk_rules), read_choices(settings.sla_choices)
    with opened_database() as engine, transaction(engine) as connection:
        escalation = service.answer(
            connection, escalation_id, by, utc_now(), desk_rules=rules, sla_choices=choices
        )
    console.print(f"Escalation {escalation.id} on ticket {escalation.ticket_id} is answered.")


def _plain(escalation: Escalation, now: datetime) -> dict[str, Any]:
    facts = {
        name: format_instant(value) if isinstance(value, datetime) else value
        for name, value in asdict(escalation).items()
    }
    return facts | {"overdue": escalation.is_overdue(now)}


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
