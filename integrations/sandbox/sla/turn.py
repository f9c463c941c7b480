"""One update of one ticket, as the clocks see it: what was said, and the events that it writes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.sandbox.rules.facts import Facts
from integrations.sandbox.sla.clocks import Clock, clocks_of
from integrations.sandbox.sla.policies import Promises
from integrations.sandbox.state.hours.business_time import (
    EVERY_HOUR,
    EveryHour,
    OpenHours,
    open_hours,
)
from integrations.sandbox.state.metric_events import (
    ACTIVATE,
    BREACH,
    FULFILL,
    PAUSE,
    STATUS,
    MetricEvent,
    event_at,
)
from integrations.sandbox.state.people.users import is_light_agent, is_staff

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.changes import TicketChange
    from integrations.sandbox.state.store import Record
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

SOLVED = ("solved", "closed")


@dataclass(frozen=True, slots=True)
class Said:
    """A comment: who said it, and whether the customer reads it."""

    by_requester: bool
    by_staff: bool
    by_light_agent: bool
    is_public: bool


class Turn:
    """One update: the ticket after it, the comment in it, the clocks, and the events it writes."""

    def __init__(self, account: "Account", change: "TicketChange") -> None:
        self.account = account
        self.case: TicketCase = change.case
        self.ticket: Record = change.case.record
        self.now = int(change.now.timestamp())
        self.is_creation = change.kind == "created"
        self.is_solved = self.ticket["status"] in SOLVED
        self.said = self._said(change.comment)
        self.clocks = clocks_of(change.case)
        # Places of breaches that will not come, and since when they stood.
        self.taken_back: list[tuple[int, int]] = []
        actor = account.users.find(change.actor_id) or {"id": change.actor_id}
        self.promises = Promises(
            Facts(account=account, case=self.case, record=self.ticket, actor=actor, now=change.now)
        )

    def live(self, metric: int) -> Clock | None:
        """Return the clock of a metric that runs or is paused."""
        clock = self.clocks.get(metric)
        return clock if clock and clock.is_live else None

    def start(self, metric: int, instance: int, *, group: int = 0) -> Clock:
        """Start the clock of a new instance."""
        clock = self.clocks[metric] = Clock(metric, instance, group=group)
        self.run(clock)
        return clock

    def start_next(self, metric: int, *, group: int = 0) -> Clock:
        """Start the clock of the instance after the latest one."""
        latest = self.clocks.get(metric)
        return self.start(metric, latest.instance + 1 if latest else 1, group=group)

    def run(self, clock: Clock) -> None:
        """Let a clock run, for the first time or again."""
        clock.runs_since, clock.is_done = self.now, False
        self.write(clock, ACTIVATE, clock.group)

    def pause(self, clock: Clock) -> None:
        """Stop a clock until it runs again."""
        clock.stop(self.now)
        self.write(clock, PAUSE)

    def follow(self, clock: Clock, *, runs: bool) -> None:
        """Let a live clock run or pause, as the status of the ticket wants it."""
        if runs and clock.runs_since is None:
            self.run(clock)
        elif not runs and clock.runs_since is not None:
            self.pause(clock)

    def finish(self, clock: Clock) -> None:
        """End a clock; a breach that has not come yet will not come any more."""
        clock.stop(self.now)
        clock.is_done = True
        clock.fulfilled.add(self.now)
        self.write(clock, FULFILL)
        calendar = self.seconds(clock, in_business_hours=False) // 60
        business = self.seconds(clock, in_business_hours=True) // 60
        self.write(clock, STATUS, calendar << 32 | business)
        if clock.breach is not None and not self._has_breached(clock, clock.breach):
            self.withdraw(clock)

    def write(self, clock: Clock, kind: int, detail: int = 0, *, at: int | None = None) -> int:
        """Write an event of a clock and return its place."""
        place = len(self.case.metric_events)
        when = self.now if at is None else at
        event = MetricEvent(
            self.account.ids.record(), when, clock.metric, clock.instance, kind, detail
        )
        self.account.metric_events.write(self.case, event)
        return place

    def promise_breach(self, clock: Clock, at: int) -> None:
        """Write the breach of a clock in advance."""
        clock.breach, clock.breach_at = self.write(clock, BREACH, self.now, at=at), at

    def withdraw(self, clock: Clock) -> None:
        """Take back the breach of a clock."""
        if clock.breach is not None:
            stood_from = event_at(self.case, clock.breach).written
            self.taken_back.append((clock.breach, stood_from))
            self.account.metric_events.withdraw(self.case, clock.breach, self.now)
            clock.breach = None

    def seconds(self, clock: Clock, *, in_business_hours: bool) -> int:
        """Return how long a clock ran until now."""
        hours = self.hours(in_business_hours=in_business_hours)
        return sum(hours.seconds(start, end) for start, end in clock.ran(self.now))

    def hours(self, *, in_business_hours: bool) -> OpenHours | EveryHour:
        """Return how time is counted; without a schedule every second counts."""
        schedule = self.account.schedule_of(self.case) if in_business_hours else None
        return EVERY_HOUR if schedule is None else open_hours(schedule)

    def _has_breached(self, clock: Clock, place: int) -> bool:
        """Return whether the breach came before now; one that is due this second has not."""
        was_written_now = event_at(self.case, place).written == self.now
        return clock.breach_at < self.now or (clock.breach_at == self.now and was_written_now)

    def _said(self, comment: "Record | None") -> Said | None:
        if comment is None:
            return None
        author = self.account.users.find(comment["author_id"])
        return Said(
            by_requester=comment["author_id"] == self.ticket["requester_id"],
            by_staff=author is not None and is_staff(author),
            by_light_agent=author is not None and is_light_agent(author),
            is_public=bool(comment["public"]),
        )
