"""A month of a busy desk, watched by a mirror: our clocks beside Zendesk's own metric events."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Engine, select

from integrations.runtime.database import reading, transaction
from integrations.sandbox.faults import parse_faults
from integrations.sandbox.history.month import Month
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.changes import TicketChange
from integrations.sandbox.state.metric_events import ACTIVATE, APPLY, APPLY_GROUP, BREACH
from sync.sla import service
from sync.sla.choices import Choices
from sync.sla.engine import compute
from sync.sla.source import load_timelines
from sync.sla.source_rules import load_rulebook
from sync.sla.verdict.causes import Cause
from sync.sla.verdict.service import Verdict, compare_tickets, verdict
from sync.sla.verdict.source import load_knowledge
from sync.warehouse.tables.sla import sla_differences
from sync.warehouse.tables.tickets import tickets
from tests.support.copying import Copier, copying
from tests.support.sla_account import FIRST_DAY, PLAN, POLICIES, SCHEDULES, Act, Administrators

DAYS = 31
LAST_DAY = FIRST_DAY + timedelta(days=DAYS)
LATE = timedelta(minutes=30)  # metric events are late by up to 13, exports by one
RULES = ("sla_policies", "group_sla_policies", "schedules", "schedule_holidays")
FIRST_COPY = FIRST_DAY + timedelta(days=5, hours=4)  # a busy hour, in which all is seen
WEEK = timedelta(days=7)
BATCH = 500
# How the sandbox answers what nobody documents, where it is not as riskdesk chose.
SANDBOX = Choices(opening_starts_updates=False, finishing_update_sets_target=False)
OFTEN_LATE, ALWAYS_LATE = 0.1, 1.0
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Blind:
    """A time in which the account's rules were not as the mirror knows them."""

    of: str
    since: datetime
    until: datetime


@dataclass(slots=True, kw_only=True)
class Watched:
    """A month that was played and watched."""

    copier: Copier
    administrators: Administrators
    month: Month
    happened: Counter[str] = field(default_factory=Counter)
    blind: list[Blind] = field(default_factory=list)
    midway: list[list[Row]] = field(default_factory=list)  # differences found at each full copy
    at_the_end: list[Row] = field(default_factory=list)

    def play(self) -> None:
        """Play the month to its end, then let everything arrive."""
        self.copier.sync()
        self.are_late(OFTEN_LATE)
        copies = iter(FIRST_COPY + WEEK * week for week in range(4))
        next_copy = next(copies)
        undone: list[Act] = []
        for act in PLAN:
            while next_copy < act.at:
                self._copy_at(next_copy)
                next_copy = next(copies, LAST_DAY)
            self.month.play(act.at)
            self.administrators.do(act)
            undone.append(act)
            if act.looked_after is not None:
                self._look(undone, act.at + act.looked_after)
                undone = []
        self.month.play(LAST_DAY)
        self.copier.later(LATE)
        self.copier.sync()
        refresh(self.copier.engine, self.copier.now)
        self.at_the_end = differences(self.copier.engine)

    def _look(self, undone: list[Act], at: datetime) -> None:
        """Let the mirror read the rules; note what held without being seen."""
        self.month.play(at)
        self.copier.sync(*RULES)
        for act, later in zip(undone, [*undone[1:], None], strict=True):
            if later is not None:
                self.blind.append(Blind(act.of, act.at, later.at))
            elif not act.leaves_a_time:
                self.blind.append(Blind(act.of, act.at, self.copier.now))

    def _copy_at(self, moment: datetime) -> None:
        """Let the mirror copy everything in the midst of the traffic, with all events late."""
        self.month.play(moment - timedelta(hours=1))
        self.are_late(ALWAYS_LATE)
        self.month.play(moment)
        self.copier.sync()
        self.are_late(OFTEN_LATE)
        engine, now = self.copier.engine, self.copier.now
        for _ in service.refresh_stale(engine, now=now):
            pass
        self.midway.append(differences(engine))

    def are_late(self, rate: float) -> None:
        """Let so many updates have their metric events late, and some events come twice."""
        late = {"late_metric_events": {"rate": rate, "minutes": 12}, "repeated": 0.03}
        faults = parse_faults(msgspec.json.encode({"metric_events": late}))
        self.copier.desk.sandbox.dice.faults = faults

    def hear(self, change: TicketChange) -> None:
        """Note what happens to tickets."""
        if change.kind != "updated":
            self.happened[change.kind] += 1
        for name, before, after in change.changes:
            if name == "status":
                done = ("solved", "closed")
                self.happened[f"status {after}"] += 1
                self.happened["reopened"] += before in done and after not in done
            elif name in ("priority", "group_id", "requester_id"):
                self.happened[f"{name} changed"] += 1

    # what is asked of it afterwards

    def updates(self, ticket_id: int) -> list[datetime]:
        """Return the instants of all updates of a ticket."""
        audits = self.copier.desk.sandbox.state.tickets[ticket_id].audits
        return [datetime.fromisoformat(audit["created_at"]) for audit in audits]

    def untrue(self, row: Row) -> bool:
        """Tell whether the account shows that a difference cannot have the cause it is given."""
        updates = self.updates(row["ticket_id"])
        kind = {Cause.POLICY_EDITED: POLICIES, Cause.SCHEDULE_EDITED: SCHEDULES}.get(row["cause"])
        if kind is not None:
            edits = [Blind(act.of, act.at, act.at) for act in PLAN]
            return not any(
                each.of == kind and each.since <= at <= each.until
                for each in (*self.blind, *edits)
                for at in updates
            )
        if row["cause"] == Cause.SAME_SECOND:
            return len(set(updates)) == len(updates)
        if row["cause"] == Cause.DELETED_TICKET:
            return not self.copier.desk.sandbox.state.tickets[row["ticket_id"]].is_deleted
        return bool(row["cause"] != Cause.UNSETTLED_RULE)


