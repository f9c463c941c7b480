"""What waits now, what was deleted, and how content customers are."""

from sqlalchemy import Boolean, case, func, literal, select, type_coerce

from sync.warehouse.tables.aftermath import satisfaction_ratings, ticket_deletions
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from sync.warehouse.views.view import View, hours_since

OPEN = ("new", "open", "pending", "hold")
is_open = tickets.c.deleted_at.is_(None) & tickets.c.status.in_(OPEN)

_agents = users.alias("agents")

open_tickets = View(
    name="open_tickets",
    comment="One row per ticket that waits: new, open, pending or hold, and not deleted.",
    query=select(
        tickets.c.id.label("ticket_id"),
        tickets.c.subject,
        tickets.c.status,
        tickets.c.priority,
        tickets.c.type,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.assignee_id,
        _agents.c.name.label("assignee_name"),
        tickets.c.requester_id,
        tickets.c.organization_id,
        tickets.c.brand_id,
        tickets.c.via_channel,
        tickets.c.created_at,
        tickets.c.updated_at,
        ticket_metrics.c.status_updated_at.label("status_since"),
        ticket_metrics.c.latest_comment_added_at.label("last_comment_at"),
        hours_since(tickets.c.created_at).label("age_hours"),
        hours_since(tickets.c.updated_at).label("idle_hours"),
    )
    .select_from(
        tickets.outerjoin(groups, groups.c.id == tickets.c.group_id)
        .outerjoin(_agents, _agents.c.id == tickets.c.assignee_id)
        .outerjoin(ticket_metrics, ticket_metrics.c.ticket_id == tickets.c.id)
    )
    .where(is_open),
    meanings={
        "group_name": "groups.name; empty: no group, or it is not known here",
        "assignee_name": "users.name; empty: nobody has it",
        "status_since": "UTC; when it got its status",
        "last_comment_at": "UTC; newest comment, public or internal",
        "age_hours": "whole hours since created_at, when the view is read",
        "idle_hours": "whole hours since updated_at, when the view is read",
    },
)

_unassigned = func.count().filter(tickets.c.assignee_id.is_(None))
backlog = View(
    name="backlog",
    comment="One row per group, status and priority that open tickets have, with how many.",
    query=select(
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.status,
        tickets.c.priority,
        func.count().label("tickets"),
        _unassigned.label("unassigned"),
        func.min(tickets.c.created_at).label("oldest_created_at"),
    )
    .select_from(tickets.outerjoin(groups, groups.c.id == tickets.c.group_id))
    .where(is_open)
    .group_by(tickets.c.group_id, groups.c.name, tickets.c.status, tickets.c.priority),
    meanings={
        "group_name": "groups.name; empty: no group",
        "tickets": "how many wait",
        "unassigned": "how many of them nobody has",
        "oldest_created_at": "UTC; creation of the oldest of them",
    },
)

AGES = (  # from so many hours on, and what people call it
    (0, "under 4 hours"),
    (4, "4 to 24 hours"),
    (24, "1 to 3 days"),
    (72, "3 to 7 days"),
    (168, "7 to 30 days"),
    (720, "30 days and more"),
)
_age = hours_since(tickets.c.created_at)
_waiting = (
    select(
        tickets.c.group_id,
        tickets.c.priority,
        tickets.c.status,
        tickets.c.assignee_id,
        case(*((_age >= hours, hours) for hours, _ in reversed(AGES)), else_=0).label("hours"),
    )
    .where(is_open)
    .subquery("waiting")
)
_band = _waiting.c.hours
backlog_by_age = View(
    name="backlog_by_age",
    comment="One row per group, priority and age that open tickets have, with how many.",
    query=select(
        _waiting.c.group_id,
        groups.c.name.label("group_name"),
        _waiting.c.priority,
        _band.label("age_from_hours"),
        case(*((_band == hours, literal(told)) for hours, told in AGES)).label("age"),
        func.count().label("tickets"),
        func.count().filter(_waiting.c.assignee_id.is_(None)).label("unassigned"),
        func.count().filter(_waiting.c.status.in_(("new", "open"))).label("to_work_on"),
    )
    .select_from(_waiting.outerjoin(groups, groups.c.id == _waiting.c.group_id))
    .group_by(_waiting.c.group_id, groups.c.name, _waiting.c.priority, _band),
    meanings={
        "group_name": "groups.name; empty: no group",
        "age_from_hours": f"{', '.join(str(hours) for hours, _ in AGES)}; order by it",
        "age": f"since creation: {', '.join(told for _, told in AGES)}",
        "tickets": "how many wait",
        "unassigned": "how many of them nobody has",
        "to_work_on": "how many of them are new or open",
    },
)

