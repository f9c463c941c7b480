"""What was done each day. A day without anything has no row: no view invents dates."""

from typing import Any

from sqlalchemy import Integer, func, literal, select

from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from sync.warehouse.views.view import View, day_of

AGENTS = ("agent", "admin")

_alive = tickets.c.deleted_at.is_(None)
_comments = ticket_comments
_day = day_of(_comments.c.created_at)

agent_replies_per_day = View(
    name="agent_replies_per_day",
    comment="One row per day (UTC) and agent who wrote on a ticket; deleted tickets are left out.",
    query=select(
        _day.label("day"),
        _comments.c.author_id.label("agent_id"),
        users.c.name.label("agent_name"),
        func.count().filter(_comments.c.public).label("public_replies"),
        func.count().filter(~_comments.c.public).label("internal_notes"),
        func.count(_comments.c.ticket_id.distinct()).label("tickets"),
    )
    .select_from(
        _comments.join(users, users.c.id == _comments.c.author_id).join(
            tickets, tickets.c.id == _comments.c.ticket_id
        )
    )
    .where(_alive, _comments.c.deleted_at.is_(None), users.c.role.in_(AGENTS))
    .group_by(_day, _comments.c.author_id, users.c.name),
    meanings={
        "day": "UTC",
        "agent_id": "users.id; people who are agents or admins now",
        "agent_name": "users.name",
        "public_replies": "comments the customer sees",
        "internal_notes": "comments only agents see",
        "tickets": "different tickets the agent wrote on that day",
    },
)


def _flow() -> Any:
    """Return one row per creation and one per solution, to be added up."""
    created = select(
        day_of(tickets.c.created_at).label("day"),
        tickets.c.group_id,
        literal(1, Integer).label("created"),
        literal(0, Integer).label("solved"),
    ).where(_alive)
    solved = (
        select(
            day_of(ticket_metrics.c.solved_at).label("day"),
            tickets.c.group_id,
            literal(0, Integer).label("created"),
            literal(1, Integer).label("solved"),
        )
        .select_from(tickets.join(ticket_metrics, ticket_metrics.c.ticket_id == tickets.c.id))
        .where(
            _alive,
            tickets.c.status.in_(("solved", "closed")),
            ticket_metrics.c.solved_at.is_not(None),
        )
    )
    return created.union_all(solved).subquery("flow")


_each = _flow()
tickets_per_day = View(
    name="tickets_per_day",
    comment=(
        "One row per day (UTC) and group with created or solved tickets; a ticket counts for the "
        "group it is in now; deleted tickets are left out."
    ),
    query=select(
        _each.c.day,
        _each.c.group_id,
        groups.c.name.label("group_name"),
        func.sum(_each.c.created).label("created"),
        func.sum(_each.c.solved).label("solved"),
    )
    .select_from(_each.outerjoin(groups, groups.c.id == _each.c.group_id))
    .group_by(_each.c.day, _each.c.group_id, groups.c.name),
    meanings={
        "day": "UTC",
        "group_id": "groups.id; empty: no group",
        "group_name": "groups.name",
        "created": "tickets created that day",
        "solved": "tickets whose newest solution was that day and that are still solved",
    },
)

DAY_VIEWS = (agent_replies_per_day, tickets_per_day)