def told(account: Account) -> Counter[str]:
    """Return what the metric events of an account tell, by kinds that matter to the clocks."""
    found: Counter[str] = Counter()
    for case in account.tickets.values():
        began: dict[tuple[int, int], int] = {}
        for event in account.metric_events.of(case, int(account.clock.now().timestamp())):
            clock = event.metric, event.instance
            if event.type == BREACH:
                found["breach withdrawn" if event.is_deleted else "breach"] += 1
            elif event.type in (APPLY, APPLY_GROUP):
                target = account.metric_events.targets[event.detail]
                is_late = event.time > began.get(clock, 0)
                found["target late" if is_late else "target at once"] += 1
                found["target taken away"] += target is None
                found["target in seconds"] += bool(target and target.seconds % 60)
                found["target in business hours"] += bool(target and target.in_business_hours)
                found["target of a group"] += bool(target and event.type == APPLY_GROUP)
            elif event.type == ACTIVATE:
                began.setdefault(clock, event.time)
    return found


def under(engine: Engine, choices: Choices, now: datetime) -> list[Row]:
    """Compare all tickets under other choices, and return the differences."""
    with transaction(engine) as connection:
        rules = load_rulebook(connection, choices)
        knowledge = load_knowledge(connection, now=now)
        numbers = connection.scalars(select(tickets.c.id).order_by(tickets.c.id)).all()
        for start in range(0, len(numbers), BATCH):
            batch = numbers[start : start + BATCH]
            computed = [
                (timeline, compute(timeline, rules, now=now))
                for timeline in load_timelines(connection, batch)
            ]
            compare_tickets(connection, batch, computed, rules, knowledge, now=now)
    return differences(engine)


def first_look(watched: Watched, engine: Engine) -> list[Row]:
    """Mirror the account for the first time, when the month is over."""
    copier = Copier(engine, watched.copier.desk)
    try:
        copier.sync()
        refresh(engine, copier.now)
    finally:
        copier.client.session.close()
    return differences(engine)


def refresh(engine: Engine, now: datetime) -> None:
    """Compute and compare every clock."""
    for _ in service.refresh_stale(engine, now=now, everything=True):
        pass


def differences(engine: Engine) -> list[Row]:
    """Return every difference."""
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(select(sla_differences)).mappings()]


def judged(engine: Engine) -> Verdict:
    """Return the verdict over all clocks."""
    with reading(engine) as connection:
        return verdict(connection)


@contextmanager
def watched_month(engine: Engine, *, seed: int, complaints: int) -> Iterator[Watched]:
    """Play a month on a sandbox that is served meanwhile, and watch it with a mirror."""
    with copying(engine, seed=seed, start=FIRST_DAY) as copier:
        account = copier.desk.sandbox.state
        administrators = Administrators(copier.desk)
        administrators.set_up()
        month = Month(account, seed=seed, tickets=complaints, start=FIRST_DAY, end=LAST_DAY)
        watched = Watched(copier=copier, administrators=administrators, month=month)
        account.listeners.append(watched.hear)
        watched.play()
        yield watched
