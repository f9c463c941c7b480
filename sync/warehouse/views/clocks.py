"""SLA clocks beside their tickets, how many met their target, and what Zendesk expects."""

from sqlalchemy import func, or_, select, true

from sync.warehouse.tables.marks import ticket_marks
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.sla import sla_clocks
from sync.warehouse.tables.tickets import tickets
from sync.warehouse.views.clocks_now import sla_clocks_now
from sync.warehouse.views.counted import LEFT_OUT, is_counted, with_marks
from sync.warehouse.views.view import View, seconds_between

ACHIEVED, ACTIVE, PAUSED, UNKNOWN = (
    "achieved",
    "active",
    "paused",
    "unknown",
)  # sync.sla.clocks.Phase, one room above

_clocks = sla_clocks
_agents = users.alias("agents")
_alive = tickets.c.deleted_at.is_(None)

open_sla_clocks = View(
    name="open_sla_clocks",
    comment="One row per clock that runs or is paused, with its ticket; not of deleted tickets.",
    query=select(
        _clocks.c.ticket_id,
        _clocks.c.metric,
        _clocks.c.instance,
        _clocks.c.policy_title,
        _clocks.c.state,
        _clocks.c.due_at,
        _clocks.c.breached,
        _clocks.c.target_seconds,
        _clocks.c.business_hours,
        seconds_between(func.now(), _clocks.c.due_at).label("seconds_to_due"),
        tickets.c.status,
        tickets.c.priority,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.assignee_id,
        _agents.c.name.label("assignee_name"),
        _clocks.c.explanation,
        _clocks.c.computed_at,
    )
    .select_from(
        _clocks.join(tickets, tickets.c.id == _clocks.c.ticket_id)
        .outerjoin(groups, groups.c.id == tickets.c.group_id)
        .outerjoin(_agents, _agents.c.id == tickets.c.assignee_id)
    )
    .where(_alive, _clocks.c.state.in_((ACTIVE, PAUSED))),
    meanings={
        "policy_title": "sla_policies.title",
        "breached": "the target is missed",
        "seconds_to_due": "calendar seconds until due_at, when the view is read; negative: overdue",
        "group_name": "groups.name",
        "assignee_name": "users.name; empty: nobody has it",
        "computed_at": "UTC; `riskdesk sla refresh` computes anew",
    },
)

sla_at_risk = View(
    name="sla_at_risk",
    comment=(
        "One row per running clock with a deadline, the soonest first, those that passed "
        "included; not of deleted tickets."
    ),
    query=select(
        _clocks.c.ticket_id,
        _clocks.c.metric,
        _clocks.c.instance,
        _clocks.c.source,
        _clocks.c.state,
        _clocks.c.policy_title,
        _clocks.c.priority.label("policy_priority"),
        _clocks.c.due_at,
        seconds_between(func.now(), _clocks.c.due_at).label("seconds_to_due"),
        _clocks.c.breached,
        _clocks.c.target_seconds,
        _clocks.c.elapsed_seconds,
        _clocks.c.business_hours,
        _clocks.c.schedule_id,
        _clocks.c.schedule_version,
        tickets.c.status,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.assignee_id,
        _agents.c.name.label("assignee_name"),
        ticket_marks.c.family,
        ticket_marks.c.severity,
        ticket_marks.c.language,
        _clocks.c.explanation,
        _clocks.c.computed_at,
    )
    .select_from(
        _clocks.join(tickets, tickets.c.id == _clocks.c.ticket_id)
        .outerjoin(ticket_marks, ticket_marks.c.ticket_id == tickets.c.id)
        .outerjoin(groups, groups.c.id == tickets.c.group_id)
        .outerjoin(_agents, _agents.c.id == tickets.c.assignee_id)
    )
    .where(_alive, _clocks.c.state == ACTIVE, _clocks.c.due_at.is_not(None))
    .order_by(_clocks.c.due_at, _clocks.c.ticket_id, _clocks.c.metric),
    meanings={
        "policy_title": "name of the policy when it was applied",
        "policy_priority": "the priority whose target counts",
        "seconds_to_due": "calendar seconds until due_at, when the view is read; negative: overdue",
        "breached": "the target is missed",
        "group_name": "groups.name",
        "assignee_name": "users.name; empty: nobody has it",
        "computed_at": "UTC; `riskdesk sla refresh` computes anew",
    },
)

_finished = _clocks.c.state == ACHIEVED
sla_attainment = View(
    name="sla_attainment",
    comment=(
        "One row per policy, metric and priority: clocks with a target by how they went; "
        f"{LEFT_OUT}."
    ),
    query=select(
        _clocks.c.policy_id,
        _clocks.c.policy_title,
        _clocks.c.metric,
        _clocks.c.priority,
        func.count().filter(_finished & ~_clocks.c.breached).label("achieved"),
        func.count().filter(_clocks.c.breached).label("breached"),
        func.count().filter(~_finished & ~_clocks.c.breached).label("undecided"),
        func.count().filter(_clocks.c.state == UNKNOWN).label("unknown"),
    )
    .select_from(with_marks(_clocks.join(tickets, tickets.c.id == _clocks.c.ticket_id)))
    .where(is_counted, or_(_clocks.c.target_seconds.is_not(None), _clocks.c.state == UNKNOWN))
    .group_by(_clocks.c.policy_id, _clocks.c.policy_title, _clocks.c.metric, _clocks.c.priority),
    meanings={
        "policy_title": "sla_policies.title",
        "achieved": "ended in time; achieved / (achieved + breached) is the attainment",
        "breached": "missed their target, ended or not",
        "undecided": "still running in time, or paused",
        "unknown": "nobody can know how they went",
    },
)

_events = ticket_metric_events
breaches_ahead = View(
    name="breaches_ahead",
    comment=(
        "One row per breach that Zendesk expects and has not withdrawn, with its ticket; "
        "not of deleted tickets."
    ),
    query=select(
        _events.c.ticket_id,
        _events.c.metric,
        _events.c.instance_id,
        _events.c.time.label("breaches_at"),
        seconds_between(func.now(), _events.c.time).label("seconds_to_breach"),
        tickets.c.status,
        tickets.c.priority,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.assignee_id,
        _agents.c.name.label("assignee_name"),
    )
    .select_from(
        _events.join(tickets, tickets.c.id == _events.c.ticket_id)
        .outerjoin(groups, groups.c.id == tickets.c.group_id)
        .outerjoin(_agents, _agents.c.id == tickets.c.assignee_id)
    )
    .where(
        _alive,
        _events.c.type == "breach",
        _events.c.time > func.now(),
        _events.c.deleted.is_distinct_from(true()),
    ),
    meanings={
        "breaches_at": "UTC; when the target will be missed if nothing happens",
        "seconds_to_breach": "calendar seconds until then, when the view is read",
        "group_name": "groups.name",
        "assignee_name": "users.name; empty: nobody has it",
    },
)

CLOCK_VIEWS = (open_sla_clocks, sla_at_risk, sla_attainment, breaches_ahead, sla_clocks_now)
