"""Every stream of the mirror as data: where its records are and which table they land in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Table

from sync.warehouse.tables.configuration import brands, macros, ticket_fields
from sync.warehouse.tables.history import ticket_audits
from sync.warehouse.tables.people import group_memberships, groups, users
from sync.warehouse.tables.policies import schedule_holidays, schedules, sla_policies
from sync.warehouse.tables.tickets import ticket_metrics, tickets


class Paging(StrEnum):
    """How Zendesk hands out the records of a stream."""

    CHANGES_BY_CURSOR = "changes by cursor"  # only what changed, an opaque cursor says since when
    CHANGES_BY_TIME = "changes by time"  # only what changed, a second says since when
    FULL_LIST = "full list"  # everything, every time; what is missing was deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One endpoint of Zendesk and where its records land."""

    name: str
    path: str
    records_key: str
    paging: Paging
    table: Table
    include: tuple[str, ...] = ()
    sideloads: tuple[tuple[str, Table], ...] = ()  # key in the page, table
    parent: str | None = None  # stream whose ids fill {parent_id} in path
    parent_key: str | None = None  # column that takes the parent's id


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
        include=("metric_sets", "users"),
        sideloads=(("metric_sets", ticket_metrics), ("users", users)),
    ),
    Stream(
        name="ticket_events",
        path="/api/v2/incremental/ticket_events.json",
        records_key="ticket_events",
        paging=Paging.CHANGES_BY_TIME,
        table=ticket_audits,
        include=("comment_events",),
    ),
    Stream(
        name="users",
        path="/api/v2/incremental/users/cursor.json",
        records_key="users",
        paging=Paging.CHANGES_BY_CURSOR,
        table=users,
    ),
)
BY_NAME: Mapping[str, Stream] = {stream.name: stream for stream in STREAMS}
