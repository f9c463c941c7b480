"""`riskdesk webhooks …`: subscribe to Zendesk's events, look at the inbox, replay deliveries."""

from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from integrations.redaction.keys import open_database
from integrations.runtime.clock import utc_now
from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import BadInput
from integrations.runtime.settings import load_settings
from integrations.webhooks import repository as inbox
from integrations.webhooks.events import PREFIX, SUBSCRIBED_EVENTS
from integrations.zendesk.account import connect
from riskdesk.output import print_json, table

app = typer.Typer(no_args_is_help=True)
console = Console()
LARGEST_ID = 2**63 - 1  # what the database's keys hold
MOST_HOURS = 100_000
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.command()
def create(
    endpoint: Annotated[str, typer.Option(help="Public address of the receiver.")],
    *,
    json: Json = False,
) -> None:
    """Subscribe riskdesk to ticket events and print the signing secret to put into settings.

    Example: riskdesk webhooks create --endpoint https://desk.example.com/webhooks/zendesk
    """
    client = connect(load_settings())
    webhook = client.create_webhook(
        name="riskdesk",
        endpoint=endpoint,
        subscriptions=[PREFIX + event for event in SUBSCRIBED_EVENTS],
    )
    secret = client.webhook_secret(webhook["id"])
    if json:
        print_json({"webhook_id": webhook["id"], "signing_secret": secret})
        return
    console.print(f"Webhook {webhook['id']} delivers to {endpoint}.")
    console.print(f"RISKDESK_WEBHOOK_SECRETS={secret}", soft_wrap=True, highlight=False)


@app.command()
def status(*, json: Json = False) -> None:
    """Show how many deliveries came, wait and failed.

    Example: riskdesk webhooks status
    """
    engine = open_database(load_settings())
    with reading(engine) as connection:
        counts = inbox.counts(connection)
    if json:
        print_json(counts)
        return
    console.print(table("Deliveries", ("what", "how many"), counts.items()))


@app.command()
def replay(
    ids: Annotated[
        list[int] | None, typer.Argument(help="Ids of deliveries.", min=1, max=LARGEST_ID)
    ] = None,
    *,
    failed: Annotated[bool, typer.Option(help="All that failed.")] = False,
    hours: Annotated[int, typer.Option(help="All of the last hours.", min=0, max=MOST_HOURS)] = 0,
    json: Json = False,
) -> None:
    """Handle stored deliveries once more; each effect still happens only once.

    Example: riskdesk webhooks replay --failed
    """
    if not (ids or failed or hours):
        raise BadInput("Nothing to replay was chosen.", hint="give ids, --failed or --hours N.")
    engine = open_database(load_settings())
    now = utc_now()
    with transaction(engine) as connection:
        chosen = inbox.select_for_replay(
            connection,
            ids=ids or (),
            outcome="failed" if failed else None,
            since=now - timedelta(hours=hours) if hours else None,
        )
        number = inbox.reopen(connection, chosen, now=now)
    if json:
        print_json({"replayed": number})
        return
    console.print(f"{number} deliveries wait again; the worker handles them within seconds.")
