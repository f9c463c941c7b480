"""The inbox: one row for every delivery that was accepted, whatever became of it."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text, text

from integrations.runtime.database import BigId, UtcDateTime, metadata

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column(
        "dedupe_key",
        String(120),
        nullable=False,
        unique=True,
        comment="From the signed body (event id), never from a header",
    ),
    Column("source", String(16), nullable=False, comment="webhook, or sync for a caught-up change"),
    Column("mark", String(16), nullable=False, comment="event, malformed or unknown"),
    Column("event_type", String(120), comment="Zendesk's event type without its prefix"),
    Column("ticket_id", BigId),
    Column("actor_id", BigId, comment="Zendesk user who caused the event"),
    Column("happened_at", UtcDateTime(), comment="Event time by Zendesk's clock"),
    Column("body", Text, nullable=False, comment="As received; empty for an event that was read"),
    Column("received_at", UtcDateTime(), nullable=False, comment="UTC, this machine's clock"),
    Column(
        "copies", Integer, nullable=False, server_default=text("1"), comment="How often it came"
    ),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("due_at", UtcDateTime(), nullable=False, comment="Not to be handled before"),
    Column("handled_at", UtcDateTime(), comment="Empty while waiting"),
    Column("outcome", String(32), comment="handled, covered, recorded, vanished, failed, replayed"),
    CheckConstraint("source IN ('webhook', 'sync')", name="source"),
    CheckConstraint("mark IN ('event', 'malformed', 'unknown')", name="mark"),
    comment="Deliveries from Zendesk's webhooks, and changes that sync found without one.",
)
Index(
    "ix_deliveries_waiting",
    deliveries.c.ticket_id,
    deliveries.c.due_at,
    sqlite_where=deliveries.c.handled_at.is_(None),
    postgresql_where=deliveries.c.handled_at.is_(None),
)
