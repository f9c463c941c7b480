"""Which reminders of running clocks have come due; pure."""

from collections.abc import Iterator

import msgspec

from integrations.runtime.errors import BadRecord
from sync.sla.desk_clocks.book import DeskRules, Place, Rule
from sync.sla.desk_clocks.limits import Limit, Unit
from sync.sla.desk_clocks.names import DEPARTMENT_ANSWER, SEVERITY_ANSWER
from sync.sla.desk_clocks.reminders import Moment, Reminder, read_reminder

DAY = 86_400
_KINDS = {SEVERITY_ANSWER: "severity", DEPARTMENT_ANSWER: "department"}


class RunningClock(msgspec.Struct, frozen=True, kw_only=True):
    """A clock of the desk or a regulator that runs; instants are seconds since 1970, UTC."""

    ticket_id: int
    metric: str
    instance: int
    policy_id: str
    policy_title: str
    priority: str | None
    target_seconds: int
    started_at: int
    due_at: int  # the breach, once it breached
    breached: bool
    jurisdiction: str | None = None


class DueReminder(msgspec.Struct, frozen=True, kw_only=True):
    """A reminder whose moment has come; `step` is what a regulatory clock waits for."""

    clock: RunningClock
    reminder: Reminder
    kind: str  # severity, department or regulation
    step: str | None = None

    @property
    def is_late(self) -> bool:
        """Whether the deadline has passed."""
        return self.reminder.moment is Moment.BREACH

    @property
    def key(self) -> str:
        """What tells this reminder from all others; a new target of a clock is news again."""
        clock, name = self.clock, self.reminder.name.replace(" ", "")
        target = "" if self.is_late else f":{clock.target_seconds}"
        return f"remind:{clock.ticket_id}:{clock.metric}:{clock.instance}:{name}{target}"


def due_reminders(
    clock: RunningClock, rules: DeskRules, *, since: int, now: int
) -> Iterator[DueReminder]:
    """Yield the reminders of a clock whose moment lies after `since` and has come.

    Once a clock is late only that is worth a word.
    """
    kind = _KINDS.get(clock.metric, "regulation")
    rule = _rule(clock, rules) if kind == "regulation" else None
    is_late = clock.breached or now >= clock.due_at
    for text in getattr(rules.reminders, kind):
        reminder = read_reminder(text)
        if reminder is None or is_late is not (reminder.moment is Moment.BREACH):
            continue
        moment = max(_moment(reminder, clock, _place(clock, rule, rules)), clock.started_at)
        if since < moment <= now:
            step = rule.entry.step.value if rule else None
            yield DueReminder(clock=clock, reminder=reminder, kind=kind, step=step)


def _moment(reminder: Reminder, clock: RunningClock, place: Place | None) -> int:
    if reminder.before is not None:
        return _before(clock.due_at, reminder.before, place)
    if reminder.moment is Moment.SHARE:
        return clock.started_at + (clock.due_at - clock.started_at) * reminder.percent // 100
    return clock.due_at


def _before(due: int, limit: Limit, place: Place | None) -> int:
    """Return the moment so long before a deadline; whole days begin with their first second."""
    if limit.unit is Unit.SECONDS:
        return due - limit.amount
    if place is None:
        return due - limit.amount * DAY
    calendar, last = place.calendar, place.calendar.day_of(due)
    first = last - limit.amount
    if limit.unit is Unit.BUSINESS_DAYS and calendar.counts_business_days:
        try:
            first = calendar.add(last - 1, 1 - limit.amount)
        except BadRecord:
            return due - limit.amount * DAY
    return calendar.end_of(first - 1) + 1


def _rule(clock: RunningClock, rules: DeskRules) -> Rule | None:
    for line in rules.rules:
        for rule in line.all:
            if rule.policy_id == clock.policy_id:
                return rule
    return None


def _place(clock: RunningClock, rule: Rule | None, rules: DeskRules) -> Place | None:
    named = rule.place if rule else None
    return named or rules.places.get(clock.jurisdiction or "")
