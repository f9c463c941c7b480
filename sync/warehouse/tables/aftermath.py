"""What comes after the work on a ticket: the customer's rating, and the bin."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from integrations.runtime.database import UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import KNOWN, PERSONAL, bookkeeping

satisfaction_ratings = Table(
    "satisfaction_ratings",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("ticket_id", BigInteger, nullable=False, comment="tickets.id"),
    Column("score", Text, nullable=False, comment="offered, unoffered, good or bad"),
    Column("comment", Text, info={PERSONAL: True}, comment="untrusted text of the customer"),
    Column("reason", Text, comment="why the score is bad, as chosen from a list"),
    Column("reason_id", BigInteger, comment="number of that reason in Zendesk"),
    Column("requester_id", BigInteger, comment="users.id; who rated"),
    Column("assignee_id", BigInteger, comment="users.id; whose work was rated"),
    Column("group_id", BigInteger, comment="groups.id"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, nullable=False, comment="UTC"),
    *bookkeeping(),
    Index("ix_satisfaction_ratings_ticket_id", "ticket_id"),
    info={KNOWN: ("reason_code", "url")},
    comment="One row per satisfaction rating that was offered or given.",
)

ticket_deletions = Table(
    "ticket_deletions",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="tickets.id"),
    Column("actor_id", BigInteger, comment="users.id; who deleted it"),
    Column("ticket_deleted_at", UtcDateTime, nullable=False, comment="UTC; when it was deleted"),
    Column("previous_state", Text, comment="status it had before"),
    *bookkeeping(),
    info={KNOWN: ("actor", "description", "subject")},
    comment=(
        "One row per ticket that was in the bin; deleted_at: it left the bin, restored or for good."
    ),
)
