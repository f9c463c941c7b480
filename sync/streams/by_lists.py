"""The streams of an account without incremental exports: what lists and search can give instead."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from integrations.zendesk.keysets import BY_CREATION, BY_UPDATE
from sync.streams.stream import SELDOM, SOON, Paging, Stream
from sync.warehouse.tables.aftermath import ticket_deletions
from sync.warehouse.tables.history import ticket_audits
from sync.warehouse.tables.people import organizations, users
from sync.warehouse.tables.tickets import ticket_metrics, tickets

EXPORTS = "/api/v2/incremental/"
SHOW_TICKETS = "/api/v2/tickets/show_many.json"

CHANGES: tuple[Stream, ...] = (
    Stream(
        name="tickets",
        path="/api/v2/tickets.json",
        records_key="tickets",
        paging=Paging.CHANGES_BY_ORDER,
        order=BY_UPDATE,
        params={"sort": "updated_at"},
        table=tickets,
        freshness=SOON,
        change_clock="updated_at",
        include=("metric_sets",),
        sideloads=(("metric_sets", ticket_metrics),),
        count_path="/api/v2/tickets/count.json",
    ),
    Stream(
        name="ticket_deletions",
        path="/api/v2/deleted_tickets.json",
        records_key="deleted_tickets",
        paging=Paging.CHANGES_BY_ORDER,
        order=BY_UPDATE,  # a deleted ticket's update is its deletion
        params={"sort": "deleted_at"},
        table=ticket_deletions,
        freshness=SOON,
        change_clock="deleted_at",
    ),
    Stream(
        name="ticket_events",
        path="/api/v2/ticket_audits.json",
        records_key="audits",
        paging=Paging.CHANGES_BY_ORDER,
        order=BY_CREATION,
        table=ticket_audits,
        freshness=SOON,
        change_clock="created_at",
    ),
    Stream(
        name="users",
        path="/api/v2/users.json",
        records_key="users",
        paging=Paging.CHANGES_BY_ORDER,
        order=BY_UPDATE,
        params={"sort": "updated_at"},
        table=users,
        freshness=SOON,
        change_clock="updated_at",
        count_path="/api/v2/users/count.json",
    ),
    Stream(
        name="organizations",
        path="/api/v2/organizations.json",
        records_key="organizations",
        paging=Paging.CHANGES_BY_ORDER,
        order=BY_UPDATE,
        params={"sort": "updated_at"},
        table=organizations,
        change_clock="updated_at",
        count_path="/api/v2/organizations/count.json",
    ),
)
SWEEPS: tuple[Stream, ...] = (
    Stream(  # Zendesk sorts deleted users by nothing but their id
        name="deleted_users",
        path="/api/v2/deleted_users.json",
        records_key="deleted_users",
        paging=Paging.SWEEP,
        in_full="/api/v2/users/show_many.json",
        table=users,
        freshness=SELDOM,
    ),
    Stream(  # the whole bin: what it holds no longer was restored, or deleted for good
        name="deleted_tickets",
        path="/api/v2/deleted_tickets.json",
        records_key="deleted_tickets",
        paging=Paging.SWEEP,
        params={"sort": "id"},
        table=ticket_deletions,
        freshness=SELDOM,
    ),
    Stream(  # closed tickets leave the lists after about 120 days, only search finds them
        name="archived_tickets",
        path="/api/v2/search/export.json",
        records_key="results",
        paging=Paging.SWEEP,
        params={"filter[type]": "ticket", "query": "status:closed"},
        in_full=SHOW_TICKETS,
        table=tickets,
        freshness=timedelta(days=90),  # so that a mirror that stood still for long misses none
        include=("metric_sets",),
        sideloads=(("metric_sets", ticket_metrics),),
    ),
    Stream(  # system updates do not touch updated_at
        name="ticket_sweep",
        path="/api/v2/tickets.json",
        records_key="tickets",
        paging=Paging.SWEEP,
        params={"sort": "id"},
        table=tickets,
        freshness=timedelta(days=1),
        include=("metric_sets",),
        sideloads=(("metric_sets", ticket_metrics),),
    ),
)


def by_lists(streams: Iterable[Stream]) -> tuple[Stream, ...]:
    """Return what lists can give of these streams, in the same order, and what it takes besides."""
    changes, sweeps = ({each.name: each for each in some} for some in (CHANGES, SWEEPS))
    found = []
    for each in streams:
        instead = changes.get(each.name, each)
        if each.name not in sweeps and not instead.path.startswith(EXPORTS):
            found.append(instead)
        if each.name == "tickets":
            found.append(changes["ticket_deletions"])
    return (*found, *SWEEPS)


def only_exported(streams: Iterable[Stream]) -> Mapping[str, str]:
    """Return, by name, why a stream is missing for an account without exports."""
    given = {each.name for each in CHANGES}
    return {
        each.name: "only incremental exports tell it"
        for each in streams
        if each.path.startswith(EXPORTS) and each.name not in given
    }
