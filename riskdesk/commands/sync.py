"""Commands that copy Zendesk into the warehouse, and prove that the copy is right."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text
from sqlalchemy import Engine

from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.database import create_database_engine, reading
from integrations.runtime.errors import BadInput
from integrations.runtime.settings import load_settings
from riskdesk.change_source import streams_of
from riskdesk.desk import build_desk
from riskdesk.output import print_json, table
from sync.migrations.upgrade import require_newest
from sync.mirror import cursors
from sync.mirror.engine import StreamResult
from sync.streams.stream import Stream

app = typer.Typer(no_args_is_help=True)
console = Console(stderr=True)

Only = Annotated[list[str] | None, typer.Option("--stream", help="Stream name; repeat it.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.command()
def run(stream: Only = None, *, as_json: AsJson = False) -> None:
    """Copy new and changed records from Zendesk to the warehouse.

    Example: riskdesk sync run --stream tickets --stream ticket_events
    """
    streams = chosen(stream)
    open_warehouse()
    desk = build_desk(load_settings())
    with spinner() as progress:
        bar = progress.add_task("starting", total=None)
        results = desk.sync(
            streams,
            progress=lambda name, rows: progress.update(bar, description=f"{name}: {rows} records"),
        )
    if as_json:
        print_json({"streams": [_plain_result(each) for each in results]})
    else:
        _show_results(results)
    if any(each.error for each in results):
        raise typer.Exit(1)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Show how far each stream was copied, and what went wrong.

    Example: riskdesk sync status
    """
    with reading(open_warehouse()) as connection:
        positions = [cursors.look(connection, each.name) for each in chosen(None)]
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
        print_json({"streams": plain, "missing": streams_of(load_settings())[1]})
        return
    rows = [
        (
            each.stream,
            each.rows,
            format_instant(each.caught_up_at) if each.caught_up_at else "never",
            each.error or "",
        )
        for each in positions
    ]
    Console().print(table("Mirror", ("stream", "records", "complete until", "newest error"), rows))
    for name, why in streams_of(load_settings())[1].items():
        Console().print(f"{name} is not mirrored: {why}. See docs/change_sources.md.")


def chosen(names: Sequence[str] | None) -> list[Stream]:
    """Return the named streams, all when none is named; BadInput names the ones there are."""
    streams, _ = streams_of(load_settings())
    known = [each.name for each in streams]
    unknown = sorted(set(names or ()) - set(known))
    if unknown:
        raise BadInput(
            f"There is no stream named {', '.join(unknown)}.",
            hint=f"choose from {', '.join(known)}.",
        )
    return [each for each in streams if not names or each.name in names]


def open_warehouse() -> Engine:
    """Return the configured database; ConfigError when its schema is not the newest."""
    engine = create_database_engine(load_settings().database_url)
    require_newest(engine)
    return engine


def spinner() -> Progress:
    """Return a line that tells what a long command is doing."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _plain_result(result: StreamResult) -> dict[str, Any]:
    plain = asdict(result)
    plain["lag_seconds"] = _seconds(plain.pop("lag"))
    return plain


def _seconds(lag: Any) -> int | None:
    return None if lag is None else int(lag.total_seconds())


def _show_results(results: Sequence[StreamResult]) -> None:
    columns = ("stream", "stored", "deleted", "set aside", "pages")
    rows = [(r.stream, r.rows, r.deleted, r.quarantined, r.pages) for r in results]
    Console().print(table("Sync finished", columns, rows))
    for each in results:
        if each.error:
            console.print(Text(f"{each.stream}: {each.error}", style="red"))
            console.print(Text(f"What to do: {each.hint}"))
