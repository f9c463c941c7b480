"""Where a ticket stands: its promises as tickets show them, and its breaches as rules ask."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from integrations.runtime.clock import format_instant
from integrations.sandbox.sla.clocks import Clock, clocks_of
from integrations.sandbox.sla.names import promise_name
from integrations.sandbox.state.metric_events import GROUP, METRICS

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

UNITS = (("days", 86_400), ("hours", 3600), ("minutes", 60))


def policy_metrics(case: "TicketCase", now: datetime, *, of_groups: bool = False) -> list["Record"]:
    """Return the promises to a ticket: stage, when the target is used up, and how far that is."""
    return [
        _shown(clock, now)
        for clock in clocks_of(case).values()
        if clock.target and (clock.metric == GROUP) == of_groups
    ]


def _shown(clock: Clock, now: datetime) -> "Record":
    stage = "achieved" if clock.is_done else "paused" if clock.runs_since is None else "active"
    at = None if clock.breach is None else datetime.fromtimestamp(clock.breach_at, UTC)
    shown: dict[str, Any] = {
        "breach_at": at and format_instant(at),
        "stage": stage,
        "metric": promise_name(clock.metric, clock.instance),
    }
    if at is not None:
        left = (at - now).total_seconds()
        unit, size = next((one for one in UNITS if abs(left) >= one[1]), UNITS[-1])
        shown[unit] = round(left / size)
    return shown


def events_by_metric(account: "Account", case: "TicketCase") -> dict[str, list["Record"]]:
    """Return the metric events of a ticket under the names of the metrics."""
    shown: dict[str, list[Record]] = {name: [] for name in METRICS}
    for event in account.metric_events.of(case, int(account.clock.now().timestamp())):
        shown[METRICS[event.metric]].append(account.metric_events.present(case, event))
    return shown


def next_breach(case: "TicketCase", now: datetime) -> datetime | None:
    """Return when the next promise to a ticket will be broken if nothing happens, if ever."""
    coming = [at for at in _breaches(case) if at > now.timestamp()]
    return datetime.fromtimestamp(min(coming), UTC) if coming else None


def last_breach(case: "TicketCase", now: datetime) -> datetime | None:
    """Return when a promise to a ticket that still waits was last broken, if one was."""
    past = [at for at in _breaches(case) if at <= now.timestamp()]
    return datetime.fromtimestamp(max(past), UTC) if past else None


def _breaches(case: "TicketCase") -> list[int]:
    return [
        clock.breach_at
        for clock in clocks_of(case).values()
        if clock.is_live and clock.breach is not None
    ]
