"""Commands about cases: tickets that belong together because they name the same."""

from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from automations.cases.mentions import Relation
from automations.cases.reading import MOST_SHOWN, Case, find_case, listing
from automations.cases.rebuilding import rebuild as rebuild_cases
from automations.cases.supernodes import known_supernodes
from integrations.runtime.clock import utc_now
from integrations.runtime.database import reading, transaction
from riskdesk.commands.database import opened_database

app = typer.Typer(help="Tickets that belong together.", no_args_is_help=True)
console = Console()

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
VALUES_SHOWN = 30
TICKETS_SHOWN = 60


@app.command("list")
def list_cases(
    relation: Annotated[
        Relation | None,
        typer.Option(help="victim_of: they report the same; controls: it is their own."),
    ] = None,
    customers: Annotated[int, typer.Option(min=1, help="At least so many customers.")] = 1,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many.")] = MOST_SHOWN,
    *,
    as_json: AsJson = False,
) -> None:
    """List open cases, those with the most customers first.

    Example: riskdesk cases list --relation victim_of --customers 3
    """
    with opened_database() as engine, reading(engine) as connection:
        found = listing(connection, relation=relation, least_customers=customers, limit=limit)
    if as_json:
        typer.echo(_json(found))
        return
    table = Table("case", "relation", "tickets", "customers", "opened (UTC)")
    for line in found:
        opened = f"{line.opened_at:%Y-%m-%d %H:%M}"
        table.add_row(line.id, line.relation, str(line.tickets), str(line.customers), opened)
    console.print(table)


@app.command()
def show(
    case_id: Annotated[str, typer.Argument(help="Name of the case, see `list`.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show a case: its tickets, what they name, and how it came about.

    Example: riskdesk cases show V-1042
    """
    with opened_database() as engine, reading(engine) as connection:
        case = find_case(connection, case_id.strip().upper())
    if as_json:
        typer.echo(_json(case))
        return
    console.print(_headline(case), highlight=False)
    console.print(_tickets(case), highlight=False)
    console.print(_indicators(case))
    console.print(_history(case))


@app.command()
def rebuild() -> None:
    """Group all tickets anew, for example after the list of common things was edited.

    Example: riskdesk cases rebuild
    """
    with (
        console.status("grouping all tickets anew"),
        opened_database() as engine,
        transaction(engine) as connection,
    ):
        found = rebuild_cases(connection, known_supernodes(), now=utc_now())
    console.print(
        f"{found.cases} cases with {found.tickets} tickets; "
        f"{found.supernodes} things are too common to link anybody."
    )


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _headline(case: Case) -> str:
    state = "open" if case.closed_at is None else f"closed {case.closed_at:%Y-%m-%d %H:%M}"
    merged = f", merged into {case.merged_into}" if case.merged_into else ""
    return f"Case {case.id} ({case.relation}), {state}{merged}: {case.customers} customers"


def _tickets(case: Case) -> str:
    shown = ", ".join(map(str, case.tickets[:TICKETS_SHOWN])) or "none"
    rest = len(case.tickets) - TICKETS_SHOWN
    return f"Tickets: {shown}{f' and {rest} more' if rest > 0 else ''}"


def _indicators(case: Case) -> Table:
    table = Table("kind", "named", "by tickets", "links", "also named in")
    for each in case.indicators[:VALUES_SHOWN]:
        links = "too common" if each.is_supernode else "yes"
        elsewhere = ", ".join(each.elsewhere[:5])
        table.add_row(each.kind, escape(each.value), str(each.tickets), links, elsewhere)
    return table


def _history(case: Case) -> Table:
    table = Table("when (UTC)", "what", "ticket", "other case")
    for step in case.history[-VALUES_SHOWN:]:
        table.add_row(
            f"{step.at:%Y-%m-%d %H:%M}",
            step.event,
            str(step.ticket_id or ""),
            step.other_case_id or "",
        )
    return table
