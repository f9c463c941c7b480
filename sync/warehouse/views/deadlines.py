"""Which deadline of a ticket comes first, whoever set it, beside what the desk knows of it."""

from sqlalchemy import func, select

from sync.warehouse.tables.marks import ticket_marks
from sync.warehouse.tables.people import groups
from sync.warehouse.tables.sla import sla_clocks
from sync.warehouse.tables.tickets import tickets
from sync.warehouse.views.view import View, seconds_between

_clocks, _marks = sla_clocks.c, ticket_marks.c
_running = (
    select(
        *(_clocks[name] for name in ("ticket_id", "metric", "instance", "source", "policy_id")),
        *(_clocks[name] for name in ("policy_title", "due_at", "breached", "explanation")),
        func.row_number()
        .over(
            partition_by=_clocks.ticket_id,
            order_by=(_clocks.due_at, _clocks.metric, _clocks.instance),
        )
        .label("place"),
        func.count().over(partition_by=_clocks.ticket_id).label("clocks_running"),
    )
    .where(_clocks.state == "active", _clocks.due_at.is_not(None))
    .subquery()
)

nearest_deadlines = View(
    name="nearest_deadlines",
    comment=(
        "One row per ticket with a running clock: the deadline that comes first, of Zendesk's, the "
        "desk's and regulators' clocks; not of deleted tickets."
    ),
    query=select(
        _running.c.ticket_id,
        _running.c.metric,
        _running.c.instance,
        _running.c.source,
        _running.c.policy_id,
        _running.c.policy_title,
        _running.c.due_at,
        _running.c.breached,
        seconds_between(func.now(), _running.c.due_at).label("seconds_to_due"),
        _running.c.clocks_running,
        tickets.c.status,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        *(_marks[name] for name in ("family", "severity", "jurisdiction", "queue")),
        _running.c.explanation,
    )
    .select_from(
        _running.join(tickets, tickets.c.id == _running.c.ticket_id)
        .outerjoin(groups, groups.c.id == tickets.c.group_id)
        .outerjoin(ticket_marks, _marks.ticket_id == _running.c.ticket_id)
    )
    .where(_running.c.place == 1, tickets.c.deleted_at.is_(None)),
    meanings={
        "seconds_to_due": "calendar seconds until due_at, when the view is read; negative: overdue",
        "clocks_running": "how many clocks of the ticket have a deadline",
        "group_name": "groups.name",
    },
)

DEADLINE_VIEWS = (nearest_deadlines,)
