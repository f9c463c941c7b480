"""Keeps the mirror running: whole runs for people, short shifts for the schedule."""

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine

from automations.pipeline.catch_up import hand_over, hand_over_unread
from automations.pipeline.erasing import forget_erased
from automations.pipeline.reminders import remind
from integrations.runtime.clock import utc_now
from integrations.runtime.settings import Mode, Settings
from integrations.zendesk.client import ZendeskClient
from riskdesk.change_source import pace_of, settle, streams_of
from sync.mirror.engine import BEGINNING, Progress, Shift, StreamResult
from sync.mirror.engine import run as run_mirror
from sync.mirror.follow_up import follow_up
from sync.sla import service as sla
from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.desk_clocks.loading import SHIPPED_ONLY, RulesFile
from sync.sources.source import AccountSource
from sync.streams.stream import Stream

LONGEST_SHIFT = timedelta(seconds=20)  # of a worker, which has complaints to look at, too
TICK = timedelta(seconds=5)  # how often the schedule looks what is due
# What finds missed changes in the tickets of a page, by stream.
FINDERS = {"tickets": hand_over, "ticket_events": hand_over_unread}

log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class Mirroring:
    """Runs the mirror, hands over what no delivery told of, and refreshes the clocks."""

    settings: Settings
    engine: Engine
    zendesk: ZendeskClient
    source: AccountSource
    poke: Callable[[int], object]
    desk_rules: RulesFile = SHIPPED_ONLY
    sla_choices: Choices = DEFAULT_CHOICES
    busy: threading.Lock = field(default_factory=threading.Lock)
    refreshed_at: float = float("-inf")

    @property
    def tick(self) -> timedelta:
        """How often `a_while` should be called."""
        return min(TICK, self.settings.sync_interval)

    def a_while(self) -> list[StreamResult]:
        """Do what is due, for seconds at most; never waits for a turn. The next call goes on."""
        pace = pace_of(self.settings)
        return self.run(shift=Shift(only_due=True, length=LONGEST_SHIFT, pace=pace))

    def run(
        self,
        streams: Sequence[Stream] | None = None,
        *,
        shift: Shift | None = None,
        start: datetime = BEGINNING,
        progress: Progress | None = None,
    ) -> list[StreamResult]:
        """Mirror the streams as the shift says, everything to its end by default."""
        if not self.busy.acquire(blocking=False):
            return []  # the run that is under way does it
        shift = shift or Shift(pace=pace_of(self.settings))
        missed: list[int] = []

        def after_page(stream: str, rows: int) -> None:
            while missed:
                self.poke(missed.pop(0))
            self._refresh_clocks()
            if progress:
                progress(stream, rows)

        try:
            results = run_mirror(
                self.engine,
                self.source,
                streams_of(self.settings)[0] if streams is None else streams,
                now=utc_now(),
                start=start,
                on_page=lambda connection, stream, tickets: missed.extend(
                    self._on_page(connection, stream, tickets)
                ),
                progress=after_page,
                shift=shift,
            )
            settle(self.source, self.engine)
            follow_up(self.engine, self.zendesk, now=utc_now())
            forget_erased(self.engine, now=utc_now())
            self._refresh_clocks(at_once=not shift.only_due)
        finally:
            self.busy.release()
        for result in results:
            if result.error:
                log.warning("stream_failed", stream=result.stream, error=result.error)
        return results

    def _on_page(self, connection: Connection, stream: str, tickets: Collection[int]) -> list[int]:
        """Hand over, in the page's transaction, the tickets no delivery told of."""
        if stream not in FINDERS:
            return []
        return FINDERS[stream](
            connection,
            tickets,
            changed_since=self._zendesk_now() - self.settings.catch_up_age,
            now=utc_now(),
        )

    def _refresh_clocks(self, *, at_once: bool = False) -> None:
        """Let clocks that run breach, without any change of their ticket, and remind people."""
        moment = time.monotonic()
        if at_once or moment - self.refreshed_at >= self.settings.sync_interval.total_seconds():
            self.refreshed_at = moment
            now = self._zendesk_now()
            done = sla.refresh_stale(
                self.engine, now=now, desk_rules=self.desk_rules, choices=self.sla_choices
            )
            deque(done, maxlen=0)
            reminded = remind(
                self.engine,
                self.desk_rules,
                acts=self.settings.mode is Mode.ACT,
                zendesk_now=now,
                now=utc_now(),
                patience=self.settings.catch_up_age,
            )
            for ticket_id in reminded:
                self.poke(ticket_id)

    def _zendesk_now(self) -> datetime:
        return self.zendesk.server_time() or utc_now()
