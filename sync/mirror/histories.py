"""Writes what happened to tickets, but for what was taken back meanwhile."""

from collections.abc import Sequence

from sqlalchemy import Connection

from sync.mirror import erasure, people, redactions
from sync.mirror.arrival import Arrival
from sync.warehouse.history import AuditRows, end_earlier_values, hold_histories
from sync.warehouse.stale import note_stale
from sync.warehouse.tables.history import (
    comment_redactions,
    ticket_audits,
    ticket_comments,
    ticket_field_history,
)
from sync.warehouse.tables.tickets import tickets
from sync.warehouse.upsert import upsert


def write_history(connection: Connection, audits: Sequence[AuditRows], arrival: Arrival) -> None:
    """Store audits with their comments and changes, but for what was taken back meanwhile."""
    named = {rows.audit["ticket_id"] for rows in audits}
    hold_histories(connection, named)
    erased = erasure.erased_among(connection, tickets, named)
    audits = [rows for rows in audits if rows.audit["ticket_id"] not in erased]
    stamp, read_at = arrival.stamp(), arrival.read_at
    upsert(connection, ticket_audits, [rows.audit for rows in audits], stamp)
    redacted = [redaction for rows in audits for redaction in rows.redactions]
    upsert(connection, comment_redactions, redacted, stamp)
    comments = redactions.still_said(connection, audits, read_at=read_at)
    upsert(connection, ticket_comments, comments, stamp)
    redactions.withhold(connection, audits, read_at=read_at)
    people.clean_arrivals(connection, ticket_audits, [rows.audit["id"] for rows in audits])
    people.clean_arrivals(connection, ticket_comments, [row["id"] for row in comments])
    changes = [change for rows in audits for change in rows.changes]
    upsert(connection, ticket_field_history, changes, stamp)
    end_earlier_values(connection, {change["ticket_id"] for change in changes})
    note_stale(connection, {rows.audit["ticket_id"] for rows in audits})
