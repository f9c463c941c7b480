"""Targets and breaches: what is promised to a clock, and when it will be too late."""

from integrations.sandbox.sla.clocks import Clock
from integrations.sandbox.sla.turn import Turn
from integrations.sandbox.state.metric_events import APPLY, APPLY_GROUP, GROUP, Target


def recount(turn: Turn) -> None:
    """Move breaches to where the schedule, edited since, brings them.

    An edited schedule reaches a ticket with its next update and then counts from the start, as if
    it had never been another one. It reaches a clock that this update ends, too.
    """
    for clock in turn.clocks.values():
        if clock.is_done or not _counts_hours(turn, clock):
            continue
        due = _breach(turn, clock)
        is_past = due is not None and due < turn.now
        was_past = clock.breach is not None and clock.breach_at <= turn.now
        if (is_past or was_past) and (clock.breach is None or clock.breach_at != due):
            turn.withdraw(clock)
            if due is not None and is_past:
                turn.promise_breach(clock, due)


def settle(turn: Turn) -> list[tuple[Clock, Target | None, Target | None]]:
    """Give every live clock its present target and its breach.

    Returns the clocks whose target changed, with the old and the new one.
    """
    changes = []
    for clock in turn.clocks.values():
        if not clock.is_live:
            continue  # a finished clock keeps the target with which it finished
        old = turn.account.metric_events.targets[clock.target]
        new = turn.promises.target(clock.metric, clock.instance)
        if _terms(old) != _terms(new):
            number = turn.account.metric_events.number_of(new)
            clock.promises.append((turn.now, number))
            turn.write(clock, APPLY_GROUP if clock.metric == GROUP else APPLY, number)
            changes.append((clock, old, new))
        _foresee(turn, clock)
    return changes


def _terms(target: Target | None) -> tuple[int | str, int, bool] | None:
    return target and (target.policy_id, target.seconds, target.in_business_hours)


def _counts_hours(turn: Turn, clock: Clock) -> bool:
    targets = turn.account.metric_events.targets
    promised = (targets[number] for _, number in clock.promises)
    return any(target is not None and target.in_business_hours for target in promised)


def _foresee(turn: Turn, clock: Clock) -> None:
    """Write the breach of a clock in advance, and take back one that will not come.

    What is broken stays broken, unless an edited schedule reaches a clock that was opened again.
    """
    is_broken = clock.breach is not None and clock.breach_at <= turn.now
    if is_broken and not _counts_hours(turn, clock):
        return
    due = _breach(turn, clock)
    if clock.breach is not None and clock.breach_at == due:
        return
    turn.withdraw(clock)
    if due is not None:
        turn.promise_breach(clock, due)


def _breach(turn: Turn, clock: Clock) -> int | None:
    """Return when a promise to a clock was broken first, or else when the present one will be.

    A promise that comes late is broken at once if its time is used up by then.
    """
    ends = [since for since, _ in clock.promises[1:]]
    for (since, number), until in zip(clock.promises, [*ends, None], strict=False):
        target = turn.account.metric_events.targets[number]
        used_up = None if target is None else _used_up(turn, clock, target)
        if used_up is not None:
            broken = max(used_up, since)
            if until is None or broken <= until:
                return broken
    return None


def _used_up(turn: Turn, clock: Clock, target: Target) -> int | None:
    """Return when a clock has used up a target; while it is paused that comes no nearer."""
    hours = turn.hours(in_business_hours=target.in_business_hours)
    left = target.seconds
    for start, end in clock.spans:
        spent = hours.seconds(start, end)
        if spent >= left:
            due = hours.due(start, left)
            if due != end or end not in clock.fulfilled:  # else it was just in time
                return due
        left -= spent
    return None if clock.runs_since is None else hours.due(clock.runs_since, max(left, 0))
