"""The account's business hours, looked up once and again after ten minutes."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from integrations.runtime.database import reading
from sync.sla.desk_clocks.desk import Hours
from sync.sla.desk_service import business_hours

_FRESH_FOR = timedelta(minutes=10)


class AccountHours:
    """Reads the mirrored schedules; safe to use from many threads."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._fresh_until = datetime.min.replace(tzinfo=UTC)
        self._hours: Hours = lambda _name, _at: None

    def __call__(self) -> Hours:
        """Return the business hours as they were at most ten minutes ago."""
        with self._lock:
            if self._clock() >= self._fresh_until:
                with reading(self._engine) as connection:
                    self._hours = business_hours(connection)
                self._fresh_until = self._clock() + _FRESH_FOR
            return self._hours
