"""Tickets and what happened to them."""

from datetime import timedelta

from sync.streams.stream import DAILY, SELDOM, SOON, Paging, Stream
from sync.warehouse.tables.aftermath import satisfaction_ratings, ticket_deletions
from sync.warehouse.tables.history import ticket_audits
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.tickets import ticket_metrics, tickets

CHANGES: tuple[Stream, ...] = (
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
        name="ticket_metric_events",
        path="/api/v2/incremental/ticket_metric_events.json",
        records_key="ticket_metric_events",
        paging=Paging.CHANGES_BY_TIME,  # its cursor pages hold 100 instead of 1,000
        table=ticket_metric_events,
        freshness=SOON,
        # Zendesk wrote some of them 11 to 13 minutes late, with the time they should have had.
        lookback=timedelta(minutes=20),
        change_clock="time",
        # Breaches are written in advance and withdrawn when they will not come.
        params={"include_changes": "true"},
    ),
)
LISTS: tuple[Stream, ...] = (
    Stream(
        name="satisfaction_ratings",
        path="/api/v2/satisfaction_ratings.json",
        records_key="satisfaction_ratings",
        paging=Paging.FULL_LIST,
        table=satisfaction_ratings,
        freshness=DAILY,  # the ticket itself tells its rating at once
    ),
    Stream(
        name="deleted_tickets",
        path="/api/v2/deleted_tickets.json",
        records_key="deleted_tickets",
        paging=Paging.FULL_LIST,
        table=ticket_deletions,
        freshness=SELDOM,  # ten requests a minute are all that Zendesk allows
    ),
)
