"""Targets and breaches: what is promised to a clock, and when it will be too late."""

from integrations.sandbox.sla.clocks import Clock
from integrations.sandbox.sla.turn import Turn
from integrations.sandbox.state.hours.business_time import DAY_S, LONGEST_WAIT_DAYS, open_hours
from integrations.sandbox.state.metric_events import APPLY, APPLY_GROUP, GROUP, Target


def recount(turn: Turn) -> None:
    """Take back a breach that the schedule, edited since, would not have brought about.

    An edited schedule reaches a ticket with its next update and then counts from the start.
    """
    for clock in turn.clocks.values():
        if clock.breach is None or clock.is_done or clock.breach_at > turn.now:
            continue
        target = turn.account.metric_events.targets[clock.broken_target]
        if target is None or not target.in_business_hours:
            continue
        used = turn.seconds(clock, in_business_hours=True, until=clock.breach_at)
        if used < target.seconds:
            turn.withdraw(clock)


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
            clock.target = turn.account.metric_events.number_of(new)
            turn.write(clock, APPLY_GROUP if clock.metric == GROUP else APPLY, clock.target)
            changes.append((clock, old, new))
        _foresee(turn, clock)
    return changes


def _terms(target: Target | None) -> tuple[int | str, int, bool] | None:
    return target and (target.policy_id, target.seconds, target.in_business_hours)


def _foresee(turn: Turn, clock: Clock) -> None:
    """Write the breach of a clock in advance, and take back one that will not come."""
    if clock.breach is not None and clock.breach_at <= turn.now:
        return  # what is broken stays broken
    due = _due(turn, clock)
    if clock.breach is not None and clock.breach_at == due:
        return
    turn.withdraw(clock)
    if due is not None:
        turn.promise_breach(clock, due)


def _due(turn: Turn, clock: Clock) -> int | None:
    """Return when the target is used up: now if it already is, never while the clock is paused."""
    target = turn.account.metric_events.targets[clock.target]
    if target is None:
        return None
    left = target.seconds - turn.seconds(clock, in_business_hours=target.in_business_hours)
    if left <= 0:
        return turn.now
    if clock.runs_since is None:
        return None
    schedule = turn.account.schedule_of(turn.case) if target.in_business_hours else None
    if schedule is not None:
        return open_hours(schedule).due(turn.now, left)
    return turn.now + left if left <= LONGEST_WAIT_DAYS * DAY_S else None
