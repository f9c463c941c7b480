"""Copies streams into the warehouse: each page and its cursor in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import (
    BudgetSpent,
    RiskdeskError,
    ServiceUnavailable,
    ZendeskRefused,
    ZendeskRetryable,
)
from integrations.zendesk.export import Page
from sync.mirror import cursors, lanes
from sync.mirror.claims import Claims
from sync.mirror.cursors import Position
from sync.mirror.lanes import BEGINNING
from sync.mirror.pages import (
    OnPage,
    OvertakenError,
    finish_list,
    pages_of,
    refuse_to_be_overtaken,
    store_page,
    with_parent,
)
from sync.mirror.schedule import Lane, Shift, next_lane, sleep_s
from sync.mirror.second_try import retry_quarantined
from sync.sources.source import MirrorSource
from sync.streams.registry import STREAMS
from sync.streams.stream import Stream

__all__ = [
    "BEGINNING",
    "OnPage",
    "Progress",
    "Shift",
    "StreamResult",
    "pages_of",
    "run",
    "with_parent",
]

FIRST_TRIES = 3  # of a lane that has stored nothing yet

Progress = Callable[[str, int], None]  # stream and how many of its records are stored so far

log = structlog.get_logger(__name__)


CURSOR_REFUSALS = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.GONE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


@dataclass(slots=True)
class StreamResult:
    """How the run of one stream ended; `error` is empty when all went well.

    `lag` is the age of the newest complete state, the past left aside; None before there is one.
    """

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
    """What all lanes of one run share."""

    engine: Engine
    source: MirrorSource
    shift: Shift
    started: float
    began_at: datetime
    on_page: OnPage | None
    progress: Progress | None
    claims: Claims
    results: dict[str, StreamResult]

    @property
    def elapsed(self) -> timedelta:
        """How long the run has lasted."""
        return timedelta(seconds=self.shift.timer() - self.started)

    @property
    def now(self) -> datetime:
        """The time by this machine's clock."""
        return self.began_at + self.elapsed


def run(
    engine: Engine,
    source: MirrorSource,
    streams: Sequence[Stream] = STREAMS,
    *,
    now: datetime,
    start: datetime = BEGINNING,
    on_page: OnPage | None = None,
    progress: Progress | None = None,
    shift: Shift | None = None,
) -> list[StreamResult]:
    """Bring the streams up to date; one that fails is reported and does not stop the others.

    Every lane goes on where its last stored page ended, also after a crash. `start` is the oldest
    change the very first run asks for.
    """
    retry_quarantined(engine, now=now)
    shift = shift or Shift()
    with Claims(engine) as claims:
        shared = Run(
            engine=engine,
            source=source,
            shift=shift,
            started=shift.timer(),
            began_at=now,
            on_page=on_page,
            progress=progress,
            claims=claims,
            results={stream.name: StreamResult(stream.name) for stream in streams},
        )
        open_ = [lane for each in streams for lane in _open(shared, each, start=start)]
        working = [each for each in open_ if shift.only_lane in {None, each.position.lane}]
        _work(shared, working)
    for lane in open_:
        if not lane.is_past:
            shared.results[lane.stream.name].lag = lanes.lag(lane.stream, lane.position, now)
    return list(shared.results.values())


def _open(run: Run, stream: Stream, *, start: datetime) -> list[Lane]:
    """Return the lanes of a stream; the first run of all makes them."""
    with reading(run.engine) as connection:
        found = cursors.lanes_of(connection, stream.name)
    is_new = not any(_was_begun(each) for each in found)
    if is_new and stream.tells_changes and run.shift.only_lane is None:
        try:
            found = _make_lanes(run, stream, start)
        except RiskdeskError as error:
            nowhere = Lane(stream, Position(stream.name))
            _failed(run, nowhere, error)
            return [nowhere]
    return [Lane(stream, position) for position in found or [Position(stream.name)]]


def _was_begun(live: Position) -> bool:
    return live.lane == cursors.LIVE and (live.pages > 0 or live.start_at is not None)


def _make_lanes(run: Run, stream: Stream, start: datetime) -> list[Position]:
    expected = run.source.count(stream) if start == BEGINNING else None
    first = lanes.first_lanes(stream, start=start, now=run.source.server_time(), expected=expected)
    with transaction(run.engine) as connection:
        cursors.create(connection, first)
        if not _was_begun(cursors.read(connection, stream.name)):  # it failed before its first page
            cursors.write(connection, first[0])
        return cursors.lanes_of(connection, stream.name)


def _work(run: Run, working: Sequence[Lane]) -> None:
    """Take one page after the other, always of the lane that needs it most."""
    length = run.shift.length
    while True:
        if length is None and all(lane.is_settled for lane in working):
            return
        half_read = any(lane.is_list and lane.pull for lane in working)
        if length is not None and run.elapsed >= length and not half_read:
            return
        lane = next_lane(working, run.shift, run.now)
        if lane is not None:
            _step(run, lane)
        elif length is not None and not half_read:
            return  # to wait is for the next run
        else:
            run.shift.sleep(sleep_s(working, run.shift, run.now))


