"""Commands that copy Zendesk into the warehouse, and prove that the copy is right."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import Engine

from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.database import create_database_engine, reading
from integrations.runtime.errors import BadInput
from integrations.runtime.settings import load_settings
from integrations.zendesk.client import connect
from sync.migrations.upgrade import require_newest
from sync.mirror import cursors
from sync.mirror import engine as mirror
from sync.mirror import verify as verification
from sync.mirror.source import ZendeskExports
from sync.streams.registry import BY_NAME, STREAMS, Stream

SHOWN_DIFFERENCES = 50

app = typer.Typer(help="Copy Zendesk into the warehouse.", no_args_is_help=True)
console = Console(stderr=True)

Only = Annotated[list[str] | None, typer.Option("--stream", help="Stream name; repeat it.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.command()
def run(stream: Only = None, as_json: AsJson = False) -> None:
    """Copy new and changed records from Zendesk to the warehouse.

    Example: riskdesk sync run --stream tickets --stream ticket_events
    """
    streams, settings, engine = chosen(stream), load_settings(), open_warehouse()
    source = ZendeskExports(connect(settings).session)
    with _spinner() as progress:
        bar = progress.add_task("starting", total=None)
        results = mirror.run(
            engine,
            source,
            streams,
            now=utc_now(),
            progress=lambda name, rows: progress.update(bar, description=f"{name}: {rows} records"),
        )
    if as_json:
        typer.echo(json.dumps({"streams": [_plain_result(each) for each in results]}))
    else:
        _show_results(results)
    if any(each.error for each in results):
        raise typer.Exit(1)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show how far each stream was copied, and what went wrong.

    Example: riskdesk sync status
    """
    with reading(open_warehouse()) as connection:
        positions = [cursors.look(connection, each.name) for each in STREAMS]
    now = utc_now()
    if as_json:
        plain = [
            {
                "stream": each.stream,
                "rows": each.rows,
                "caught_up_at": each.caught_up_at and format_instant(each.caught_up_at),
                "lag_seconds": _seconds(each.lag(now)),
                "error": each.error,
            }
            for each in positions
        ]
        typer.echo(json.dumps({"streams": plain}))
        return
    table = Table("stream", "records", "complete until (UTC)", "newest error", title="Mirror")
    for each in positions:
        until = f"{each.caught_up_at:%Y-%m-%d %H:%M:%S}" if each.caught_up_at else "never"
        table.add_row(each.stream, str(each.rows), until, escape(each.error or ""))
    Console().print(table)


@app.command()
def verify(stream: Only = None, as_json: AsJson = False) -> None:
    """Compare every record of the warehouse with Zendesk; exit code 1 when anything differs.

    Example: riskdesk sync verify
    """
    streams, settings, engine = chosen(stream), load_settings(), open_warehouse()
    client = connect(settings)
    with _spinner() as progress:
        bar = progress.add_task("starting", total=None)
        found = verification.check(
            engine,
            client,
            now=utc_now(),
            streams=streams,
            progress=lambda name: progress.update(bar, description=f"comparing {name}"),
        )
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        _show_verification(found)
    if found.differences:
        raise typer.Exit(1)


def chosen(names: Sequence[str] | None) -> list[Stream]:
    """Return the named streams, all when none is named; BadInput names the ones there are."""
    unknown = sorted(set(names or ()) - set(BY_NAME))
    if unknown:
        raise BadInput(
            f"There is no stream named {', '.join(unknown)}.",
            hint=f"choose from {', '.join(BY_NAME)}.",
        )
    return [each for each in STREAMS if not names or each.name in names]


def open_warehouse() -> Engine:
    """Return the configured database; ConfigError when its schema is not the newest."""
    engine = create_database_engine(load_settings().database_url)
    require_newest(engine)
    return engine


def _spinner() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _plain_result(result: mirror.StreamResult) -> dict[str, Any]:
    plain = asdict(result)
    plain["lag_seconds"] = _seconds(plain.pop("lag"))
    return plain


def _seconds(lag: Any) -> int | None:
    return None if lag is None else int(lag.total_seconds())


def _show_results(results: Sequence[mirror.StreamResult]) -> None:
    columns = ("stream", "stored", "deleted", "set aside", "pages")
    table = Table(*columns, title="Sync finished")
    for each in results:
        numbers = (each.rows, each.deleted, each.quarantined, each.pages)
        table.add_row(each.stream, *(str(number) for number in numbers))
    Console().print(table)
    for each in results:
        if each.error:
            console.print(f"[red]{each.stream}: {escape(each.error)}[/red]")
            console.print(f"What to do: {escape(each.hint or '')}")


def _show_verification(found: verification.Verification) -> None:
    out = Console()
    summary = Table("table", "records compared", title="Warehouse against Zendesk")
    for name, count in found.compared.items():
        summary.add_row(name, str(count))
    out.print(summary)
    if not found.differences:
        out.print("No difference.")
        return
    columns = ("table", "id", "field", "warehouse", "Zendesk", "likely cause")
    table = Table(*columns, title=f"{len(found.differences)} differences")
    for each in found.differences[:SHOWN_DIFFERENCES]:
        table.add_row(*(escape(str(value)) for value in asdict(each).values()))
    out.print(table)
    if len(found.differences) > SHOWN_DIFFERENCES:
        out.print(f"The first {SHOWN_DIFFERENCES} are shown; --json has them all.")
