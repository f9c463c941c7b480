"""How each clock went, with everything a report may group by, and the same day by day.

A clock counts for the group and agent that had the ticket when it was decided: at the breach, or
else at the end. One that is open counts for those who have it now.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from sync.warehouse.tables.history import ticket_field_history
from sync.warehouse.tables.marks import ticket_marks
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.sla import sla_clocks
from sync.warehouse.tables.tickets import tickets
from sync.warehouse.views.counted import LEFT_OUT, is_counted, with_marks
from sync.warehouse.views.view import View, day_of

ACHIEVED, BREACHED, OPEN, UNKNOWN = "achieved", "breached", "open", "unknown"

_clocks, _marks = sla_clocks, ticket_marks
_agents = users.alias("agents")
_decided_at = func.coalesce(_clocks.c.breach_at, _clocks.c.fulfilled_at)
_counted_at = func.coalesce(_decided_at, _clocks.c.started_at, _clocks.c.computed_at)


_group = ticket_field_history.alias("group_then")
_agent = ticket_field_history.alias("agent_then")


def _as_decided(then: FromClause, field: str) -> ColumnElement[bool]:
    """Match the value that a field had when the clock was decided."""
    return and_(
        then.c.ticket_id == _clocks.c.ticket_id,
        then.c.field == field,
        then.c.valid_from <= _decided_at,
        or_(then.c.valid_until.is_(None), then.c.valid_until > _decided_at),
    )


def _id_of(then: FromClause, now: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the id that counts: as it was then, or is now where no history tells."""
    return case((then.c.event_id.is_not(None), cast(then.c.value, BigInteger)), else_=now)


_group_id = _id_of(_group, tickets.c.group_id)
_agent_id = _id_of(_agent, tickets.c.assignee_id)
_joined = (
    with_marks(_clocks.join(tickets, tickets.c.id == _clocks.c.ticket_id))
    .outerjoin(_group, _as_decided(_group, "group_id"))
    .outerjoin(_agent, _as_decided(_agent, "assignee_id"))
    .outerjoin(groups, groups.c.id == _group_id)
    .outerjoin(_agents, _agents.c.id == _agent_id)
)
_outcome = case(
    (_clocks.c.state == UNKNOWN, literal(UNKNOWN)),
    (_clocks.c.breached, literal(BREACHED)),
    (_clocks.c.state == ACHIEVED, literal(ACHIEVED)),
    else_=literal(OPEN),
)
sla_outcomes = View(
    name="sla_outcomes",
    comment=f"One row per clock with a target, or that nobody can know; {LEFT_OUT}.",
    query=select(
        _clocks.c.ticket_id,
        _clocks.c.metric,
        _clocks.c.instance,
        _clocks.c.source,
        _clocks.c.policy_id,
        _clocks.c.policy_title,
        _clocks.c.priority,
        _outcome.label("outcome"),
        _clocks.c.state,
        _clocks.c.unknown_reason,
        _counted_at.label("counted_at"),
        day_of(_counted_at).label("day"),
        _clocks.c.target_seconds,
        _clocks.c.elapsed_seconds,
        _clocks.c.business_hours,
        _group_id.label("group_id"),
        groups.c.name.label("group_name"),
        _agent_id.label("agent_id"),
        _agents.c.name.label("agent_name"),
        _marks.c.family,
        _marks.c.reason,
        _marks.c.severity,
        _marks.c.language,
        func.coalesce(_marks.c.channel, tickets.c.via_channel).label("channel"),
    )
    .select_from(_joined)
    .where(is_counted, or_(_clocks.c.target_seconds.is_not(None), _clocks.c.state == UNKNOWN)),
    meanings={
        "policy_title": "name of the policy when it was applied",
        "priority": "the priority whose target counts",
        "outcome": (
            "achieved (ended in time), breached (ended or not), open (not decided yet) or unknown"
        ),
        "counted_at": "UTC; the breach, else the end; of one not decided: its start",
        "day": "UTC; the day of counted_at",
        "group_id": "groups.id; who had the ticket when it was decided, else who has it now",
        "group_name": "groups.name; empty: no group",
        "agent_id": "users.id; who had the ticket when it was decided, else who has it now",
        "agent_name": "users.name; empty: nobody had it",
        "family": "ticket_marks.family",
        "channel": "ticket_marks.channel, else where the ticket came in",
    },
    harmless=frozenset({"group_id", "agent_id"}),
)

DIMENSIONS = (
    *("day", "metric", "source", "policy_id", "policy_title", "priority", "group_id", "group_name"),
    *("agent_id", "agent_name", "family", "severity", "language", "channel"),
)


def _count(each: FromClause, outcome: str) -> ColumnElement[int]:
    return func.count().filter(each.c.outcome == outcome).label(outcome)


_each = sla_outcomes.query.subquery("each_clock")
_by = [_each.c[name] for name in DIMENSIONS]
sla_attainment_per_day = View(
    name="sla_attainment_per_day",
    comment=(
        "One row per day and everything a report groups by: clocks by how they went; add rows "
        f"up as needed; {LEFT_OUT}."
    ),
    query=select(
        *_by,
        _count(_each, ACHIEVED),
        _count(_each, BREACHED),
        _count(_each, OPEN),
        _count(_each, UNKNOWN),
    ).group_by(*_by),
    meanings={
        **{
            name: sla_outcomes.meanings[name]
            for name in DIMENSIONS
            if name in sla_outcomes.meanings
        },
        ACHIEVED: "ended in time; achieved / (achieved + breached) is the attainment",
        BREACHED: "missed their target, ended or not",
        OPEN: "run in time, or are paused: left out of the attainment",
        UNKNOWN: "nobody can know how they went: left out of the attainment",
    },
    harmless=frozenset({"group_id", "agent_id"}),
)

OUTCOME_VIEWS = (sla_outcomes, sla_attainment_per_day)
