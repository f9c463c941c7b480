"""What a timeline shows: a ticket's states, words and clocks; all instants in seconds of UTC."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

DAY = 86_400
TAIL = 30  # a finished ticket is shown for a thirtieth of its life more


class Voice(StrEnum):
    """Who speaks in a comment, and to whom; texts are not part of a timeline."""

    CUSTOMER = "customer"
    STAFF = "staff"
    NOTE = "internal note"


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch in which a field had one value; `until` None: it still has."""

    value: str
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Word:
    """A comment: when, and whose."""

    at: int
    voice: Voice


@dataclass(frozen=True, slots=True)
class Target:
    """A target a clock was given; without seconds it was taken away."""

    at: int
    seconds: int | None
    business_hours: bool
    policy: str | None
    priority: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """One clock with its times; `started` is None when nobody can know how it stands."""

    title: str
    instance: int
    source: str
    state: str
    started: int | None
    ended: int | None
    due: int | None
    breached: int | None
    elapsed: int | None
    target: int | None
    business_hours: bool
    policy: str | None
    priority: str | None
    explanation: str
    pauses: Sequence[tuple[int, int | None]] = ()
    targets: Sequence[Target] = ()
    openings: Sequence[tuple[int, int]] = ()  # business hours; empty: it counts calendar time

    @property
    def name(self) -> str:
        """Return the title; of the second and later clocks of a metric with their number."""
        return self.title if self.instance == 1 else f"{self.title} {self.instance}"

    @property
    def counts(self) -> bool:
        """Tell whether it has a target, or should have one that nobody knows."""
        return self.target is not None or self.is_unknown

    @property
    def sentence(self) -> str:
        """Return what it says of itself, with its number."""
        if self.explanation.startswith(self.title):
            return self.name + self.explanation.removeprefix(self.title)
        return self.explanation

    @property
    def is_unknown(self) -> bool:
        """Tell whether nobody can know how the clock stands."""
        return self.state == "unknown" or self.started is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One ticket as it stood at `now`."""

    ticket_id: int
    now: int
    created: int
    status: str
    statuses: Sequence[Band]
    priorities: Sequence[Band] = ()
    groups: Sequence[Band] = ()
    words: Sequence[Word] = ()
    clocks: Sequence[ClockLine] = ()
    marks: Sequence[str] = field(default_factory=tuple)  # family, severity ... as far as known

    @property
    def end(self) -> int:
        """Return the instant up to which something is shown: what came last, or comes next.

        A deadline far away would leave no room for what happened: it lies beyond the end.
        """
        ahead = [clock.due for clock in self.clocks if clock.due and clock.due > self.now]
        horizon = self.now + max(DAY, (self.now - self.created) // 2)
        near = [due for due in ahead if due <= horizon]
        return max([self.last_change, *near, *([horizon] if len(near) < len(ahead) else [])])

    @property
    def last_event(self) -> int:
        """Return when something happened last; a ticket that is not closed lives until `now`."""
        if self.status not in {"solved", "closed", "deleted"}:
            return self.now
        bands = (*self.statuses, *self.priorities, *self.groups)
        times = [band.since for band in bands] + [word.at for word in self.words]
        times += [clock.ended for clock in self.clocks if clock.ended is not None]
        running = [self.now for clock in self.clocks if clock.state == "active"]
        return max([self.created, *times, *running])

    @property
    def last_change(self) -> int:
        """Return until when the last values are shown: a little longer than they took to come."""
        last = self.last_event
        return max(last, min(self.now, last + (last - self.created) // TAIL))

    def landmarks(self) -> list[int]:
        """Return the instants that an axis should name, the most telling ones first."""
        dues = {clock.due for clock in self.clocks}
        ends = [self.end] if self.end in {self.last_event, *dues} else []
        told = [band.since for band in self.statuses] + [word.at for word in self.words]
        told += [clock.breached for clock in self.clocks if clock.breached is not None]
        midnights = range(-(-self.created // DAY) * DAY, self.end + 1, DAY)
        return [self.created, *ends, *midnights, *sorted(told)]

    def moments(self) -> list[int]:
        """Return every instant at which something happens, in order."""
        times = {self.created, self.end}
        bands = (*self.statuses, *self.priorities, *self.groups)
        times |= {band.since for band in bands} | {word.at for word in self.words}
        for clock in self.clocks:
            pauses = [at for pause in clock.pauses for at in pause]
            known = (clock.started, clock.ended, clock.due, clock.breached, *pauses)
            times |= {at for at in known if at is not None}
        if self.now <= self.end:
            times.add(self.now)
        return sorted(at for at in times if self.created <= at <= self.end)
