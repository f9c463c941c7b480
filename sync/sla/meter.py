"""How far the instances of a metric have used up their targets, and when they breached or will."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from sync.sla.choices import Choices
from sync.sla.clocks import AppliedTarget, Clock, Phase
from sync.sla.life import Life, Stand
from sync.sla.metrics import Metric
from sync.sla.policies import Policy
from sync.sla.schedules import CALENDAR, UnknownTime, WorkingTime, known_second
from sync.sla.spells import Spell

ACTIVE, PAUSED, ACHIEVED, UNKNOWN = Phase
NO_HOURS = UnknownTime("its target counts business hours, and the account has no schedule")


# Policy, its title, priority, seconds, whether in business hours; schedule, its version.
Told = tuple[int | str | None, str | None, str | None, int | None, bool, int | None, int | None]
# What is asked of a clock from one update on: the update; the seconds of its target, None without
# one; the facts of target and schedule, as clocks and their targets have them; the time it counts
# in; what a clock that never stops reads at each update, and one that runs as the metric does;
# why nobody can tell.
Stretch = tuple[int, int | None, Told, WorkingTime, Sequence[int], Sequence[int], str | None]


# The same without the update and what is read at it.
Asked = tuple[int | None, Told, WorkingTime, str | None]


class Meter:
    """Reads the clocks of one metric, of one ticket after the other."""

    __slots__ = ("_asked", "_choices", "metric")

    def __init__(self, metric: Metric, choices: Choices) -> None:
        self.metric, self._choices = metric, choices
        # By policy, priority and schedule: found out once, for all tickets.
        self._asked: dict[tuple[Policy, str | None, WorkingTime | None], Asked] = {}

    def read(self, life: Life, spells: Iterable[Spell]) -> Iterator[Clock]:
        """Yield the clocks of these spells of a ticket as they stand at the end of its life."""
        metric, at, size = self.metric, life.at, life.size
        name, runs_in = metric.name, metric.runs_in
        is_on, pauses = runs_in is None or life.statuses[-1] in runs_in, life.pauses(runs_in)
        stands: Sequence[Stand] = life.group_stands if metric.of_group else life.stands
        # Most tickets live under one target: all instances have the same stretch then.
        is_steady = len(stands) == 1 and life.has_one_schedule
        if is_steady:
            stretch = self._stretch(life, stands[0], life.schedules[0])
            _, seconds, told, time, readings, used, doubt = stretch
        elif metric.resumes:
            stands = self._reaching(life, stands)
        for instance, (opened, ended) in enumerate(spells, 1):
            if not is_steady:
                stretches = self._stretches(life, stands, opened, ended)
                _, seconds, told, time, readings, used, doubt = stretches[-1]
            if doubt is not None:
                yield self._unknown(life, instance, opened, ended, doubt)
                continue
            started, until = at[opened], size if ended is None else ended
            elapsed, breach, due, targets = used[until] - used[opened], None, None, []
            if not is_steady:
                breach = self._breach(life, opened, ended, stretches)
                targets = _history(at, opened, stretches)
            elif seconds is not None:
                targets = [AppliedTarget(started, *told)]
                if elapsed >= seconds:
                    breach = self._used_up(life, opened, ended, until, stretch)
            if ended is None and is_on and seconds is not None:
                moment = time.moment(readings[-1] + seconds - elapsed) if breach is None else breach
                due = known_second(moment)
            # Positions instead of names: this is done for every clock of every ticket.
            yield Clock(
                name,
                instance,
                ACHIEVED if ended is not None else ACTIVE if is_on else PAUSED,
                started,
                elapsed,
                breach is not None,
                breach,
                due,
                None if ended is None else at[ended],
                *told,
                _clipped(life, pauses, opened, until) if pauses else [],
                targets,
            )

    def _stretches(
        self, life: Life, stands: Iterable[Stand], opened: int, ended: int | None
    ) -> Sequence[Stretch]:
        """Return the targets that reach a clock; the first one holds from its start.

        An edited schedule counts back to the start, as if it had never been another one.
        """
        schedule = life.schedules[-1 if ended is None else ended]
        keeps = self.metric.of_group or not self._choices.finishing_update_sets_target
        found: list[Stretch] = []
        for stand in stands:
            # The update that ends a group's clock brings the next group's policy.
            if ended is not None and stand.since > opened and stand.since + keeps > ended:
                break
            stretch = self._stretch(life, stand, schedule)
            if stand.since <= opened:
                found = [stretch]
            elif stretch[2] != found[-1][2]:
                found.append(stretch)
        doubt = next((stretch[-1] for stretch in found if stretch[-1]), None)
        if doubt is not None:
            found[-1] = (*found[-1][:-1], doubt)
        return found

    def _stretch(self, life: Life, stand: Stand, schedule: WorkingTime | None) -> Stretch:
        since, policy, priority = stand
        key = policy, priority, schedule
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = self._ask(policy, priority, schedule)
        seconds, told, time, doubt = asked
        readings, used = life.clocks(self.metric.runs_in, time)
        return since, seconds, told, time, readings, used, life.doubt or doubt

    def _ask(self, policy: Policy, priority: str | None, schedule: WorkingTime | None) -> Asked:
        """Return what a policy asks for at a priority, under a schedule."""
        target = policy.target(self.metric.name, priority)
        time: WorkingTime = CALENDAR
        if target.business_hours:
            is_calendar = self._choices.business_target_without_schedule == "calendar"
            time = schedule or (CALENDAR if is_calendar else NO_HOURS)
        told = (*target[:5], time.schedule_id, time.version)
        return target.seconds, told, time, target.doubt or time.doubt

    def _breach(
        self, life: Life, opened: int, ended: int | None, stretches: Sequence[Stretch]
    ) -> int | None:
        """Return when a clock breached; each of its targets counts from its start."""
        survives = self._choices.breach_survives_relaxed_target
        breach: int | None = None
        last = life.size if ended is None else ended
        for place, stretch in enumerate(stretches, 1):
            since, seconds, _, _, _, used, _ = stretch
            until = stretches[place][0] if place < len(stretches) else last
            if seconds is None:
                breach = breach if survives else None
                continue
            if not survives and used[since] - used[opened] < seconds:
                breach = None
            if breach is None and used[until] - used[opened] >= seconds:
                breach = self._used_up(life, opened, ended, until, stretch)
        return breach

    def _used_up(
        self, life: Life, opened: int, ended: int | None, until: int, stretch: Stretch
    ) -> int | None:
        """Return when a target is used up, not before the stretch in which it holds.

        None: the update that ended the clock came just in time.
        """
        since, seconds, _, time, readings, used, _ = stretch
        at = life.at
        wanted = used[opened] + (seconds or 0)
        index = bisect_left(used, wanted, opened + 1, until)
        moment = time.moment(readings[index - 1] + wanted - used[index - 1])
        if moment == at[index] and self._is_in_time(life, index, ended):
            index = _reopened(life, index) if self.metric.resumes else life.size
            moment = at[index] if index <= until and index < life.size else None
        return at[since] if moment is not None and moment < at[since] else moment

    def _is_in_time(self, life: Life, index: int, ended: int | None) -> bool:
        """Whether an update ends the clock, and does so in time on the very deadline."""
        solved = self.metric.resumes and index < life.size and life.solves(index)
        return (index == ended or solved) and not self._choices.reply_on_deadline_breaches

    def _reaching(self, life: Life, stands: Sequence[Stand]) -> Sequence[Stand]:
        """Put off what comes while the ticket is solved until it is reopened."""
        keeps = not self._choices.finishing_update_sets_target
        found: dict[int, Stand] = {}
        for stand in stands:
            since = stand.since
            if since and life.finished[since] and (keeps or life.finished[since - 1]):
                since = _reopened(life, since)
            found[since] = stand._replace(since=since)
        return list(found.values())

    def _unknown(
        self, life: Life, instance: int, opened: int, ended: int | None, reason: str
    ) -> Clock:
        """Return a clock of which only what the updates tell is known."""
        return Clock(
            metric=self.metric.name,
            instance=instance,
            state=UNKNOWN,
            started_at=life.at[opened],
            fulfilled_at=None if ended is None else life.at[ended],
            unknown_reason=reason,
        )


def _reopened(life: Life, after: int) -> int:
    """Return the update that reopens the ticket; the number of updates when none does."""
    later = range(after + 1, life.size)
    return next((index for index in later if not life.finished[index]), life.size)


def _clipped(
    life: Life, pauses: Iterable[tuple[int, int]], opened: int, until: int
) -> list[tuple[int, int | None]]:
    """Return from when to when a clock was paused; None: it still is."""
    at, size = life.at, life.size
    found: list[tuple[int, int | None]] = []
    for begin, end in pauses:
        if begin < until and end > opened:
            lasts = end == size and until == size
            found.append((at[max(begin, opened)], None if lasts else at[min(end, until)]))
    return found


def _history(at: Sequence[int], opened: int, stretches: Sequence[Stretch]) -> list[AppliedTarget]:
    """Return the targets a clock was given; one without seconds: it was taken away."""
    history, was = [], None
    for since, seconds, told, *_ in stretches:
        if seconds is not None or was is not None:
            history.append(AppliedTarget(at[max(since, opened)], *told))
        was = seconds
    return history
