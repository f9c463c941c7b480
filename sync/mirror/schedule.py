"""Decides which lane is asked next: what changes now first, then lists, then the past."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from integrations.zendesk.export import Page
from sync.mirror.arrival import Key
from sync.mirror.cursors import LIVE, Position
from sync.mirror.lanes import is_done
from sync.streams.stream import Paging, Stream

FIRST_PAUSE = timedelta(seconds=30)  # after a failure; each further one doubles it
LONGEST_PAUSE = timedelta(minutes=5)
LONGEST_SLEEP = timedelta(seconds=30)
SHORTEST_SLEEP = timedelta(milliseconds=50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How a run goes about its work.

    With `length` it stops after the page that crosses it, and also when it would have to wait;
    without, it stops when all is copied. `only_due` leaves streams alone that were asked a moment
    ago; `pace` stretches these moments; `only_lane` leaves the others alone. A lane may fail
    `tries` times in a row.
    """

    only_due: bool = False
    only_lane: str | None = None
    length: timedelta | None = None
    pace: float = 1.0
    tries: int = 1
    timer: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True, eq=False)
class Lane:
    """A lane in one run: where it stands, the pull under way, and what hinders it."""

    stream: Stream
    position: Position
    pull: Iterator[tuple[Page, int | None]] | None = None
    began: datetime | None = None  # when the first page of a list was read
    listed: set[Key] = field(default_factory=set)  # the records of a list so far
    is_whole: bool = True  # every record of the list so far has a key
    unbooked: int = 0  # requests that no stored page accounts for yet
    was_asked: bool = False
    is_complete: bool = False  # the newest pull of this run came to its end
    notice: str | None = None  # what went wrong in this pull although it goes on
    is_over: bool = False
    has_restarted: bool = False
    failures: int = 0
    resumes_at: datetime | None = None

    @property
    def is_list(self) -> bool:
        """Tell whether every pull reads everything."""
        return self.stream.paging is Paging.FULL_LIST

    @property
    def is_patient(self) -> bool:
        """Tell whether this lane takes only what others leave of Zendesk's budgets."""
        return self.is_past or self.stream.paging is Paging.SWEEP

    @property
    def is_past(self) -> bool:
        """Tell whether this lane works off the past."""
        return self.position.lane != LIVE

    @property
    def is_settled(self) -> bool:
        """Tell whether a run that copies everything has nothing left to do here."""
        if self.is_over:
            return True
        return is_done(self.position) if self.is_past else self.is_complete

    def stored(self, position: Position, page: Page) -> None:
        """Go on behind a page that was stored."""
        self.position, self.unbooked, self.failures = position, 0, 0
        self.resumes_at, self.has_restarted = None, False
        self.began = self.began or page.server_time
        if not self.is_list and (page.end or is_done(position)):
            self.complete_pull()

    def complete_pull(self) -> None:
        """Note that a pull has reached its end."""
        self.is_complete, self.notice = True, None
        self.end_pull()

    def at_start_of_list(self) -> Position:
        """Return the position with the rows of earlier readings forgotten: a list counts itself."""
        return replace(self.position, rows=0)

    def end_pull(self) -> None:
        """Forget what belongs to one pull."""
        self.pull, self.began, self.listed, self.is_whole = None, None, set(), True

    def wait_after_failure(self, now: datetime) -> None:
        """Rest a while, longer after each failure."""
        pause = FIRST_PAUSE * 2 ** min(self.failures - 1, 10)
        self.resumes_at = now + min(pause, LONGEST_PAUSE)


def next_lane(lanes: Sequence[Lane], shift: Shift, now: datetime) -> Lane | None:
    """Return the lane whose page comes next; None when all have to wait. Order is priority."""
    due = [lane for lane in lanes if is_due(lane, shift, now)]
    return min(due, key=_rank, default=None)


def _rank(lane: Lane) -> int:
    if lane.is_past:
        return 2
    if lane.stream.paging is Paging.SWEEP:
        return 3
    # Lists that were never read tell what live records mean: policies, schedules, fields.
    return 1 if lane.is_list and lane.position.caught_up_at else 0


def is_due(lane: Lane, shift: Shift, now: datetime) -> bool:
    """Tell whether a lane may be asked now."""
    position = lane.position
    if lane.is_over or (lane.resumes_at is not None and now < lane.resumes_at):
        return False
    if lane.pull is not None or (lane.was_asked and not lane.is_complete):
        return not is_done(position)
    if lane.is_past:
        return not is_done(position)
    if position.asked_at is None or not (lane.was_asked or shift.only_due):
        return True
    if position.is_behind and position.failed_at is None:
        return True
    # A moment that lies ahead comes from another machine's clock: it must not stop the stream.
    return abs(now - position.asked_at) >= lane.stream.freshness * shift.pace


def sleep_s(lanes: Sequence[Lane], shift: Shift, now: datetime) -> float:
    """Return for how long nothing is due."""
    waits = [_due_at(lane, shift, now) - now for lane in lanes if not lane.is_over]
    wait = min(waits, default=SHORTEST_SLEEP)
    return max(SHORTEST_SLEEP, min(wait, LONGEST_SLEEP)).total_seconds()


def _due_at(lane: Lane, shift: Shift, now: datetime) -> datetime:
    if is_done(lane.position):
        return now + LONGEST_SLEEP
    if lane.is_past or lane.position.asked_at is None:
        return lane.resumes_at or now
    fresh_until = lane.position.asked_at + lane.stream.freshness * shift.pace
    return max(fresh_until, lane.resumes_at or fresh_until)