agent_workload = View(
    name="agent_workload",
    comment="One row per agent who has open tickets; tickets without an agent are left out.",
    query=select(
        tickets.c.assignee_id.label("agent_id"),
        _agents.c.name.label("agent_name"),
        func.count().label("tickets"),
        func.count().filter(tickets.c.status.in_(("new", "open"))).label("to_work_on"),
        func.count().filter(tickets.c.status == "pending").label("waiting_for_customer"),
        func.count().filter(tickets.c.status == "hold").label("waiting_for_others"),
        func.count().filter(tickets.c.priority == "urgent").label("urgent"),
        func.min(tickets.c.created_at).label("oldest_created_at"),
    )
    .select_from(tickets.outerjoin(_agents, _agents.c.id == tickets.c.assignee_id))
    .where(is_open, tickets.c.assignee_id.is_not(None))
    .group_by(tickets.c.assignee_id, _agents.c.name),
    meanings={
        "agent_name": "users.name",
        "tickets": "open tickets the agent has",
        "to_work_on": "of these: new or open",
        "waiting_for_customer": "of these: pending",
        "waiting_for_others": "of these: hold",
        "urgent": "of these: of priority urgent",
        "oldest_created_at": "UTC; creation of the oldest of them",
    },
)

deleted_tickets = View(
    name="deleted_tickets",
    comment="One row per deleted ticket. Erased ones have lost their content, here as in Zendesk.",
    query=select(
        tickets.c.id.label("ticket_id"),
        tickets.c.deleted_at,
        tickets.c.erased_at,
        type_coerce(tickets.c.erased_at.is_not(None), Boolean).label("is_erased"),
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.requester_id,
        tickets.c.created_at,
        ticket_deletions.c.actor_id.label("deleted_by_id"),
        ticket_deletions.c.previous_state.label("status_before"),
    )
    .select_from(
        tickets.outerjoin(groups, groups.c.id == tickets.c.group_id).outerjoin(
            ticket_deletions, ticket_deletions.c.id == tickets.c.id
        )
    )
    .where(tickets.c.deleted_at.is_not(None)),
    meanings={
        "deleted_at": "UTC; when Zendesk deleted it",
        "is_erased": "deleted for good: nothing brings it back",
        "group_name": "groups.name",
        "deleted_by_id": "users.id; empty: Zendesk does not tell",
    },
)

GIVEN = ("good", "bad")
_ratings = satisfaction_ratings
_newest = _ratings.alias("newest")
_newest_of_its_ticket = (
    select(func.max(_newest.c.id))
    .where(_newest.c.ticket_id == _ratings.c.ticket_id, _newest.c.score.in_(GIVEN))
    .where(_newest.c.deleted_at.is_(None))
    .scalar_subquery()
)
satisfaction = View(
    name="satisfaction",
    comment="One row per ticket that was rated, with its newest rating; not of deleted tickets.",
    query=select(
        _ratings.c.ticket_id,
        _ratings.c.score,
        _ratings.c.reason,
        _ratings.c.comment,
        _ratings.c.updated_at.label("rated_at"),
        _ratings.c.group_id,
        groups.c.name.label("group_name"),
        _ratings.c.assignee_id,
        _agents.c.name.label("assignee_name"),
        _ratings.c.requester_id,
    )
    .select_from(
        _ratings.join(tickets, tickets.c.id == _ratings.c.ticket_id)
        .outerjoin(groups, groups.c.id == _ratings.c.group_id)
        .outerjoin(_agents, _agents.c.id == _ratings.c.assignee_id)
    )
    .where(
        tickets.c.deleted_at.is_(None),
        _ratings.c.score.in_(GIVEN),
        _ratings.c.id == _newest_of_its_ticket,
    ),
    meanings={
        "score": "good or bad",
        "rated_at": "UTC",
        "group_name": "groups.name; the group that was rated",
        "assignee_name": "users.name; whose work was rated",
    },
)

WORK_VIEWS = (open_tickets, backlog, backlog_by_age, agent_workload, deleted_tickets, satisfaction)
