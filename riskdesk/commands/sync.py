"""Commands that copy Zendesk into the warehouse, and prove that the copy is right."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text
from sqlalchemy import Engine

from integrations.redaction.keys import open_database
from integrations.runtime.clock import utc_now
from integrations.runtime.database import transaction
from integrations.runtime.errors import BadInput
from integrations.runtime.settings import load_settings
from riskdesk.change_source import pace_of, streams_of
from riskdesk.commands.sync_table import plain, status_table, statuses, telling, watching
from riskdesk.desk import build_desk
from riskdesk.output import print_json, table
from sync.migrations.upgrade import require_newest
from sync.mirror.engine import BEGINNING, Shift, StreamResult
from sync.mirror.lanes import open_range
from sync.streams.stream import Stream

TRIES = 20  # a copy of the past takes days; an hour without Zendesk should not end it

app = typer.Typer(no_args_is_help=True)
console = Console(stderr=True)

Only = Annotated[list[str] | None, typer.Option("--stream", help="Stream name; repeat it.")]
Start = Annotated[
    str | None,
    typer.Option(
        metavar="DATE", help="At the very first run: the oldest change to copy; default: all."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.command()
def run(stream: Only = None, *, start: Start = None, as_json: AsJson = False) -> None:
    """Copy new and changed records from Zendesk to the warehouse, until nothing is missing.

    What changes now goes first; the past is copied with what is left of Zendesk's budget. It may
    be stopped at any moment and goes on where it was.

    Example: riskdesk sync run --stream tickets --stream ticket_events
    """
    streams, engine = chosen(stream), open_warehouse()
    since = BEGINNING if start is None else instant(start)
    if start is not None and any(each.requests for each in statuses(engine, streams)):
        console.print("--start counts at the very first run only; this one goes on where it was.")
    desk = build_desk(load_settings())
    shift = Shift(pace=pace_of(desk.settings), tries=TRIES)
    with _shown(engine, streams, as_json=as_json):
        results = desk.sync(streams, shift=shift, start=since)
    _report(results, as_json=as_json)


@app.command()
def backfill(
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="Oldest change, UTC.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="Newest change, UTC.")],
    stream: Only = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Copy what last changed in a part of the past; several machines can take a part each.

    They share one PostgreSQL, and the budget: more machines do not get more from Zendesk.

    Example: riskdesk sync backfill --from 2023-01-01 --until 2024-01-01
    """
    begin, end = instant(since), instant(until)
    if not begin < end <= utc_now():
        raise BadInput(
            f"There is no past from {since} until {until}.",
            hint="give two dates, the older one first; `riskdesk sync run` follows the present.",
        )
    streams = [each for each in chosen(stream) if each.tells_changes]
    engine = open_warehouse()
    with transaction(engine) as connection:
        (lane,) = {open_range(connection, each, begin, end) for each in streams} or {""}
    desk = build_desk(load_settings())
    with _shown(engine, streams, as_json=as_json):
        results = desk.sync(streams, shift=Shift(only_lane=lane, tries=TRIES))
    _report(results, as_json=as_json)


@app.command()
def status(
    stream: Only = None,
    *,
    watch: Annotated[bool, typer.Option(help="Keep showing it until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show how far each stream was copied, what it cost, what went wrong, when it will be done.

    Example: riskdesk sync status --watch
    """
    streams, engine = chosen(stream), open_warehouse()
    _, missing = streams_of(load_settings())
    if as_json:
        lanes = [plain(each) for each in statuses(engine, streams)]
        print_json({"streams": lanes, "missing": dict(missing)})
    elif watch:
        with watching(engine, streams, Console()), suppress(KeyboardInterrupt):
            while True:
                time.sleep(1)
    else:
        Console().print(status_table(statuses(engine, streams), now=utc_now()))
        for name, why in missing.items():
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


def instant(text: str) -> datetime:
    """Read a date or an instant, both UTC unless they say otherwise."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no date.", hint="write it as 2024-01-31.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def open_warehouse() -> Engine:
    """Return the configured database; ConfigError when its schema is not the newest."""
    engine = open_database(load_settings())
    require_newest(engine)
    return engine


def spinner() -> Progress:
    """Return a line that tells what a long command is doing."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


@contextmanager
def _shown(engine: Engine, streams: Sequence[Stream], *, as_json: bool) -> Iterator[None]:
    """Show how far the run is: a table in a terminal, elsewhere a line a minute."""
    show = watching if console.is_terminal and not as_json else telling
    with show(engine, streams, console):
        yield


def _report(results: Sequence[StreamResult], *, as_json: bool) -> None:
    """Print what a run did; exit code 1 when a stream failed."""
    if as_json:
        print_json({"streams": [_plain_result(each) for each in results]})
    else:
        _show_results(results)
    if any(each.error for each in results):
        raise typer.Exit(1)


def _plain_result(result: StreamResult) -> dict[str, Any]:
    values = asdict(result)
    lag = values.pop("lag")
    return values | {"lag_seconds": None if lag is None else int(lag.total_seconds())}


def _show_results(results: Sequence[StreamResult]) -> None:
    columns = ("stream", "stored", "deleted", "set aside", "pages")
    rows = [(r.stream, r.rows, r.deleted, r.quarantined, r.pages) for r in results]
    Console().print(table("Sync finished", columns, rows))
    told: set[str | None] = set()
    for each in results:
        if each.error and each.hint not in told:
            told.add(each.hint)
            others = [r.stream for r in results if r.error and r.hint == each.hint and r != each]
            console.print(Text(f"{each.stream}: {each.error}", style="red"))
            console.print(Text(f"What to do: {each.hint}"))
            if others:
                console.print(
                    Text(f"The same for {', '.join(others)}: see `riskdesk sync status`.")
                )
