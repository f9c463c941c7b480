"""The composition root: builds every part of the running desk and connects them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import Celery
from sqlalchemy import Engine

from automations.escalations.hours import AccountHours
from automations.escalations.queues import Departments
from automations.learning.current import CurrentTriage
from automations.macros.service import load_macros
from automations.pipeline import sweep
from automations.pipeline.handle import Pipeline
from automations.pipeline.judge import Judge
from automations.pipeline.tasks import HANDLE_TICKET, SWEEP, register
from integrations.redaction.keys import open_database, redactor_of
from integrations.runtime.broker import create_celery, poker
from integrations.runtime.clock import utc_now
from integrations.runtime.settings import Settings
from integrations.zendesk.account import connect
from integrations.zendesk.client import ZendeskClient
from riskdesk.change_source import change_source
from riskdesk.mirroring import Mirroring
from sync.mirror.engine import StreamResult
from sync.sla.choices import read_choices
from sync.sla.desk_clocks.loading import load_desk_rules, read_rules_file
from sync.streams.stream import Stream

SYNC = "sync.run"
SWEEP_INTERVAL = timedelta(seconds=5)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything a process of riskdesk needs; cheap to build, connects on first use."""

    settings: Settings
    engine: Engine
    zendesk: ZendeskClient
    pipeline: Pipeline
    celery: Celery
    poke_worker: Callable[[int], None]
    mirroring: Mirroring

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
        """Mirror what changed, to its end; see `Mirroring.run` for the options."""
        return self.mirroring.run(streams, **options)


def _judge(engine: Engine, departments: Departments) -> Judge:
    hash_of = redactor_of(engine).link_of
    return Judge(CurrentTriage(engine, utc_now), load_macros(), departments, hash_of=hash_of)


def build_desk(settings: Settings) -> Desk:
    """Build the desk from settings; raises ConfigError for what is missing or wrong."""
    settings.require("zendesk_url")
    engine = open_database(settings)
    zendesk = connect(settings)
    desk_rules, choices = read_rules_file(settings.desk_rules), read_choices(settings.sla_choices)
    departments = Departments(load_desk_rules(desk_rules), AccountHours(engine, utc_now))
    pipeline = Pipeline(
        engine,
        zendesk,
        _judge(engine, departments),
        mode=settings.mode,
        lease_time=settings.lease_time,
        clock=utc_now,
        desk_rules=desk_rules,
        sla_choices=choices,
    )
    celery = create_celery(settings)
    poke_worker = poker(celery, HANDLE_TICKET)
    desk = Desk(
        settings=settings,
        engine=engine,
        zendesk=zendesk,
        pipeline=pipeline,
        celery=celery,
        poke_worker=poke_worker,
        mirroring=Mirroring(
            settings=settings,
            engine=engine,
            zendesk=zendesk,
            source=change_source(settings, zendesk),
            poke=poke_worker,
            desk_rules=desk_rules,
            sla_choices=choices,
        ),
    )
    register(celery, handle=pipeline.handle, sweep=desk.sweep)

    @celery.task(name=SYNC, shared=False)  # type: ignore[untyped-decorator]
    def run_sync() -> None:
        desk.mirroring.a_while()

    tick = desk.mirroring.tick
    celery.conf.beat_schedule = {
        SWEEP: {"task": SWEEP, "schedule": SWEEP_INTERVAL},
        # A tick that no worker took in time is worth nothing: the next one does its work.
        SYNC: {"task": SYNC, "schedule": tick, "options": {"expires": tick.total_seconds()}},
    }
    return desk
