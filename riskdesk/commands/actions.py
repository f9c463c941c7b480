"""`riskdesk actions …`: what riskdesk did, will do and could not do in Zendesk."""

from typing import Annotated

import typer
from rich.console import Console

from automations.actions import repository as outbox
from automations.actions.plan import State
from integrations.redaction.keys import open_database
from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.database import reading, transaction
from integrations.runtime.settings import load_settings
from riskdesk.output import print_json, table

app = typer.Typer(no_args_is_help=True)
console = Console()
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
LARGEST_ID = 2**63 - 1  # what the database's keys hold
_COLUMNS = ("id", "ticket", "kind", "state", "attempts", "planned", "result")


@app.command("list")
def list_actions(
    state: Annotated[list[State] | None, typer.Option(help="Only these states; repeat it.")] = None,
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1, max=100_000)] = 50,
    *,
    json: Json = False,
) -> None:
    """Show actions, newest first; those that need a person are `dead`.

    Example: riskdesk actions list --state dead
    """
    engine = open_database(load_settings())
    with reading(engine) as connection:
        rows = outbox.listing(connection, states=state or list(State), limit=limit)
    shown = [
        (
            row["id"],
            row["ticket_id"],
            row["kind"],
            row["state"],
            row["attempts"],
            format_instant(row["planned_at"]),
            row["result"] or "",
        )
        for row in rows
    ]
    if json:
        print_json([dict(zip(_COLUMNS, row, strict=True)) for row in shown])
        return
    console.print(table("Actions", _COLUMNS, shown))


@app.command()
def retry(
    ids: Annotated[
        list[int] | None, typer.Argument(help="Ids of dead actions.", min=1, max=LARGEST_ID)
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Try dead actions again (all of them, or those named); the ticket is looked at first.

    Example: riskdesk actions retry 17 18
    """
    engine = open_database(load_settings())
    with transaction(engine) as connection:
        tickets = outbox.revive(connection, ids or (), now=utc_now())
    if json:
        print_json({"tickets": tickets})
        return
    console.print(f"Actions of {len(tickets)} tickets wait again; the worker takes them now.")
