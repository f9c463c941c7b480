"""One walk over a ticket's updates: what each did, and the rules that reach the ticket with it."""

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Any, NamedTuple

from sync.sla.policies import NO_POLICY, Flag, Policy
from sync.sla.rulebook import Rulebook
from sync.sla.schedules import CALENDAR, WorkingTime
from sync.sla.timeline import STAFF, SYSTEM_AUTHOR, Event, Role, Timeline, role_of

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


NOTHING, REPLY, OTHER = Said.NOTHING, Said.REPLY, Said.OTHER
NOBODY = (None, SYSTEM_AUTHOR)


class Stand(NamedTuple):
    """The policy and the priority that hold from one update on, counted from 0."""

    since: int
    policy: Policy
    priority: str | None


class Life:
    """A ticket's updates side by side: every list has one entry for each, the creation first."""

    __slots__ = (
        *("at", "choices", "doubt", "group_stands", "groups", "opening", "policies", "requester"),
        *("said", "schedules", "size", "stands", "statuses", "submitter", "_readings", "_running"),
    )

    def __init__(self, timeline: Timeline, rules: Rulebook) -> None:
        opening = self.opening = timeline.opening
        self.choices = rules.choices
        # Who they were at the creation.
        self.submitter = role_of(opening.submitter_id, timeline.roles)
        self.requester = role_of(opening.fields.get("requester_id"), timeline.roles)
        self.size = 0
        self.at: list[int] = []  # one entry more: the instant asked about
        self.statuses: list[str] = []
        self.groups: list[Any] = []
        self.said: list[Said] = []
        self.policies: list[Policy] = []
        self.schedules: list[WorkingTime | None] = []
        self.stands: list[Stand] = []
        self.group_stands: list[Stand] = []
        self.doubt: str | None = None  # why nobody can tell anything of this ticket's clocks
        self._readings: dict[WorkingTime, Sequence[int]] = {}
        self._running: dict[frozenset[str] | None, Running] = {}

    def flag(self, index: int, flag: Flag) -> bool:
        """Return whether the policy applied at an update switches an optional rule on."""
        return flag in self.policies[index].flags

    def finished(self, index: int) -> bool:
        """Return whether the ticket is solved or closed after an update."""
        return self.statuses[index] in FINISHED

    def solves(self, index: int) -> bool:
        """Return whether this very update took the ticket to solved or closed."""
        status = self.statuses[index]
        return status in FINISHED and (index == 0 or self.statuses[index - 1] != status)

    def readings(self, time: WorkingTime) -> Sequence[int]:
        """Return what a clock that never stops would read at every entry of `at`."""
        if time is CALENDAR:
            return self.at
        found = self._readings.get(time)
        if found is None:
            found = self._readings[time] = time.readings(self.at)
        return found

    def running(self, runs_in: frozenset[str] | None) -> "Running":
        """Return when the ticket was in one of these statuses; None: in any."""
        found = self._running.get(runs_in)
        if found is None:
            found = self._running[runs_in] = Running(self, runs_in)
        return found


class Running:
    """When the status of a ticket let a clock run."""

    __slots__ = ("_life", "_used", "pauses", "runs")

    def __init__(self, life: Life, runs_in: frozenset[str] | None) -> None:
        self._life = life
        self._used: dict[WorkingTime, Sequence[int]] = {}
        # After each update; None: always.
        self.runs = None if runs_in is None else [status in runs_in for status in life.statuses]
        # From one update to another in which a clock is paused; Solved is no pause.
        self.pauses = [] if self.runs is None or all(self.runs) else list(self._paused(self.runs))

    def used(self, time: WorkingTime) -> Sequence[int]:
        """Return how much running time had passed at every entry of `life.at`."""
        if self.runs is None:
            return self._life.readings(time)
        found = self._used.get(time)
        if found is None:
            found = self._used[time] = self._summed(self.runs, self._life.readings(time))
        return found

    def _summed(self, runs: list[bool], readings: Sequence[int]) -> Sequence[int]:
        total, before, found = 0, readings[0], [0]
        for ran, reading in zip(runs, readings[1:], strict=True):
            if ran:
                total += reading - before
            before = reading
            found.append(total)
        return found

    def _paused(self, runs: list[bool]) -> Iterator[tuple[int, int]]:
        since: int | None = None
        for index, ran in enumerate(runs):
            is_paused = not ran and not self._life.finished(index)
            if is_paused and since is None:
                since = index
            elif not is_paused and since is not None:
                yield since, index
                since = None
        if since is not None:
            yield since, len(runs)


