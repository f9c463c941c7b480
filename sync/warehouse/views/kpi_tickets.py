"""What the key figures look at: one row per ticket, in units that may be added up."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from sync.warehouse.tables.aftermath import satisfaction_ratings
from sync.warehouse.tables.marks import ticket_marks
from sync.warehouse.tables.people import groups
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from sync.warehouse.views.counted import LEFT_OUT, is_counted, with_marks
from sync.warehouse.views.times import FINISHED
from sync.warehouse.views.view import View, day_of
from sync.warehouse.views.work import GIVEN, OPEN

SECONDS_A_MINUTE = 60

_metrics, _ratings = ticket_metrics, satisfaction_ratings
_solved = tickets.c.status.in_(FINISHED) & _metrics.c.solved_at.is_not(None)
_rated = (
    select(_ratings.c.ticket_id, func.max(_ratings.c.id).label("newest"))
    .where(_ratings.c.deleted_at.is_(None), _ratings.c.score.in_(GIVEN))
    .group_by(_ratings.c.ticket_id)
    .subquery("rated")
)


def flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return 1 where something holds, else 0, which can be added up on every database."""
    return case((condition, 1), else_=0)


def _seconds(minutes: ColumnElement[Any]) -> ColumnElement[int]:
    return minutes * SECONDS_A_MINUTE


kpi_tickets = View(
    name="kpi_tickets",
    comment=f"One row per ticket with all that the key figures look at; {LEFT_OUT}.",
    query=select(
        tickets.c.id.label("ticket_id"),
        tickets.c.created_at,
        day_of(tickets.c.created_at).label("created_day"),
        case((_solved, _metrics.c.solved_at)).label("solved_at"),
        day_of(case((_solved, _metrics.c.solved_at))).label("solved_day"),
        flag(tickets.c.status.in_(OPEN)).label("waits"),
        flag(_solved).label("solved"),
        _seconds(_metrics.c.reply_time_minutes).label("first_reply_seconds"),
        case((_solved, _seconds(_metrics.c.full_resolution_minutes))).label("lead_seconds"),
        case(
            (_solved, _seconds(_metrics.c.requester_wait_minutes - _metrics.c.on_hold_minutes))
        ).label("handling_seconds"),
        _metrics.c.replies,
        _metrics.c.reopens,
        _ratings.c.score.label("satisfaction"),
        day_of(_ratings.c.created_at).label("rated_day"),
        flag(ticket_marks.c.queue.is_not(None)).label("escalated"),
        tickets.c.priority,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.assignee_id,
        ticket_marks.c.family,
        ticket_marks.c.severity,
        ticket_marks.c.language,
        func.coalesce(ticket_marks.c.channel, tickets.c.via_channel).label("channel"),
    )
    .select_from(
        with_marks(tickets)
        .outerjoin(_metrics, _metrics.c.ticket_id == tickets.c.id)
        .outerjoin(groups, groups.c.id == tickets.c.group_id)
        .outerjoin(_rated, _rated.c.ticket_id == tickets.c.id)
        .outerjoin(_ratings, _ratings.c.id == _rated.c.newest)
    )
    .where(is_counted),
    meanings={
        "created_day": "UTC",
        "solved_at": "UTC; newest solution; empty: it is not solved now",
        "solved_day": "UTC; the day of solved_at",
        "waits": "1: new, open, pending or hold",
        "solved": "1: solved or closed",
        "first_reply_seconds": "calendar seconds to the first public reply; empty: none yet",
        "lead_seconds": "calendar seconds from creation to the newest solution",
        "handling_seconds": "calendar seconds as new or open, until solved",
        "satisfaction": "good or bad, the newest rating; empty: not rated",
        "rated_day": "UTC; the day of that rating",
        "escalated": "1: a department was asked about it",
        "group_id": "groups.id; its group now",
        "group_name": "groups.name; its group now",
        "assignee_id": "users.id; who has it now",
        "channel": "ticket_marks.channel, else where the ticket came in",
    },
)
