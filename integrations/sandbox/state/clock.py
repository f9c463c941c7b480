"""The record clock: the time that is written into records, real or stepped by a driver."""

from datetime import datetime

from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.errors import BadInput


class RecordClock:
    """Tells the instant for records: the machine's time until it is stepped, then the given one."""

    def __init__(self, start: datetime | None = None) -> None:
        self._stepped = start
        self._newest: datetime | None = None

    @property
    def is_stepped(self) -> bool:
        """Whether the clock stands still between steps."""
        return self._stepped is not None

    def now(self) -> datetime:
        """Return the present instant of the records."""
        return self._stepped or utc_now()

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
        earliest = self._stepped or self._newest
        if earliest is not None and moment < earliest:
            raise BadInput(
                f"The record clock is at {format_instant(earliest)} and runs forwards only.",
                hint="give a later instant, or start a new sandbox.",
            )
        self._stepped = moment

    def rewind_for_history(self, moment: datetime | None) -> None:
        """Pin the clock anywhere while believable history is written; None lets it run again."""
        self._stepped = moment