def _step(run: Run, lane: Lane) -> None:
    """Read and store one page of a lane; whatever hinders it is noted at the lane."""
    sent, now = run.source.requests, run.now
    try:
        page = _next_page(run, lane)
        lane.unbooked += run.source.requests - sent
        if page is None:
            _end_pull(run, lane)
        else:
            _store(run, lane, *page, now=now)
    except BudgetSpent as error:
        lane.unbooked += run.source.requests - sent
        lane.end_pull()
        lane.resumes_at = now + timedelta(seconds=error.retry_after_s)
    except OvertakenError as error:
        lane.end_pull()
        lane.is_over = True
        if not run.shift.only_due:
            _report(run, lane, error)
    except OperationalError as error:
        kind = type(error.orig).__name__
        broken = ServiceUnavailable(
            f"The database failed while {lane.stream.name} was copied: {kind}.",
            hint="check that it runs; the next run goes on where the last page ended.",
        )
        _failed(run, lane, broken)
    except RiskdeskError as error:
        lane.unbooked += run.source.requests - sent
        if _refuses_cursor(lane, error):
            _restart(run, lane, error)
        else:
            _failed(run, lane, error)


def _next_page(run: Run, lane: Lane) -> tuple[Page, int | None] | None:
    if lane.pull is None:
        if not run.claims.take(lane.stream.name, lane.position.lane):
            raise OvertakenError(lane.position)
        if not lane.was_asked:  # somebody may have worked on it until we claimed it
            with reading(run.engine) as connection:
                lane.position = cursors.look(connection, lane.stream.name, lane.position.lane)
        cursor, start = lanes.resume(lane.stream, lane.position)
        lane.was_asked, lane.is_complete = True, False
        lane.pull = pages_of(
            run.engine, run.source, lane.stream, cursor=cursor, start=start, spare=lane.is_patient
        )
    return next(lane.pull, None)


def _store(run: Run, lane: Lane, page: Page, parent_id: int | None, *, now: datetime) -> None:
    stored = store_page(run.engine, lane, page, parent_id, now=now, on_page=run.on_page)
    result = run.results[lane.stream.name]
    result.rows += stored.rows
    result.quarantined += stored.quarantined
    result.pages += 1
    if run.progress:
        run.progress(lane.stream.name, result.rows)


def _end_pull(run: Run, lane: Lane) -> None:
    """End a pull that has no more pages."""
    if lane.is_list:
        run.results[lane.stream.name].deleted += finish_list(run.engine, lane, now=run.now)
        lane.complete_pull()
    else:
        lane.is_over = True  # it broke off without saying that this was the end
        lane.end_pull()


def _refuses_cursor(lane: Lane, error: RiskdeskError) -> bool:
    """Tell whether a new beginning may help: nobody documents how an old cursor is refused."""
    is_refusal = isinstance(error, ZendeskRefused) and error.status in CURSOR_REFUSALS
    return is_refusal and lane.position.cursor is not None and not lane.has_restarted


def _restart(run: Run, lane: Lane, error: RiskdeskError) -> None:
    """Forget a cursor that Zendesk refuses; the pull goes on from the last good time."""
    lane.end_pull()
    stream = lane.stream.name
    why = f"The cursor was refused, and {stream} goes on from the last good time: {error.message}"
    log.warning("cursor_refused", stream=stream, lane=lane.position.lane, error=error.message)
    position = lanes.refused(lane.position, why=why, now=run.now, requests=lane.unbooked)
    with transaction(run.engine) as connection:
        refuse_to_be_overtaken(connection, lane.position)
        cursors.write(connection, position)
    lane.position, lane.unbooked, lane.has_restarted, lane.notice = position, 0, True, why


def _failed(run: Run, lane: Lane, error: RiskdeskError) -> None:
    """Note a failure; what may pass by itself is tried again as often as the shift says."""
    lane.end_pull()
    lane.failures += 1
    try:
        with transaction(run.engine) as connection:
            lane.position = cursors.note_failure(
                connection, lane.position, error.message, now=run.now, requests=lane.unbooked
            )
        lane.unbooked = 0
    except OperationalError as broken:  # then the report has to do
        log.warning("failure_not_noted", error=type(broken.orig).__name__)
        lane.position = replace(lane.position, failed_at=run.now, asked_at=run.now)
    may_pass = isinstance(error, ZendeskRetryable | ServiceUnavailable)
    # What never worked may be set up wrongly: a person should not wait for it for long.
    tries = run.shift.tries if lane.position.pages else min(run.shift.tries, FIRST_TRIES)
    if may_pass and lane.failures < tries:
        lane.wait_after_failure(run.now)
        return
    lane.is_over = True
    _report(run, lane, error)


def _report(run: Run, lane: Lane, error: RiskdeskError) -> None:
    result = run.results[lane.stream.name]
    result.error, result.hint = error.message, error.hint
