"""Every stream of the mirror as data: where its records are and which table they land in."""

from collections.abc import Mapping

from sync.streams.stream import SOON, Paging, Stream
from sync.warehouse.tables.configuration import brands, macros, ticket_fields
from sync.warehouse.tables.history import ticket_audits
from sync.warehouse.tables.people import group_memberships, groups, users
from sync.warehouse.tables.policies import schedule_holidays, schedules, sla_policies
from sync.warehouse.tables.tickets import ticket_metrics, tickets

STREAMS: tuple[Stream, ...] = (
    Stream(
        name="groups",
        path="/api/v2/groups.json",
        records_key="groups",
        paging=Paging.FULL_LIST,
        table=groups,
    ),
    Stream(
        name="group_memberships",
        path="/api/v2/group_memberships.json",
        records_key="group_memberships",
        paging=Paging.FULL_LIST,
        table=group_memberships,
    ),
    Stream(
        name="brands",
        path="/api/v2/brands.json",
        records_key="brands",
        paging=Paging.FULL_LIST,
        table=brands,
    ),
    Stream(
        name="ticket_fields",
        path="/api/v2/ticket_fields.json",
        records_key="ticket_fields",
        paging=Paging.FULL_LIST,
        table=ticket_fields,
    ),
    Stream(
        name="macros",
        path="/api/v2/macros.json",
        records_key="macros",
        paging=Paging.FULL_LIST,
        table=macros,
    ),
    Stream(
        name="sla_policies",
        path="/api/v2/slas/policies.json",
        records_key="sla_policies",
        paging=Paging.FULL_LIST,
        table=sla_policies,
    ),
    Stream(
        name="schedules",
        path="/api/v2/business_hours/schedules.json",
        records_key="schedules",
        paging=Paging.FULL_LIST,
        table=schedules,
    ),
    Stream(
        name="schedule_holidays",
        path="/api/v2/business_hours/schedules/{parent_id}/holidays.json",
        records_key="holidays",
        paging=Paging.FULL_LIST,
        table=schedule_holidays,
        parent="schedules",
        parent_key="schedule_id",
    ),
    Stream(
        name="tickets",
        path="/api/v2/incremental/tickets/cursor.json",
        records_key="tickets",
        paging=Paging.CHANGES_BY_CURSOR,
        table=tickets,
        freshness=SOON,
        change_clock="generated_timestamp",
        include=("metric_sets",),
        sideloads=(("metric_sets", ticket_metrics),),
        count_path="/api/v2/tickets/count.json",
    ),
    Stream(
        name="ticket_events",
        path="/api/v2/incremental/ticket_events.json",
        records_key="ticket_events",
        paging=Paging.CHANGES_BY_TIME,
        table=ticket_audits,
        freshness=SOON,
        change_clock="timestamp",
        include=("comment_events",),
    ),
    Stream(
        name="users",
        path="/api/v2/incremental/users/cursor.json",
        records_key="users",
        paging=Paging.CHANGES_BY_CURSOR,
        table=users,
        freshness=SOON,
        change_clock="updated_at",
        count_path="/api/v2/users/count.json",
    ),
)
BY_NAME: Mapping[str, Stream] = {stream.name: stream for stream in STREAMS}
