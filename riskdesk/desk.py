"""The composition root: builds every part of the running desk and connects them."""

import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import Celery
from sqlalchemy import Connection, Engine

from automations.macros.service import load_macros
from automations.pipeline import sweep
from automations.pipeline.catch_up import hand_over, hand_over_unread
from automations.pipeline.handle import Pipeline
from automations.pipeline.judge import Judge
from automations.pipeline.tasks import HANDLE_TICKET, SWEEP, register
from automations.triage.service import load_triage
from integrations.runtime.broker import create_celery, poker
from integrations.runtime.clock import utc_now
from integrations.runtime.database import create_database_engine
from integrations.runtime.settings import Settings
from integrations.zendesk.account import connect
from integrations.zendesk.client import ZendeskClient
from riskdesk.change_source import change_source, settle, streams_of
from sync.mirror.engine import StreamResult
from sync.mirror.engine import run as run_mirror
from sync.sla import service as sla
from sync.streams.stream import Stream

SYNC = "sync.run"
SWEEP_INTERVAL = timedelta(seconds=5)
# What finds missed changes in the tickets of a page, by stream.
FINDERS = {"tickets": hand_over, "ticket_events": hand_over_unread}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything a process of riskdesk needs; cheap to build, connects on first use."""

    settings: Settings
    engine: Engine
    zendesk: ZendeskClient
    pipeline: Pipeline
    celery: Celery
    poke_worker: Callable[[int], None]
    syncing: threading.Lock

    def poke(self, tickets: Collection[int]) -> None:
        """Ask workers to look at tickets; what gets lost here, the sweep finds."""
        for ticket_id in tickets:
            self.poke_worker(ticket_id)

    def sweep(self, *, patience: timedelta = sweep.PATIENCE) -> int:
        """Poke workers about unfinished tickets; return how many there are."""
        found = sweep.unfinished(self.engine, now=utc_now(), patience=patience)
        self.poke(found)
        return len(found)

    def sync(self, streams: Sequence[Stream] | None = None, **options: Any) -> list[StreamResult]:
        """Mirror what changed, hand over what no delivery told of, refresh the clocks."""
        if not self.syncing.acquire(blocking=False):
            return []  # the run that is under way does it
        source = change_source(self.settings, self.zendesk)
        try:
            missed: list[int] = []
            results = run_mirror(
                self.engine,
                source,
                streams_of(self.settings)[0] if streams is None else streams,
                now=utc_now(),
                on_page=lambda connection, stream, tickets: missed.extend(
                    self._on_page(connection, stream, tickets)
                ),
                **options,
            )
            settle(source, self.engine)
            self.poke(missed)
            # Clocks that run breach by waiting, without any change of their ticket.
            deque(sla.refresh_stale(self.engine, now=self._zendesk_now()), maxlen=0)
        finally:
            self.syncing.release()
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

    def _zendesk_now(self) -> datetime:
        return self.zendesk.server_time() or utc_now()


def build_desk(settings: Settings) -> Desk:
    """Build the desk from settings; raises ConfigError for what is missing or wrong."""
    settings.require("zendesk_url")
    engine = create_database_engine(settings.database_url)
    zendesk = connect(settings)
    pipeline = Pipeline(
        engine,
        zendesk,
        Judge(load_triage(), load_macros()),
        mode=settings.mode,
        lease_time=settings.lease_time,
        clock=utc_now,
    )
    celery = create_celery(settings)
    desk = Desk(
        settings=settings,
        engine=engine,
        zendesk=zendesk,
        pipeline=pipeline,
        celery=celery,
        poke_worker=poker(celery, HANDLE_TICKET),
        syncing=threading.Lock(),
    )
    register(celery, handle=pipeline.handle, sweep=desk.sweep)

    @celery.task(name=SYNC, shared=False)  # type: ignore[untyped-decorator]
    def run_sync() -> None:
        desk.sync()

    celery.conf.beat_schedule = {
        SWEEP: {"task": SWEEP, "schedule": SWEEP_INTERVAL},
        SYNC: {"task": SYNC, "schedule": settings.sync_interval},
    }
    return desk
