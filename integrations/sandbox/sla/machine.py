"""Writes the metric events of every ticket of an account, from what happens to the tickets."""

from typing import TYPE_CHECKING, Any

from integrations.sandbox.sla.deadlines import recount, settle
from integrations.sandbox.sla.names import promise_name
from integrations.sandbox.sla.ownership import follow_group
from integrations.sandbox.sla.replies import follow_replies
from integrations.sandbox.sla.turn import Turn
from integrations.sandbox.sla.updates import follow_updates
from integrations.sandbox.sla.waiting import follow_status
from integrations.sandbox.state.metric_events import (
    MEASURE,
    METRICS,
    WORDS,
    MetricEvent,
    Target,
)

if TYPE_CHECKING:
    from integrations.sandbox.sla.clocks import Clock
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.changes import TicketChange

HEARD = ("created", "updated", "merged")


def keep_clocks(account: "Account", *, tells_audits: bool = False) -> None:
    """Let the account write metric events from now on, and targets into audits if wanted."""

    def hear(change: "TicketChange") -> None:
        if change.kind in HEARD:
            _take_turn(account, change, tells_audits=tells_audits)

    account.listeners.append(hear)


def _take_turn(account: "Account", change: "TicketChange", *, tells_audits: bool) -> None:
    first_new = len(change.case.metric_events)
    turn = Turn(account, change)
    if turn.is_creation:
        _measure(turn)
    elif not first_new:
        return  # a ticket from before the clocks were kept has none
    recount(turn)
    follow_replies(turn)
    follow_status(turn)
    follow_updates(turn)
    follow_group(turn)
    changes = settle(turn)
    delay = account.metric_events.late_by()
    if delay:
        new = range(first_new, len(change.case.metric_events), WORDS)
        account.metric_events.delay(change.case, new, delay)
        for place, stood_from in turn.taken_back:
            if place < first_new:
                account.metric_events.delay_withdrawal(change.case, place, stood_from, delay)
    if tells_audits and changes:
        _tell_audit(turn, changes)


def _measure(turn: Turn) -> None:
    """Say that each metric is measured: instance 0 of all of them."""
    for metric in range(len(METRICS)):
        event = MetricEvent(turn.account.ids.record(), turn.now, metric, 0, MEASURE)
        turn.account.metric_events.write(turn.case, event)


def _tell_audit(turn: Turn, changes: "list[tuple[Clock, Target | None, Target | None]]") -> None:
    """Add to the audit which policy and which targets came and went."""
    was, now = changes[0][1:]
    told: list[tuple[str, Any, Any]] = []
    if (was and was.policy_id) != (now and now.policy_id):
        told.append(("sla_policy", was and was.title, now and now.title))
    told += [
        (promise_name(clock.metric, clock.instance), _minutes(old), _minutes(new))
        for clock, old, new in changes
    ]
    turn.case.audits[-1]["events"] += [
        {
            "id": turn.account.ids.record(),
            "type": "Change",
            "value": value,
            "field_name": name,
            "previous_value": previous,
        }
        for name, previous, value in told
    ]


def _minutes(target: Target | None) -> dict[str, Any] | None:
    if target is None:
        return None
    return {"minutes": target.seconds // 60, "in_business_hours": target.in_business_hours}
