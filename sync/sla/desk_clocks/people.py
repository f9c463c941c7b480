"""Clocks that wait for people of the desk: the first answer by severity, and a department's."""

from collections.abc import Iterator, Sequence

from sync.sla.clocks import AppliedTarget, Clock, Phase, Source
from sync.sla.desk_clocks.book import ALWAYS, Department
from sync.sla.desk_clocks.desk import Desk
from sync.sla.desk_clocks.names import DEPARTMENT_ANSWER, SEVERITY_ANSWER, TITLES
from sync.sla.desk_clocks.stopwatch import Stopwatch, spells_within
from sync.sla.desk_clocks.story import Story, Turn
from sync.sla.schedules import CALENDAR, WorkingTime, known_second

# Answers given outside the ticket: code of the department and second since 1970.
Elsewhere = Sequence[tuple[str, int]]


class Asking:
    """One time a department owes an answer: since when, until when, and whether it came."""

    __slots__ = ("ended_at", "order", "started_at")

    def __init__(self, order: int, started_at: int) -> None:
        self.order, self.started_at = order, started_at
        self.ended_at: int | None = None


def severity_clock(story: Story, desk: Desk, now: int) -> Clock | None:
    """Return the clock of the first human answer; None without a severity or a question.

    It starts with the customer's first public word, runs round the clock, and ends with the first
    public answer of a person, or when the ticket is solved.
    """
    started = story.asked_at
    if started is None or not story.severities:
        return None
    times = desk.rules.severity.at(started)
    watch = Stopwatch(started)
    answers = (answer.at for answer in story.answers if answer.public)
    ends = (*answers, *(end.at for end in story.ends))
    end = min((at for at in ends if at >= started), default=None)
    for at, severity in story.severities:
        if end is not None and at > end:
            break  # what is finished keeps the target it finished with
        applied = AppliedTarget(
            applied_at=max(at, started),
            policy_id=times.policy_id,
            policy_title=TITLES[SEVERITY_ANSWER],
            priority=severity,
            target_seconds=times.seconds[severity],
        )
        watch.aim(applied, CALENDAR)
    return _as_clock(SEVERITY_ANSWER, 1, watch, end, now)


def department_clocks(
    story: Story, desk: Desk, now: int, elsewhere: Elsewhere = ()
) -> Iterator[Clock]:
    """Yield a clock for each time a department owes an answer.

    It ends with the first comment of the department's group or its answer elsewhere, when the
    ticket leaves the queue or is solved; a ticket that is opened again without an answer starts
    another one.
    """
    instance = 0
    for turn in story.turns:
        for asking in _askings(story, turn, _answered_at(story, turn, desk, elsewhere, now)):
            instance += 1
            yield _department_clock(story, turn, asking, instance, desk, now)


def _answered_at(
    story: Story, turn: Turn, desk: Desk, elsewhere: Elsewhere, now: int
) -> int | None:
    members = desk.members.get(turn.queue, ())
    answers = [
        a.at
        for a in story.answers
        if a.order > turn.order and a.author_id in members and a.author_id != turn.asked_by
    ][:1]
    answers += [at for queue, at in elsewhere if queue == turn.queue and turn.since <= at <= now]
    return min(answers, default=None)


def _askings(story: Story, turn: Turn, answer: int | None) -> Iterator[Asking]:
    over = min((at for at in (answer, turn.left_at) if at is not None), default=None)
    asking: Asking | None = Asking(turn.order, turn.since)
    for end in story.ends:
        if asking is None or (over is not None and over <= end.at):
            break
        if end.reopened_at is not None and end.reopened_at <= asking.started_at:
            continue  # that was before the department was asked
        if end.at > asking.started_at or end.order > asking.order:
            asking.ended_at = end.at
            yield asking
        asking = None if end.reopened_at is None else Asking(end.reopened_order, end.reopened_at)
    if asking is not None and (over is None or over >= asking.started_at):
        asking.ended_at = over
        yield asking


def _department_clock(
    story: Story, turn: Turn, asking: Asking, instance: int, desk: Desk, now: int
) -> Clock:
    editions = desk.rules.departments.get(turn.queue)
    if editions is None:
        return _unknown(instance, f"the rules have no department {turn.queue}")
    department = editions.at(asking.started_at)
    watch = Stopwatch(asking.started_at)
    until = now if asking.ended_at is None else asking.ended_at
    moves = _moves(story, asking.started_at, until)
    if not any(severity for _, severity, _ in moves):
        return _unknown(instance, "the ticket has no severity", department)
    for at, severity, waits in moves:
        if waits is not None:
            watch.pause(at) if waits else watch.go_on(at)
        if severity is None:
            continue
        hours = _hours(department, severity, desk, asking.started_at)
        if hours is None or hours.doubt is not None:
            said = f"the account has no business hours {department.hours!r}"
            return _unknown(instance, (hours and hours.doubt) or said, department)
        watch.aim(_target(department, severity, at, hours), hours)
    return _as_clock(DEPARTMENT_ANSWER, instance, watch, asking.ended_at, now)


def _moves(story: Story, started: int, until: int) -> list[tuple[int, str | None, bool | None]]:
    """Return in order when the severity changed and when the department waited, and then not."""
    standing = [severity for at, severity in story.severities if at <= started]
    moves: list[tuple[int, str | None, bool | None]] = [
        (started, severity, None) for severity in standing[-1:]
    ]
    moves += [(at, one, None) for at, one in story.severities if started < at <= until]
    moves += [(at, None, waits) for at, waits in spells_within(story.waits, started, until)]
    moves.sort(key=lambda move: move[0])
    return moves


def _hours(department: Department, severity: str, desk: Desk, at: int) -> WorkingTime | None:
    name = department.hours_for(severity)
    return CALENDAR if name == ALWAYS else desk.hours(name, at)


def _target(department: Department, severity: str, at: int, hours: WorkingTime) -> AppliedTarget:
    return AppliedTarget(
        applied_at=at,
        policy_id=department.policy_id,
        policy_title=department.title,
        priority=severity,
        target_seconds=department.seconds[severity],
        business_hours=hours is not CALENDAR,
        schedule_id=hours.schedule_id,
    )


def _unknown(instance: int, reason: str, department: Department | None = None) -> Clock:
    return Clock(
        metric=DEPARTMENT_ANSWER,
        instance=instance,
        source=Source.DESK,
        policy_id=department.policy_id if department else None,
        policy_title=department.title if department else None,
        business_hours=None,
        started_at=None,
        elapsed_seconds=None,
        breached=None,
        state=Phase.UNKNOWN,
        unknown_reason=reason,
    )


def _as_clock(metric: str, instance: int, watch: Stopwatch, end: int | None, now: int) -> Clock:
    if end is not None:
        watch.finish(end)
    due = watch.due(now)
    last = watch.targets[-1] if watch.targets else None
    running = Phase.ACTIVE if watch.is_running else Phase.PAUSED
    return Clock(
        metric=metric,
        instance=instance,
        source=Source.DESK,
        policy_id=last.policy_id if last else None,
        policy_title=last.policy_title if last else None,
        priority=last.priority if last else None,
        target_seconds=last.target_seconds if last else None,
        business_hours=bool(last and last.business_hours),
        schedule_id=watch.time.schedule_id,
        schedule_version=watch.time.version,
        started_at=watch.started,
        elapsed_seconds=watch.used,
        breached=watch.breach_at is not None,
        breach_at=known_second(watch.breach_at),
        due_at=known_second(due),
        fulfilled_at=end,
        state=running if end is None else Phase.ACHIEVED,
        paused_spells=watch.pauses,
        targets=watch.targets,
    )
