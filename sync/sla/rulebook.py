"""What an account asks of its tickets: policies, group policies, business hours, open questions."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.meter import Meter
from sync.sla.metrics import metrics_of
from sync.sla.policy_book import NEVER, PolicyBook
from sync.sla.schedules import UnknownTime, WorkingTime

Schedules = Sequence[tuple[int, WorkingTime]]  # (second from which it holds, schedule), in order
SCHEDULE_FIELD = "schedule_id"


class Rule(NamedTuple):
    """One version of a rule that clocks are computed with."""

    active_from: int | None  # second since 1970; None: always
    digest: str


Basis = Mapping[str, Rule]  # by a name of the version


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules of an account, with their versions."""

    policies: PolicyBook = field(default_factory=PolicyBook)
    group_policies: PolicyBook = field(default_factory=PolicyBook)
    # The account's default schedule; the first also holds before.
    schedules: Schedules = ()
    # All schedules by id, for tickets that a trigger gave one.
    assignable: Mapping[int, Schedules] = field(default_factory=dict)
    choices: Choices = DEFAULT_CHOICES
    basis: Basis = field(default_factory=dict)  # what it was read from
    # Fields of a ticket whose change may bring other rules.
    meters: Sequence[Meter] = field(init=False)
    watched_fields: frozenset[str] = field(init=False)
    _changes: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        fields = self.policies.fields | self.group_policies.fields | {"priority", SCHEDULE_FIELD}
        meters = [Meter(metric, self.choices) for metric in metrics_of(self.choices)]
        object.__setattr__(self, "meters", meters)
        object.__setattr__(self, "watched_fields", fields)
        schedules = (self.schedules, *self.assignable.values())
        changes = {since for each in schedules for since, _ in each[1:]}
        changes |= {*self.policies.changes, *self.group_policies.changes}
        object.__setattr__(self, "_changes", sorted(changes))

    def schedule(self, assigned: int | None, at: int) -> WorkingTime | None:
        """Return the schedule that reaches a ticket with an update at this second."""
        versions = self._versions(assigned)
        if not versions:
            return None if assigned is None else UnknownTime(f"nobody knows schedule {assigned}")
        index = bisect_right(versions, at, key=_since) - 1
        return versions[max(index, 0)][1]

    def next_change(self, at: int) -> float:
        """Return when other rules come into force than those of this second."""
        later = bisect_right(self._changes, at)
        return self._changes[later] if later < len(self._changes) else NEVER

    def hours(self) -> Mapping[tuple[int | None, int | None], WorkingTime]:
        """Return every version of every schedule, by both."""
        schedules = (self.schedules, *self.assignable.values())
        times = [time for versions in schedules for _, time in versions]
        return {(time.schedule_id, time.version): time for time in times}

    def _versions(self, assigned: int | None) -> Schedules:
        return self.schedules if assigned is None else self.assignable.get(assigned, ())


def _since(version: tuple[int, WorkingTime]) -> int:
    return version[0]


def digest(value: Any) -> str:
    """Return a short text that is another one when the value is another one."""
    encoded = msgspec.json.encode(value, enc_hook=str, order="deterministic")
    return blake2b(encoded, digest_size=16).hexdigest()
