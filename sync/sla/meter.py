"""How far one instance of a metric has used up its target, and when it breached or will."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from sync.sla.clocks import AppliedTarget, Clock, Phase
from sync.sla.life import Life, Running, Stand
from sync.sla.metrics import Metric
from sync.sla.policies import Target
from sync.sla.schedules import CALENDAR, WorkingTime, known_second
from sync.sla.spells import Spell

NO_SCHEDULE = "its target counts business hours, and the account has no schedule"


class _Stretch(NamedTuple):
    """What is asked of a clock from one update on."""

    since: int
    target: Target | None
    priority: str | None


def measure(life: Life, metric: Metric, instance: int, spell: Spell) -> Clock:
    """Return the clock of one spell as it stands at the end of the life."""
    opened, ended = spell
    stretches = _stretches(life, metric, opened, ended)
    schedule = life.schedules[life.size - 1 if ended is None else ended]
    reason = life.doubt or _doubt(life, stretches, schedule)
    if reason is not None:
        return _unknown(life, metric, instance, spell, reason)
    running = life.running(metric.runs_in(life.choices))
    target, priority = stretches[-1].target, stretches[-1].priority
    time = _unit(target, schedule)
    used = running.used(time)
    until = life.size if ended is None else ended
    is_active = ended is None and (running.runs is None or running.runs[-1])
    breach = _breach(life, metric, running, spell, stretches, schedule)
    due = None
    if is_active and target is not None:
        left = used[opened] + target.seconds - used[until]
        due = breach if breach is not None else known_second(time.due(life.at[until], left))
    return Clock(
        metric=metric.name,
        instance=instance,
        policy_id=target.policy_id if target else None,
        policy_title=target.policy_title if target else None,
        priority=priority,
        target_seconds=target.seconds if target else None,
        business_hours=target is not None and target.business_hours,
        schedule_id=time.schedule_id,
        schedule_version=time.version,
        started_at=life.at[opened],
        elapsed_seconds=used[until] - used[opened],
        breached=breach is not None,
        breach_at=breach,
        due_at=due,
        fulfilled_at=None if ended is None else life.at[ended],
        state=Phase.ACHIEVED if ended is not None else Phase.ACTIVE if is_active else Phase.PAUSED,
        paused_spells=_pauses(life, running, spell) if running.pauses else [],
        targets=_history(life, stretches, schedule),
    )


def _stretches(life: Life, metric: Metric, opened: int, ended: int | None) -> Sequence[_Stretch]:
    """Return the targets that reach a clock; the first one holds from its start."""
    stands: Sequence[Stand] = life.group_stands if metric.of_group else life.stands
    if len(stands) > 1 and metric.resumes:
        stands = _reaching(life, stands)
    keeps = metric.of_group or not life.choices.finishing_update_sets_target
    found: list[_Stretch] = []
    for since, policy, priority in stands:
        # The update that ends a group's clock brings the next group's policy.
        if ended is not None and since > opened and since + keeps > ended:
            break
        target = policy.target(metric.name, priority)
        if since <= opened:
            found = [_Stretch(opened, target, priority)]
        elif (target, priority) != found[-1][1:]:
            found.append(_Stretch(since, target, priority))
    return found


def _reaching(life: Life, stands: Sequence[Stand]) -> Sequence[Stand]:
    """Put off what comes while the ticket is solved until it is reopened."""
    keeps = not life.choices.finishing_update_sets_target
    found: dict[int, Stand] = {}
    for stand in stands:
        since = stand.since
        if since and life.finished(since) and (keeps or life.finished(since - 1)):
            since = _reopened(life, since)
        found[since] = stand._replace(since=since)
    return list(found.values())


def _reopened(life: Life, after: int) -> int:
    """Return the update that reopens a ticket; the number of updates when none does."""
    later = range(after + 1, life.size)
    return next((index for index in later if not life.finished(index)), life.size)


def _doubt(life: Life, stretches: Sequence[_Stretch], schedule: WorkingTime | None) -> str | None:
    """Return why nobody can tell how a clock with these targets stands."""
    for _, target, _ in stretches:
        if target is None:
            continue
        if target.doubt is not None:
            return target.doubt
        if target.business_hours:
            if schedule is not None and schedule.doubt is not None:
                return schedule.doubt
            if schedule is None and life.choices.business_target_without_schedule == "unknown":
                return NO_SCHEDULE
    return None


def _unit(target: Target | None, schedule: WorkingTime | None) -> WorkingTime:
    return schedule if target and target.business_hours and schedule else CALENDAR


def _breach(
    life: Life,
    metric: Metric,
    running: Running,
    spell: Spell,
    stretches: Sequence[_Stretch],
    schedule: WorkingTime | None,
) -> int | None:
    """Return when the clock breached; a target that comes late counts from the clock's start.

    An edited schedule counts back to the start too, as if it had never been another one.
    """
    opened, ended = spell
    survives = life.choices.breach_survives_relaxed_target
    breach: int | None = None
    last = life.size if ended is None else ended
    for place, (since, target, _) in enumerate(stretches, start=1):
        until = stretches[place].since if place < len(stretches) else last
        if target is None:
            breach = breach if survives else None
            continue
        time = _unit(target, schedule)
        used = running.used(time)
        wanted = used[opened] + target.seconds
        if not survives and used[since] < wanted:
            breach = None
        if breach is None and used[until] >= wanted:
            breach = _used_up(life, metric, spell, (since, until), used, wanted, time)
    return breach


def _used_up(
    life: Life,
    metric: Metric,
    spell: Spell,
    stretch: tuple[int, int],
    used: Sequence[int],
    wanted: int,
    time: WorkingTime,
) -> int | None:
    """Return when `used` reached what is wanted, not before the stretch; None: just in time."""
    opened, ended = spell
    since, until = stretch
    index = bisect_left(used, wanted, opened + 1, until)
    moment = time.due(life.at[index - 1], wanted - used[index - 1])
    is_end = index == ended or (metric.resumes and index < life.size and life.solves(index))
    if moment == life.at[index] and is_end and not life.choices.reply_on_deadline_breaches:
        index = _reopened(life, index) if metric.resumes else life.size
        if index > until or index >= life.size:
            return None
        moment = life.at[index]
    return None if moment is None else max(moment, life.at[since])


def _pauses(life: Life, running: Running, spell: Spell) -> list[tuple[int, int | None]]:
    """Return from when to when the clock was paused; None: it still is."""
    opened, ended = spell
    until = life.size if ended is None else ended
    found = (
        (max(begin, opened), min(end, until))
        for begin, end in running.pauses
        if begin < until and end > opened
    )
    at, size = life.at, life.size
    return [(at[begin], None if end == size else at[end]) for begin, end in found]


def _history(
    life: Life, stretches: Sequence[_Stretch], schedule: WorkingTime | None
) -> list[AppliedTarget]:
    """Return the targets a clock was given; one without seconds tells that it was taken away."""
    history: list[AppliedTarget] = []
    for since, target, priority in stretches:
        if target is not None:
            history.append(
                AppliedTarget(
                    life.at[since],
                    target.policy_id,
                    target.policy_title,
                    priority,
                    target.seconds,
                    target.business_hours,
                    _unit(target, schedule).schedule_id,
                )
            )
        elif history and history[-1].target_seconds is not None:
            history.append(AppliedTarget(life.at[since]))
    return history


def _unknown(life: Life, metric: Metric, instance: int, spell: Spell, reason: str) -> Clock:
    """Return a clock of which only what the updates tell is known."""
    opened, ended = spell
    return Clock(
        metric=metric.name,
        instance=instance,
        business_hours=None,
        started_at=life.at[opened],
        elapsed_seconds=None,
        breached=None,
        fulfilled_at=None if ended is None else life.at[ended],
        state=Phase.UNKNOWN,
        unknown_reason=reason,
    )
