"""How far a spell has used up its target, and when it breached or will."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from sync.sla.choices import Choices
from sync.sla.clocks import AppliedTarget, Clock, Phase
from sync.sla.metrics import Metric
from sync.sla.policies import Policy, Target
from sync.sla.schedules import CALENDAR, BusinessTime, WorkingTime, known_second
from sync.sla.spells import Spell, Step


@dataclass(slots=True)
class _Meter:
    """A clock on its way through a ticket's updates."""

    choices: Choices
    schedule: WorkingTime | None
    started: int
    policy: Policy | None = None
    target: Target | None = None
    priority: str | None = None
    time: WorkingTime = CALENDAR
    ran: list[tuple[int, int]] = field(default_factory=list)  # every stretch it ran in
    used: int = 0  # seconds of these stretches, in the present unit
    running_since: int | None = None
    breach_at: int | None = None
    finished_at: int | None = None
    paused: list[tuple[int, int | None]] = field(default_factory=list)
    targets: list[AppliedTarget] = field(default_factory=list)

    def move_to(self, at: int, *, finishing: bool = False) -> None:
        """Let time pass up to an instant under the target that stands."""
        if self.running_since is None:
            return
        since, self.running_since = self.running_since, at
        before = self.used
        self.used += self.time.seconds(since, at)
        self.ran.append((since, at))
        if self._is_used_up(finishing=finishing) and self.target is not None:
            self.breach_at = self.time.due(since, self.target.seconds - before)

    def obey(self, step: Step, metric: Metric, *, finishing: bool) -> None:
        """Take over the target of an update; it counts from the clock's start."""
        policy = step.policy if metric.targets_of == "ticket" else step.group_policy
        priority = step.update.state.get("priority")
        target = policy.target(metric.name, priority) if policy else None
        changed = target != self.target
        if not (finishing and self._keeps_target(metric)):
            self.target, self.priority = target, priority
            self.policy = policy if target else None
        self._count_in(_unit(self.target, self.schedule))
        self._note_target(step.update.at)
        relaxed = changed and not (self.target and self.used >= self.target.seconds)
        if relaxed and not self.choices.breach_survives_relaxed_target:
            self.breach_at = None
        if self._is_used_up(finishing=finishing):
            self.breach_at = step.update.at

    def enter(self, phase: Phase, at: int) -> None:
        """Run, pause or finish from this update on."""
        self.running_since = at if phase is Phase.ACTIVE else None
        self.finished_at = at if phase is Phase.ACHIEVED else None
        was_paused = bool(self.paused) and self.paused[-1][1] is None
        if phase is Phase.PAUSED and not was_paused:
            self.paused.append((at, None))
        elif phase is not Phase.PAUSED and was_paused:
            self.paused[-1] = (self.paused[-1][0], at)

    def due(self) -> int | None:
        """Return the deadline that people should see; None when time does not bring it nearer."""
        if self.running_since is None or self.target is None:
            return None
        if self.breach_at is not None:
            return self.breach_at
        return self.time.due(self.running_since, self.target.seconds - self.used)

    def _keeps_target(self, metric: Metric) -> bool:
        """Whether the finishing update's target comes too late: a new group's always does."""
        return metric.targets_of == "group" or not self.choices.finishing_update_sets_target

    def _is_used_up(self, *, finishing: bool) -> bool:
        """Whether the clock breaches now; a recorded breach never moves."""
        if self.target is None or self.breach_at is not None:
            return False
        if finishing and not self.choices.reply_on_deadline_breaches:
            return self.used > self.target.seconds
        return self.used >= self.target.seconds

    def _note_target(self, at: int) -> None:
        policy, target = self.policy, self.target
        applied = AppliedTarget(
            applied_at=at,
            policy_id=policy.id if policy else None,
            policy_title=policy.title if policy else None,
            priority=self.priority if target else None,
            target_seconds=target.seconds if target else None,
            business_hours=bool(target and target.business_hours),
            schedule_id=_schedule_id(self.time),
        )
        last = self.targets[-1] if self.targets else AppliedTarget(applied_at=at)
        if msgspec.structs.replace(applied, applied_at=last.applied_at) != last:
            self.targets.append(applied)

    def _count_in(self, time: WorkingTime) -> None:
        if time is not self.time:
            self.time = time
            self.used = sum(time.seconds(start, end) for start, end in self.ran)


def read_clock(
    metric: Metric,
    instance: int,
    spell: Spell,
    steps: Sequence[Step],
    *,
    now: int,
    choices: Choices,
) -> Clock:
    """Return the clock of one spell as it stands at `now`."""
    way = list(_way(spell, steps))
    # An edited schedule counts back to the clock's start, as if it had never been another one.
    schedule = way[-1][0].schedule
    meter = _Meter(choices, schedule, steps[spell.opened].update.at)
    for step, phase in way:
        finishing = phase is Phase.ACHIEVED
        meter.move_to(step.update.at, finishing=finishing)
        meter.obey(step, metric, finishing=finishing)
        meter.enter(phase, step.update.at)
    meter.move_to(now)
    return _as_clock(metric, instance, way[-1][1], meter)


def _way(spell: Spell, steps: Sequence[Step]) -> Iterator[tuple[Step, Phase]]:
    """Yield the steps that reach the clock; a finished one keeps the rules it finished with."""
    was = None
    for step, phase in zip(steps[spell.opened :], spell.phases, strict=False):
        if not (was is Phase.ACHIEVED and phase is Phase.ACHIEVED):
            yield step, phase
        was = phase


def _as_clock(metric: Metric, instance: int, phase: Phase, meter: _Meter) -> Clock:
    target, due = meter.target, meter.due()
    return Clock(
        metric=metric.name,
        instance=instance,
        policy_id=meter.policy.id if meter.policy else None,
        policy_title=meter.policy.title if meter.policy else None,
        priority=meter.priority,
        target_seconds=target.seconds if target else None,
        business_hours=bool(target and target.business_hours),
        schedule_id=_schedule_id(meter.time),
        started_at=meter.started,
        elapsed_seconds=meter.used,
        breached=meter.breach_at is not None,
        breach_at=meter.breach_at,
        due_at=known_second(due),
        fulfilled_at=meter.finished_at,
        state=phase,
        paused_spells=meter.paused,
        targets=meter.targets,
    )


def _unit(target: Target | None, schedule: WorkingTime | None) -> WorkingTime:
    """Return the ticket's business hours; an account without a schedule is open all the time."""
    return schedule if target and target.business_hours and schedule else CALENDAR


def _schedule_id(time: WorkingTime) -> int | None:
    return time.schedule_id if isinstance(time, BusinessTime) else None
