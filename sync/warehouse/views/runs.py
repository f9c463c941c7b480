"""Runs: a ticket's spells of work between creation, solutions and reopenings; its next replies."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, case, cast, func, or_, select

from integrations.runtime.database import UtcDateTime
from sync.warehouse.tables.history import ticket_field_history
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.sla import sla_clocks
from sync.warehouse.tables.tickets import tickets
from sync.warehouse.views.days import AGENTS
from sync.warehouse.views.times import FINISHED
from sync.warehouse.views.view import View, seconds_between

ENDED = (*FINISHED, "deleted")
NEXT_REPLY = "next_reply_time"

_history = ticket_field_history


def _turns() -> Any:
    """Return the changes that begin or end a run, each with the instant of the next one."""
    before, value = _history.c.previous_value, _history.c.value
    ends = before.not_in(ENDED) & value.in_(ENDED)
    reopens = before.in_(ENDED) & value.not_in(ENDED)
    order: dict[str, Any] = {
        "partition_by": _history.c.ticket_id,
        "order_by": (_history.c.valid_from, _history.c.event_id),
    }
    begins = case((value.in_(ENDED), 0), else_=1)
    return (
        select(
            _history.c.ticket_id,
            _history.c.valid_from.label("began_at"),
            _history.c.author_id,
            begins.label("begins"),
            func.sum(begins).over(**order).label("run"),
            func.lead(_history.c.valid_from, type_=UtcDateTime()).over(**order).label("ended_at"),
            func.lead(_history.c.author_id, type_=BigInteger()).over(**order).label("ended_by_id"),
        )
        .where(_history.c.field == "status", or_(before.is_(None), ends, reopens))
        .subquery("turns")
    )


def _kind_of(author: ColumnElement[Any], role: ColumnElement[Any]) -> ColumnElement[str]:
    return case(
        (role.in_(AGENTS), "staff"), (and_(author > 0, role.is_not(None)), "customer"), else_="rule"
    )


_turn = _turns()
_beginner = users.alias("beginner")
ticket_runs = View(
    name="ticket_runs",
    comment=(
        "One row per run of work on a ticket, from its creation or a reopening until it is "
        "solved; deleted tickets are left out."
    ),
    query=select(
        _turn.c.ticket_id,
        cast(_turn.c.run, Integer).label("run"),
        _turn.c.began_at,
        _turn.c.author_id.label("begun_by_id"),
        _kind_of(_turn.c.author_id, _beginner.c.role).label("begun_by"),
        _turn.c.ended_at,
        _turn.c.ended_by_id,
        seconds_between(_turn.c.began_at, func.coalesce(_turn.c.ended_at, func.now())).label(
            "seconds"
        ),
        tickets.c.priority,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.assignee_id,
    )
    .select_from(
        _turn.join(tickets, tickets.c.id == _turn.c.ticket_id)
        .outerjoin(groups, groups.c.id == tickets.c.group_id)
        .outerjoin(_beginner, _beginner.c.id == _turn.c.author_id)
    )
    .where(tickets.c.deleted_at.is_(None), _turn.c.begins == 1),
    meanings={
        "run": "1 from the creation on, 2 from the first reopening on ...",
        "began_at": "UTC; creation or reopening",
        "begun_by_id": "users.id; -1 is Zendesk itself",
        "begun_by": "customer, staff or rule (Zendesk itself, or nobody known)",
        "ended_at": "UTC; solved; empty: it is worked on",
        "ended_by_id": "users.id of who solved it",
        "seconds": "how long; of a run that lasts: until the view is read",
        "group_id": "groups.id; its group now",
        "group_name": "groups.name; its group now",
        "assignee_id": "users.id; who has it now",
    },
)


def _streaks() -> Any:
    """Return next-reply clocks with a number that is the same along each streak of breaches."""
    clocks = sla_clocks
    breaches = case((clocks.c.breached, 1), else_=0)
    kept = case((clocks.c.breached, 0), else_=1)
    order: dict[str, Any] = {"partition_by": clocks.c.ticket_id, "order_by": clocks.c.instance}
    streaks = (
        select(
            clocks.c.ticket_id,
            clocks.c.state,
            clocks.c.target_seconds,
            clocks.c.elapsed_seconds,
            clocks.c.business_hours,
            breaches.label("breach"),
            func.sum(kept).over(**order).label("streak"),
        )
        .where(clocks.c.metric == NEXT_REPLY)
        .subquery("streaks")
    )
    in_a_row = func.sum(streaks.c.breach).over(partition_by=(streaks.c.ticket_id, streaks.c.streak))
    return select(streaks, in_a_row.label("in_a_row")).subquery("replies")


_reply = _streaks()
_ended = _reply.c.state == "achieved"
_counts = _reply.c.target_seconds.is_not(None)
next_reply_runs = View(
    name="next_reply_runs",
    comment=(
        "One row per ticket whose customer wrote again and was owed a reply: how the replies "
        "went; deleted tickets are left out."
    ),
    query=select(
        _reply.c.ticket_id,
        func.count().label("replies_owed"),
        func.count().filter(_ended).label("replied"),
        func.count().filter(_counts & _ended & (_reply.c.breach == 0)).label("achieved"),
        func.count().filter(_counts & (_reply.c.breach == 1)).label("breached"),
        cast(func.max(_reply.c.in_a_row), Integer).label("breached_in_a_row"),
        func.max(_reply.c.elapsed_seconds).label("slowest_seconds"),
        func.max(case((_reply.c.business_hours, 1), else_=0)).label("in_business_hours"),
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.assignee_id,
    )
    .select_from(
        _reply.join(tickets, tickets.c.id == _reply.c.ticket_id).outerjoin(
            groups, groups.c.id == tickets.c.group_id
        )
    )
    .where(tickets.c.deleted_at.is_(None))
    .group_by(_reply.c.ticket_id, tickets.c.group_id, groups.c.name, tickets.c.assignee_id),
    meanings={
        "replies_owed": "next-reply clocks, with and without a target",
        "replied": "of these: answered, or solved",
        "achieved": "with a target, and answered in time",
        "breached": "with a target that was missed, answered or not",
        "breached_in_a_row": "the longest streak of misses",
        "slowest_seconds": "the longest wait, in the unit of its clock",
        "in_business_hours": "1: at least one of the clocks counts business hours",
        "group_id": "groups.id; its group now",
        "group_name": "groups.name; its group now",
        "assignee_id": "users.id; who has it now",
    },
)

RUN_VIEWS = (ticket_runs, next_reply_runs)
