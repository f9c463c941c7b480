"""What a ticket's life was like: its updates side by side, and when its status let a clock run."""

import operator
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from itertools import accumulate
from typing import Any, NamedTuple

from sync.sla.choices import Choices
from sync.sla.policies import Flag, Policy
from sync.sla.schedules import WorkingTime
from sync.sla.timeline import Opening, Role

UNSOLVED = frozenset({"new", "open", "pending", "hold"})
FINISHED = frozenset({"solved", "closed", "deleted"})
STATUSES = UNSOLVED | FINISHED


class Said(Enum):
    """What the comment of an update is to the clocks."""

    NOTHING = auto()
    REPLY = auto()  # in public, by staff that is not the requester
    NOTE = auto()  # internal, by an agent who is not the requester
    LIGHT_NOTE = auto()  # internal, by a light agent who is not the requester
    QUESTION = auto()  # in public, by the requester, a customer
    OWN_QUESTION = auto()  # in public, by the requester, who is of the staff
    OWN_NOTE = auto()  # internal, by the requester, who is of the staff
    CUSTOMER_NOTE = auto()  # internal, by a customer
    OTHER = auto()  # in public by a customer in copy, or by a bot


class Stand(NamedTuple):
    """The policy and the priority that hold from one update on, counted from 0."""

    since: int
    policy: Policy
    priority: str | None


Statuses = frozenset[str] | None  # in which a clock runs; None: in any

# An update: when, the status after it, whether that is solved or closed, the group, the comment,
# the policy that applies and the schedule.
Row = tuple[int, str, bool, Any, Said, Policy, WorkingTime | None]


class Life:
    """A ticket's updates side by side: every column has an entry for each, the creation first."""

    __slots__ = (
        *(
            "asked",
            "at",
            "choices",
            "doubt",
            "is_unsure",
            "finished",
            "group_stands",
            "groups",
            "has_one_schedule",
        ),
        *("opening", "policies", "requester", "said", "schedules", "size", "stands"),
        *("statuses", "submitter", "update_spells", "_clocks", "_pauses"),
    )

    at: Sequence[int]  # one entry more: the instant asked about
    statuses: Sequence[str]
    finished: Sequence[bool]  # solved or closed
    groups: Sequence[Any]
    said: Sequence[Said]
    policies: Sequence[Policy]
    schedules: Sequence[WorkingTime | None]

    def __init__(
        self, opening: Opening, submitter: Role, requester: Role, choices: Choices
    ) -> None:
        self.opening, self.choices = opening, choices
        # Who they were at the creation.
        self.submitter, self.requester = submitter, requester
        self.stands: list[Stand] = []
        self.group_stands: list[Stand] = []
        self.is_unsure = False  # whether it is open which optional rules hold
        self.doubt: str | None = None  # why nobody can tell anything of this ticket's clocks
        self.update_spells: Sequence[tuple[int, int | None]] | None = None  # found once for all
        self._clocks: dict[tuple[Statuses, WorkingTime], tuple[Sequence[int], Sequence[int]]] = {}
        self._pauses: dict[Statuses, Sequence[tuple[int, int]]] = {}

    def fill(self, rows: Sequence[Row], now: int) -> None:
        """Take over the updates up to the instant asked about."""
        at, self.statuses, self.finished, self.groups, self.said, *rules = zip(*rows, strict=True)
        self.policies, self.schedules = rules
        # What is dated before the ticket cannot have come before it.
        is_sound = len(at) == 1 or at[1] >= at[0]  # after the creation they are in order
        self.at = (*at, now) if is_sound else (*(max(each, at[0]) for each in at), now)
        self.size = len(rows)
        self.has_one_schedule = self.schedules.count(self.schedules[0]) == self.size
        if not STATUSES.issuperset(self.statuses):
            strange = next(status for status in self.statuses if status not in STATUSES)
            self.doubt = f"the status {str(strange)[:40]!r} is unknown"

    def flag(self, index: int, flag: Flag) -> bool:
        """Return whether the policy applied at an update switches an optional rule on."""
        return flag in self.policies[index].flags

    def solves(self, index: int) -> bool:
        """Return whether this very update took the ticket to solved or closed."""
        if not self.finished[index]:
            return False
        return index == 0 or self.statuses[index - 1] != self.statuses[index]

    def clocks(self, runs_in: Statuses, time: WorkingTime) -> tuple[Sequence[int], Sequence[int]]:
        """Return what clocks read at every entry of `at`.

        The first never stops, the second runs in these statuses.
        """
        key = runs_in, time
        found = self._clocks.get(key)
        if found is None:
            if runs_in is None:
                readings = used = time.readings(self.at)
            else:
                readings, _ = self.clocks(None, time)
                steps = map(operator.sub, readings[1:], readings)
                ran = map(operator.mul, map(runs_in.__contains__, self.statuses), steps)
                used = list(accumulate(ran, initial=0))
            found = self._clocks[key] = readings, used
        return found

    def pauses(self, runs_in: Statuses) -> Sequence[tuple[int, int]]:
        """Return from which to which update a clock is paused that runs in these statuses.

        Solved is no pause.
        """
        if runs_in is None:
            return ()
        found = self._pauses.get(runs_in)
        if found is None:
            found, goes_on = (), runs_in | FINISHED
            if not goes_on.issuperset(self.statuses):
                found = _gaps(map(goes_on.__contains__, self.statuses))
            self._pauses[runs_in] = found
        return found


def _gaps(marks: Iterable[bool]) -> Sequence[tuple[int, int]]:
    """Return from where to where the marks are false."""
    gaps, since, index = [], None, -1
    for index, marked in enumerate(marks):
        if not marked:
            since = index if since is None else since
        elif since is not None:
            gaps.append((since, index))
            since = None
    return gaps if since is None else [*gaps, (since, index + 1)]
