"""SLA clocks as they stand at the moment somebody reads them, business time included."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select, true

from sync.warehouse.tables.sla import schedule_openings, sla_clocks
from sync.warehouse.tables.tickets import tickets
from sync.warehouse.views.view import View, seconds_between

ACTIVE = "active"  # sync.sla.clocks.Phase, one room above

_clocks, _openings = sla_clocks.c, schedule_openings.c
_AS_STORED = (
    *(_clocks.ticket_id, _clocks.metric, _clocks.instance, _clocks.source, _clocks.policy_id),
    *(_clocks.policy_title, _clocks.priority, _clocks.target_seconds, _clocks.business_hours),
    *(_clocks.schedule_id, _clocks.schedule_version, _clocks.started_at, _clocks.paused_spells),
    *(_clocks.due_at, _clocks.fulfilled_at, _clocks.state, _clocks.unknown_reason),
)


def clocks_at(now: ColumnElement[Any]) -> Select[Any]:
    """Select all clocks as they stand at an instant, if nothing happens to their tickets until it.

    A clock that runs goes on from where it was computed; it breaches when its deadline passes.
    """
    breaches = and_(
        _clocks.state == ACTIVE,
        ~_clocks.breached,
        _clocks.due_at.is_not(None),
        seconds_between(_clocks.due_at, now) >= 0,
    )
    elapsed = case(
        (_clocks.state != ACTIVE, _clocks.elapsed_seconds),
        (
            _clocks.schedule_id.is_(None),
            _clocks.elapsed_seconds + seconds_between(_clocks.computed_at, now),
        ),
        else_=_clocks.elapsed_seconds + _reading(now) - _reading(_clocks.computed_at),
    )
    return (
        select(
            *_AS_STORED,
            case((breaches, true()), else_=_clocks.breached).label("breached"),
            case((breaches, _clocks.due_at), else_=_clocks.breach_at).label("breach_at"),
            elapsed.label("elapsed_seconds"),
            (_clocks.target_seconds - elapsed).label("remaining_seconds"),
        )
        .select_from(sla_clocks.join(tickets, tickets.c.id == _clocks.ticket_id))
        .where(tickets.c.deleted_at.is_(None))
    )


def _reading(at: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the business seconds up to an instant, from the first opening that is kept."""
    until = case((at < _openings.closes_at, at), else_=_openings.closes_at)
    newest = (
        select(_openings.open_seconds_before + seconds_between(_openings.opens_at, until))
        .where(
            _openings.schedule_id == _clocks.schedule_id,
            _openings.schedule_version == func.coalesce(_clocks.schedule_version, 0),
            _openings.opens_at <= at,
        )
        .order_by(_openings.opens_at.desc())
        .limit(1)
        .correlate(sla_clocks)
    )
    return func.coalesce(newest.scalar_subquery(), 0)


sla_clocks_now = View(
    name="sla_clocks_now",
    comment=(
        "One row per clock as it stands when the view is read, business time included; "
        "not of deleted tickets."
    ),
    query=clocks_at(func.now()),
    meanings={
        "breached": "the target passed before it was met; empty: unknown",
        "breach_at": "UTC",
        "elapsed_seconds": "when the view is read; empty: unknown",
        "remaining_seconds": "when the view is read; negative: overdue",
    },
)