def walk(timeline: Timeline, rules: Rulebook, now: int) -> Life | None:
    """Return what happened to a ticket until `now`; None when it was not there yet."""
    opening = timeline.opening
    if opening.at > now:
        return None
    walker = _Walker(timeline, rules)
    first = Event(
        at=opening.at, author_id=opening.author_id, public=opening.public, changes=opening.fields
    )
    walker.add(first, opening.at)
    for event in timeline.events:
        if event.at > now:
            break
        # What is dated before the ticket cannot have come before it.
        walker.add(event, max(event.at, opening.at))
    return walker.ended(now)


class _Walker:
    """The ticket's state on the way, noted in the life with every update."""

    __slots__ = (
        *("_group", "_group_policy", "_life", "_policy", "_priority", "_requester", "_roles"),
        *("_rules", "_schedule", "_state", "_status", "_until"),
    )

    def __init__(self, timeline: Timeline, rules: Rulebook) -> None:
        self._life = Life(timeline, rules)
        self._rules, self._roles = rules, timeline.roles
        self._state: dict[str, Any] = {}
        self._until: float = timeline.opening.at  # when the rules are looked up again
        self._policy = self._group_policy = NO_POLICY
        self._priority: str | None = None
        self._requester: int | None = None
        self._group: Any = None
        self._status = ""
        self._schedule: WorkingTime | None = None

    def add(self, event: Event, at: int) -> None:
        """Note one update: first its changes, then the rules that fit, then what was said."""
        life, changes = self._life, event.changes
        if changes:
            state = self._state
            state.update(changes)
            self._status = state.get("status", "")
            self._group = state.get("group_id")
            self._requester = state.get("requester_id")
        if at >= self._until or not self._rules.watched_fields.isdisjoint(changes):
            self._apply_rules(at)
        life.at.append(at)
        life.statuses.append(self._status)
        life.groups.append(self._group)
        life.policies.append(self._policy)
        life.schedules.append(self._schedule)
        life.said.append(NOTHING if event.public is None else self._said(event))

    def ended(self, now: int) -> Life:
        """Return the life up to the instant asked about."""
        life = self._life
        life.size = len(life.at)
        life.at.append(now)
        strange = STATUSES.union(life.statuses) - STATUSES
        if strange:
            life.doubt = f"the status {str(min(strange, key=str))[:40]!r} is unknown"
        return life

    def _apply_rules(self, at: int) -> None:
        life, rules, state, index = self._life, self._rules, self._state, len(self._life.at)
        policy, priority = rules.policies.applied(state, at), state.get("priority")
        group_policy = rules.group_policies.applied(state, at)
        moved = index == 0 or priority != self._priority
        if moved or policy is not self._policy:
            life.stands.append(Stand(index, policy, priority))
        if moved or group_policy is not self._group_policy:
            life.group_stands.append(Stand(index, group_policy, priority))
        self._policy, self._group_policy, self._priority = policy, group_policy, priority
        self._schedule = rules.schedule(state.get("schedule_id"), at)
        self._until = rules.next_change(at)

    def _said(self, event: Event) -> Said:
        author_id, public = event.author_id, event.public
        role = role_of(author_id, self._roles)
        is_requester = author_id == self._requester and author_id not in NOBODY
        if role in STAFF:
            if is_requester:
                return Said.OWN_QUESTION if public else Said.OWN_NOTE
            if public:
                return REPLY
            return Said.NOTE if role is Role.AGENT else Said.LIGHT_NOTE
        choices = self._life.choices
        if role is Role.SYSTEM:
            return REPLY if public and choices.bot_comment_is_reply else OTHER
        if not public:
            return Said.CUSTOMER_NOTE
        return Said.QUESTION if is_requester or choices.copied_customer_asks else OTHER
