"""Where our SLA clocks and Zendesk's own account of them differ."""

from sqlalchemy import func, select

from sync.warehouse.tables.people import groups
from sync.warehouse.tables.sla import sla_differences
from sync.warehouse.tables.tickets import tickets
from sync.warehouse.views.view import View

UNEXPLAINED = "unexplained"  # sync.sla.verdict.causes.Cause, which this floor does not know

_found = sla_differences
_alive = tickets.c.deleted_at.is_(None)

sla_differences_open = View(
    name="sla_differences_open",
    comment=(
        "One row per difference between our clocks and Zendesk's that no known cause explains, "
        "with its ticket; not of deleted tickets."
    ),
    query=select(
        *(each for each in _found.c if each.name not in {"cause", "checked_at"}),
        tickets.c.status,
        tickets.c.priority,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
    )
    .select_from(
        _found.join(tickets, tickets.c.id == _found.c.ticket_id).outerjoin(
            groups, groups.c.id == tickets.c.group_id
        )
    )
    .where(_alive, _found.c.cause == UNEXPLAINED),
    meanings={"group_name": "groups.name"},
)

sla_differences_by_cause = View(
    name="sla_differences_by_cause",
    comment="One row per cause and figure: how many differences it has, in how many tickets.",
    query=select(
        _found.c.cause,
        _found.c.field,
        func.count().label("differences"),
        func.count(_found.c.ticket_id.distinct()).label("tickets"),
        func.min(_found.c.found_at).label("first_found_at"),
        func.max(_found.c.found_at).label("last_found_at"),
    ).group_by(_found.c.cause, _found.c.field),
    meanings={
        "differences": "figures of clocks that differ",
        "tickets": "tickets in which they do",
        "first_found_at": "UTC; when the oldest of them was found",
        "last_found_at": "UTC; when the newest of them was found",
    },
)

DIFFERENCE_VIEWS = (sla_differences_open, sla_differences_by_cause)
