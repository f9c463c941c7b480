"""Reads the pages of a stream and stores each with its cursor in one transaction."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime

from msgspec import Raw
from sqlalchemy import Connection, Engine, select

from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import RecordGone, ServiceUnavailable
from integrations.zendesk.export import Page
from sync.mirror import cursors, lanes
from sync.mirror.arrival import Arrival, Landed
from sync.mirror.cursors import Position
from sync.mirror.landing import land
from sync.mirror.list_ends import end_list
from sync.mirror.missing import compare_span
from sync.mirror.schedule import Lane
from sync.mirror.writing import with_key
from sync.sources.source import PageSource
from sync.streams.registry import BY_NAME
from sync.streams.stream import Stream
from sync.warehouse.tables.bookkeeping import Source

# Called inside the transaction of each page, after its records were stored.
# It gets the stream and the tickets whose rows or whose history the page brought.
OnPage = Callable[[Connection, str, Collection[int]], None]


class OvertakenError(ServiceUnavailable):
    """Another run works on the same lane."""

    def __init__(self, position: Position) -> None:
        super().__init__(
            f"Another run is copying {position.stream} ({position.lane}) at this moment.",
            hint="nothing; the other run finishes it.",
        )


def pages_of(
    engine: Engine,
    source: PageSource,
    stream: Stream,
    *,
    cursor: str | None,
    start: datetime,
    spare: bool = False,
) -> Iterator[tuple[Page, int | None]]:
    """Yield each page of a stream and the parent it belongs to, if any."""
    if stream.parent is None:
        for page in source.pages(stream, stream.path, cursor=cursor, start=start, spare=spare):
            yield page, None
        return
    parents = BY_NAME[stream.parent].table
    with reading(engine) as connection:
        alive = select(parents.c.id).where(parents.c.deleted_at.is_(None)).order_by(parents.c.id)
        ids = connection.scalars(alive).all()
    for number in ids:
        path = stream.path.format(parent_id=number)
        try:
            for page in source.pages(stream, path, cursor=None, start=start, spare=spare):
                yield page, number
        except RecordGone:  # deleted since its own list was read; its children went with it
            continue


def with_parent(stream: Stream, records: list[Raw], parent_id: int | None) -> list[Raw]:
    """Return the records of a stream, each with the number of the parent it was listed under."""
    if stream.parent_key is None or parent_id is None:
        return records
    return [with_key(record, stream.parent_key, parent_id) for record in records]


def store_page(
    engine: Engine,
    lane: Lane,
    page: Page,
    parent_id: int | None,
    *,
    now: datetime,
    on_page: OnPage | None,
) -> Landed:
    """Store one page, what hangs on it and its cursor: all of it or nothing.

    Raises OvertakenError when another run stored a page of this lane meanwhile.
    """
    stream = lane.stream
    arrival = Arrival(stream.name, Source.EXPORT, page.server_time)
    records = with_parent(stream, page.records, parent_id)
    with transaction(engine) as connection:
        refuse_to_be_overtaken(connection, lane.position)
        landed = land(connection, stream.table, records, arrival)
        if page.span:
            compare_span(connection, stream.table, page.span, landed.keys, now=page.server_time)
        for key, table in stream.sideloads:
            land(connection, table, page.sideloads.get(key, ()), arrival)
        if on_page:
            on_page(connection, stream.name, landed.ticket_ids)
        position = lanes.advanced(
            lane.at_start_of_list() if lane.is_list and lane.began is None else lane.position,
            stream,
            page,
            stored=landed.rows,
            requests=lane.unbooked,
            notice=lane.notice,
            now=now,
        )
        cursors.write(connection, position)
    if lane.is_list:
        lane.listed |= landed.keys
        lane.is_whole &= len(landed.keys) >= len(page.records)
    lane.stored(position, page)
    return landed


def finish_list(engine: Engine, lane: Lane, *, now: datetime) -> int:
    """Mark what a complete list did not hold as deleted; only now is the stream up to date."""
    position, moment = lane.position, lane.position.stored_at or now
    finished = replace(position, asked_at=now, caught_up_at=moment, failed_at=None, error=None)
    with transaction(engine) as connection:
        refuse_to_be_overtaken(connection, position)
        gone = end_list(
            connection,
            lane.stream.table,
            # A record whose key cannot be read may be any of those that seem to be missing.
            lane.listed if lane.is_whole else None,
            began=lane.began or moment,
            now=moment,
        )
        cursors.write(connection, finished)
    lane.position = finished
    return gone


def refuse_to_be_overtaken(connection: Connection, expected: Position) -> None:
    """Stop when another run moved the cursor meanwhile, so that it never goes back."""
    found = cursors.read(connection, expected.stream, expected.lane)
    if found.place != expected.place:
        raise OvertakenError(expected)
