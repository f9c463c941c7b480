"""The table of `riskdesk sync status`, which `riskdesk sync run` shows while it works."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine

from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.database import reading
from integrations.runtime.logs import strip_controls
from sync.mirror.lanes import BACKFILL
from sync.mirror.status import LaneStatus, status
from sync.streams.stream import Stream

COUNTS = ("records", "requests", "errors", "set aside", "new fields")
TELL_EVERY_S = 60
ALARMING = timedelta(minutes=10)
DAY, HOUR, MINUTE = 86_400, 3_600, 60


def statuses(engine: Engine, streams: Sequence[Stream]) -> list[LaneStatus]:
    """Return how far the lanes of these streams are at this moment."""
    with reading(engine) as connection:
        return status(connection, streams, now=utc_now())


@contextmanager
def watching(engine: Engine, streams: Sequence[Stream], console: Console) -> Iterator[None]:
    """Show the table in the terminal and keep it up to date until the end."""
    with Live(
        get_renderable=lambda: status_table(statuses(engine, streams), now=utc_now()),
        console=console,
        refresh_per_second=1,
    ):
        yield


@contextmanager
def telling(engine: Engine, streams: Sequence[Stream], console: Console) -> Iterator[None]:
    """Print a line now and then where nobody watches a terminal: a log, a scheduled job."""
    over = Event()

    def tell() -> None:
        while not over.wait(TELL_EVERY_S):
            console.print(progress_line(statuses(engine, streams), now=utc_now()), soft_wrap=True)

    teller = Thread(target=tell, name="progress", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def progress_line(lanes: Sequence[LaneStatus], *, now: datetime) -> Text:
    """Say in one line what was copied, and how far the past of each stream is."""
    errors = sum(lane.errors for lane in lanes)
    parts = [
        f"{sum(lane.rows for lane in lanes):,} records"
        f" in {sum(lane.requests for lane in lanes):,} requests"
    ]
    if errors:
        parts.append(f"{errors:,} errors")
    past = [lane for lane in lanes if lane.share is not None and lane.share < 1]
    parts += [f"{lane.stream} {lane.share:.1%}" for lane in past]
    ends = [lane.finishes_at for lane in past if lane.finishes_at]
    if ends:
        parts.append(f"done in {duration(max(ends) - now)}")
    return Text(f"{_minute(now)} " + ", ".join(parts))


def status_table(lanes: Sequence[LaneStatus], *, now: datetime) -> Table:
    """Build the table; what is late is yellow, what is much too late red.

    So that it fits 80 characters, counts that are all zero are left out, and the lanes of the past
    stand below their stream.
    """
    counts = [_counts(lane) for lane in lanes]
    shown = [place for place in range(len(COUNTS)) if any(each[place] for each in counts)]
    built = Table(
        title=f"Mirror at {format_instant(now)}",
        title_justify="left",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    built.add_column("stream", no_wrap=True)
    built.add_column("lag", justify="right", no_wrap=True)
    for place in shown:
        built.add_column(COUNTS[place], justify="right")
    built.add_column("how far", overflow="fold")
    previous = None
    for lane, numbers in zip(lanes, counts, strict=True):
        past = f"  {lane.lane.removeprefix(f'{BACKFILL} ')}"  # a range is told by its dates
        name = past if lane.stream == previous else lane.stream
        previous = lane.stream
        cells = (f"{numbers[place]:,}" if numbers[place] else "" for place in shown)
        built.add_row(name, _lag(lane), *cells, _how_far(lane, now))
    return built


def _counts(lane: LaneStatus) -> tuple[int, ...]:
    """Return the numbers in the order of COUNTS."""
    return (lane.rows, lane.requests, lane.errors, lane.set_aside, lane.unknown_fields)


def _lag(lane: LaneStatus) -> Text:
    if lane.share is not None:
        return Text("")
    if lane.lag is None:
        return Text("never read", style="yellow")
    style = "" if not lane.is_late else "red" if lane.lag > ALARMING else "yellow"
    return Text(duration(lane.lag), style=style)


def _how_far(lane: LaneStatus, now: datetime) -> Text:
    """Say where a lane stands; what went wrong comes first."""
    if lane.error:
        return Text(strip_controls(lane.error), style="red")
    if lane.share is None:
        return Text(f"until {_minute(lane.position_at)}" if lane.position_at else "")
    if lane.share >= 1:
        return Text("done", style="green")
    if lane.position_at is None:
        return Text("waits for its turn")
    parts = [f"{lane.share:.1%}, at {_minute(lane.position_at)}"]
    if lane.finishes_at:
        parts.append(f"done in {duration(lane.finishes_at - now)} ({_minute(lane.finishes_at)})")
    return Text("; ".join(parts))


def _minute(moment: datetime) -> str:
    return format_instant(moment)[:16].replace("T", " ")


def duration(span: timedelta) -> str:
    """Write a span in its two largest units: `2 d 3 h`, `4 min 10 s`, `58 s`."""
    seconds = max(int(span.total_seconds()), 0)
    for size, unit, smaller, part in ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} {seconds % size // smaller} {part}"
    return f"{seconds // MINUTE} min {seconds % MINUTE} s" if seconds >= MINUTE else f"{seconds} s"


def plain(lane: LaneStatus) -> dict[str, Any]:
    """Return a lane for machines: seconds and instants as text."""
    values = asdict(lane)
    lag = values.pop("lag")
    for name in ("position_at", "caught_up_at", "finishes_at"):
        values[name] = values[name] and format_instant(values[name])
    return values | {"lag_seconds": None if lag is None else int(lag.total_seconds())}
