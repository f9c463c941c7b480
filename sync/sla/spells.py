"""When clocks run: the life of a ticket cut into spells, one for each instance of a metric."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sync.sla.choices import Choices
from sync.sla.clocks import Phase
from sync.sla.policies import Policy
from sync.sla.schedules import WorkingTime
from sync.sla.timeline import Timeline, Update

PERIODIC_UPDATE = "periodic_update_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One update with the rules that apply from it on."""

    update: Update
    policy: Policy | None
    group_policy: Policy | None
    schedule: WorkingTime | None

    def flag(self, metric: str, name: str) -> bool:
        """Return whether the applied policy switches an optional rule on."""
        return self.policy is not None and self.policy.flag(metric, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A ticket with the rules along its way: everything a rule may look at."""

    timeline: Timeline
    steps: Sequence[Step]
    choices: Choices


@dataclass(frozen=True, slots=True)
class Spell:
    """One instance of a clock: the step that opens it and the phase after each step from there."""

    opened: int
    phases: Sequence[Phase]


# The statuses a clock runs in; None: in any, it never pauses.
RunsIn = frozenset[str] | None
Rule = Callable[[Life, RunsIn], Iterator[Spell]]


def whole_ticket(life: Life, runs_in: RunsIn) -> Iterator[Spell]:
    """One instance from creation; solving finishes it, reopening lets it go on."""
    yield Spell(
        0,
        [
            Phase.ACHIEVED if step.update.is_finished else _phase(step.update, runs_in)
            for step in life.steps
        ],
    )


def staff_updates(life: Life, runs_in: RunsIn) -> Iterator[Spell]:
    """One instance from each public word of the staff to the next one."""
    return _staff_updates(life, runs_in, note_metric=None)


def staff_updates_or_notes(life: Life, runs_in: RunsIn) -> Iterator[Spell]:
    """As `staff_updates`; a policy may also let an internal note start it."""
    return _staff_updates(life, runs_in, note_metric=PERIODIC_UPDATE)


def group_ownership(life: Life, runs_in: RunsIn) -> Iterator[Spell]:
    """One instance for each time a group holds the unsolved ticket."""
    opened: int | None = None
    owner = None
    for index, step in enumerate(life.steps):
        group = None if step.update.is_finished else step.update.state.get("group_id")
        if group == owner:
            continue
        if opened is not None:
            yield between(life, opened, index, runs_in)
        opened, owner = (None if group is None else index), group
    if opened is not None:
        yield between(life, opened, None, runs_in)


def between(life: Life, opened: int, ended: int | None, runs_in: RunsIn) -> Spell:
    """Return the spell from one step to another, paused wherever the status says so."""
    last = len(life.steps) if ended is None else ended
    phases = [_phase(step.update, runs_in) for step in life.steps[opened:last]]
    if ended is not None:
        phases.append(Phase.ACHIEVED)
    return Spell(opened, phases)


def _staff_updates(life: Life, runs_in: RunsIn, note_metric: str | None) -> Iterator[Spell]:
    opened: int | None = None
    for index, step in enumerate(life.steps):
        counts = index > 0 or life.choices.opening_starts_updates
        speaks = counts and step.update.is_reply
        notes = (
            counts
            and note_metric is not None
            and step.update.is_staff_note
            and step.flag(note_metric, "activate_on_agent_internal_note")
        )
        if opened is not None and (step.update.solves or speaks):
            yield between(life, opened, index, runs_in)
            opened = None
        if opened is None and (speaks or notes) and not step.update.is_finished:
            opened = index
    if opened is not None:
        yield between(life, opened, None, runs_in)


def _phase(update: Update, runs_in: RunsIn) -> Phase:
    runs = runs_in is None or update.state.get("status") in runs_in
    return Phase.ACTIVE if runs else Phase.PAUSED
