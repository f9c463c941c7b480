"""The record clock: the time that is written into records, real, fast, or stepped by a driver."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.errors import BadInput

FASTEST = 1_000_000.0
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

Listener = Callable[[datetime, datetime], None]


def check_instant(moment: datetime) -> None:
    """Refuse instants too far away: history and deadlines need room on both sides."""
    if not EARLIEST <= moment <= LATEST:
        raise BadInput(
            f"The record clock cannot be set to {format_instant(moment)}.",
            hint=f"give an instant from {EARLIEST:%Y} to {LATEST:%Y}.",
        )


class RecordClock:
    """Tells the instant for records.

    It runs with the machine, or `speed` times as fast from some instant on, or stands still
    between steps. `on_advance` is called with (since, now) when time has passed: after a step, and
    by `tick` when a later second began.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.on_advance: list[Listener] = []
        self.speed = 1.0
        self._monotonic = monotonic
        self._stepped: datetime | None = None
        self._fast_from: tuple[datetime, float] | None = None  # an instant and when it was
        self._newest: datetime | None = None
        self._told: datetime | None = None

    @property
    def is_stepped(self) -> bool:
        """Whether the clock stands still between steps."""
        return self._stepped is not None

    def now(self) -> datetime:
        """Return the present instant of the records."""
        stepped, fast_from = self._stepped, self._fast_from  # deliveries ask on other threads
        if stepped is not None:
            return stepped
        if fast_from is None:
            return utc_now()
        instant, at = fast_from
        return instant + timedelta(seconds=(self._monotonic() - at) * self.speed)

    def stamp(self) -> str:
        """Return the present instant as text for a record, and remember that one was written."""
        moment = self.now()
        self._newest = moment
        return format_instant(moment)

    def step_to(self, moment: datetime) -> None:
        """Stop the clock at a later instant.

        A running clock may be stopped at any instant that is not before the newest record, so that
        a scene may play in the past of the machine.
        """
        check_instant(moment)
        earliest = self._stepped or self._newest
        if earliest is not None and moment < earliest:
            raise BadInput(
                f"The record clock is at {format_instant(earliest)} and runs forwards only.",
                hint="give a later instant, or start a new sandbox.",
            )
        self._stepped = moment
        self.tick()

    def run(self, speed: float) -> None:
        """Let the clock run on from where it is, so many times as fast as the machine's."""
        if not 0 < speed <= FASTEST:
            raise BadInput(
                f"The record clock cannot run {speed:g} times as fast.",
                hint=f"give a number above 0 and up to {FASTEST:g}.",
            )
        self._fast_from = (self.now(), self._monotonic())
        self._stepped, self.speed = None, speed

    def rewind_for_history(self, moment: datetime | None) -> None:
        """Pin the clock anywhere while believable history is written; None lets it run again."""
        self._stepped = self._told = moment

    def tick(self) -> None:
        """Tell the listeners that time has passed, at most once a second of the record clock."""
        now = self.now()
        since, self._told = self._told or self._newest, now
        if since is None or now < since:  # nothing written yet, or a scene in the past
            return
        if int(now.timestamp()) == int(since.timestamp()):
            self._told = since
            return
        for listener in self.on_advance:
            listener(since, now)

    @contextmanager
    def set_back(self, moment: datetime) -> Iterator[None]:
        """Let something happen at an instant that went by unobserved."""
        kept, self._stepped = self._stepped, moment
        try:
            yield
        finally:
            self._stepped = kept
