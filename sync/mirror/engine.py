"""Copies streams into the warehouse: each page and its cursor in one transaction."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from msgspec import Raw
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import OperationalError

from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import RecordGone, RiskdeskError, ServiceUnavailable
from integrations.zendesk.export import Page
from sync.mirror import cursors
from sync.mirror.arrival import Arrival, Key
from sync.mirror.deletions import mark_absent
from sync.mirror.landing import land
from sync.mirror.missing import compare_span
from sync.mirror.writing import with_key
from sync.sources.source import PageSource
from sync.streams.registry import BY_NAME, STREAMS
from sync.streams.stream import Paging, Stream
from sync.warehouse.tables.bookkeeping import Source

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

# Called inside the transaction of each page, after its records were stored.
# It gets the stream and the tickets whose rows or whose history the page brought.
OnPage = Callable[[Connection, str, Collection[int]], None]
Progress = Callable[[str, int], None]  # stream and how many of its records are stored so far


@dataclass(slots=True)
class StreamResult:
    """How the run of one stream ended; `error` is empty when all went well."""

    stream: str
    rows: int = 0
    quarantined: int = 0
    deleted: int = 0
    pages: int = 0
    lag: timedelta | None = None
    error: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What all streams of one run share."""

    engine: Engine
    source: PageSource
    start: datetime
    now: datetime
    on_page: OnPage | None
    progress: Progress | None


@dataclass(slots=True)
class Seen:
    """What a run of one stream has met so far: where it stands and which records are alive."""

    position: cursors.Position
    keys: set[Key] = field(default_factory=set)
    began: datetime | None = None  # when the first page was read


def run(
    engine: Engine,
    source: PageSource,
    streams: Sequence[Stream] = STREAMS,
    *,
    now: datetime,
    start: datetime = BEGINNING,
    on_page: OnPage | None = None,
    progress: Progress | None = None,
) -> list[StreamResult]:
    """Bring the streams up to date; one that fails is reported and does not stop the others.

    Every run goes on where the last stored page ended, also after a crash. `start` is the
    oldest change the very first run asks for.
    """
    shared = Run(
        engine=engine, source=source, start=start, now=now, on_page=on_page, progress=progress
    )
    return [_run_stream(shared, stream) for stream in streams]


def pages_of(
    engine: Engine, source: PageSource, stream: Stream, *, cursor: str | None, start: datetime
) -> Iterator[tuple[Page, int | None]]:
    """Yield each page of a stream and the parent it belongs to, if any."""
    if stream.parent is None:
        for page in source.pages(stream, stream.path, cursor=cursor, start=start):
            yield page, None
        return
    parents = BY_NAME[stream.parent].table
    with reading(engine) as connection:
        alive = select(parents.c.id).where(parents.c.deleted_at.is_(None)).order_by(parents.c.id)
        ids = connection.scalars(alive).all()
    for number in ids:
        path = stream.path.format(parent_id=number)
        try:
            for page in source.pages(stream, path, cursor=None, start=start):
                yield page, number
        except RecordGone:  # deleted since its own list was read; its children went with it
            continue


def with_parent(stream: Stream, records: list[Raw], parent_id: int | None) -> list[Raw]:
    """Return the records of a stream, each with the number of the parent it was listed under."""
    if stream.parent_key is None or parent_id is None:
        return records
    return [with_key(record, stream.parent_key, parent_id) for record in records]


def _run_stream(run: Run, stream: Stream) -> StreamResult:
    result = StreamResult(stream.name)
    with reading(run.engine) as connection:
        seen = Seen(cursors.look(connection, stream.name))
    try:
        _copy(run, stream, seen, result)
    except RiskdeskError as error:
        result.error, result.hint = error.message, error.hint
        with transaction(run.engine) as connection:
            cursors.note_failure(connection, stream.name, error.message, now=run.now)
    result.lag = seen.position.lag(run.now)
    return result


def _copy(run: Run, stream: Stream, seen: Seen, result: StreamResult) -> None:
    """Store all pages; a database that cannot go on becomes an error of the stream."""
    cursor = seen.position.cursor
    try:
        for page, parent_id in pages_of(
            run.engine, run.source, stream, cursor=cursor, start=run.start
        ):
            _store_page(run, stream, page, parent_id, seen, result)
        if stream.paging is Paging.FULL_LIST:
            _finish_list(run, stream, seen, result)
    except OperationalError as error:
        raise ServiceUnavailable(
            f"The database failed while {stream.name} was copied: {type(error.orig).__name__}.",
            hint="check that it runs; the next run goes on where the last page ended.",
        ) from error


def _store_page(
    run: Run,
    stream: Stream,
    page: Page,
    parent_id: int | None,
    seen: Seen,
    result: StreamResult,
) -> None:
    """Store one page, what hangs on it and its cursor: all of it or nothing."""
    arrival = Arrival(stream.name, Source.EXPORT, page.server_time)
    records = with_parent(stream, page.records, parent_id)
    with transaction(run.engine) as connection:
        _refuse_second_run(connection, stream, seen.position)
        landed = land(connection, stream.table, records, arrival)
        if page.span:
            compare_span(connection, stream.table, page.span, landed.keys, now=page.server_time)
        for key, table in stream.sideloads:
            land(connection, table, page.sideloads.get(key, ()), arrival)
        if run.on_page:
            run.on_page(connection, stream.name, landed.ticket_ids)
        position = _advanced(seen.position, stream, page, landed.rows)
        cursors.write(connection, position)
    seen.position = position
    seen.keys |= landed.keys
    seen.began = seen.began or page.server_time
    result.rows += landed.rows
    result.quarantined += landed.quarantined
    result.pages += 1
    if run.progress:
        run.progress(stream.name, result.rows)


def _finish_list(run: Run, stream: Stream, seen: Seen, result: StreamResult) -> None:
    """Mark what a complete list did not hold; only now is the stream up to date."""
    moment = seen.position.stored_at or run.now
    position = replace(seen.position, caught_up_at=moment, failed_at=None, error=None)
    with transaction(run.engine) as connection:
        _refuse_second_run(connection, stream, seen.position)
        result.deleted = mark_absent(
            connection, stream.table, seen.keys, began=seen.began or moment, now=moment
        )
        cursors.write(connection, position)
    seen.position = position


def _refuse_second_run(connection: Connection, stream: Stream, expected: cursors.Position) -> None:
    """Stop when another run moved the cursor meanwhile, so that it never goes back."""
    found = cursors.read(connection, stream.name)
    if (found.cursor, found.pages) != (expected.cursor, expected.pages):
        raise ServiceUnavailable(
            f"Another run is copying {stream.name} at this moment.",
            hint="nothing; the other run finishes it.",
        )


def _advanced(
    before: cursors.Position, stream: Stream, page: Page, stored: int
) -> cursors.Position:
    """Return the position after a page; a full list always starts again from its beginning."""
    is_list = stream.paging is Paging.FULL_LIST
    return replace(
        before,
        cursor=None if is_list else page.cursor or before.cursor,
        rows=before.rows + stored,
        pages=before.pages + 1,
        stored_at=page.server_time,
        caught_up_at=page.server_time if page.end and not is_list else before.caught_up_at,
        failed_at=None,
        error=None,
    )
