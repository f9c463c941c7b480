"""What an account asks of its tickets: policies, group policies, business hours, open questions."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.policy_book import PolicyBook
from sync.sla.schedules import UnknownTime, WorkingTime

Schedules = Sequence[tuple[int, WorkingTime]]  # (second from which it holds, schedule), in order
SCHEDULE_FIELD = "schedule_id"


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
    # Fields of a ticket whose change may bring other rules.
    watched_fields: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        fields = self.policies.fields | self.group_policies.fields | {"priority", SCHEDULE_FIELD}
        object.__setattr__(self, "watched_fields", fields)

    def schedule(self, assigned: int | None, at: int) -> WorkingTime | None:
        """Return the schedule that reaches a ticket with an update at this second."""
        versions = self._versions(assigned)
        if not versions:
            return None if assigned is None else UnknownTime(f"nobody knows schedule {assigned}")
        index = bisect_right(versions, at, key=_since) - 1
        return versions[max(index, 0)][1]

    def next_change(self, at: int) -> float:
        """Return when other rules come into force than those of this second."""
        schedules = (self.schedules, *self.assignable.values())
        later = [since for each in schedules if len(each) > 1 for since, _ in each if since > at]
        policies = self.policies.next_change(at), self.group_policies.next_change(at)
        return min(*policies, *later)

    def _versions(self, assigned: int | None) -> Schedules:
        return self.schedules if assigned is None else self.assignable.get(assigned, ())


def _since(version: tuple[int, WorkingTime]) -> int:
    return version[0]
