"""Customers, agents, and what they belong to."""

from sync.streams.stream import SELDOM, SOON, Paging, Stream
from sync.warehouse.tables.configuration import custom_roles
from sync.warehouse.tables.people import group_memberships, groups, organizations, users

CHANGES: tuple[Stream, ...] = (
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
    Stream(
        name="organizations",
        path="/api/v2/incremental/organizations.json",
        records_key="organizations",
        paging=Paging.CHANGES_BY_TIME,
        table=organizations,
        change_clock="updated_at",
        count_path="/api/v2/organizations/count.json",
    ),
)
LISTS: tuple[Stream, ...] = (
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
        name="custom_roles",
        path="/api/v2/custom_roles.json",
        records_key="custom_roles",
        paging=Paging.FULL_LIST,
        table=custom_roles,
    ),
    Stream(  # the export of changes does not tell which organizations were deleted
        name="organization_list",
        path="/api/v2/organizations.json",
        records_key="organizations",
        paging=Paging.FULL_LIST,
        table=organizations,
        freshness=SELDOM,
    ),
)
