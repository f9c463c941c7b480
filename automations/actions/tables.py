"""The outbox: one row for every effect on Zendesk that was decided, whatever became of it."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, text

from integrations.runtime.database import BigId, Json, UtcDateTime, metadata

actions = Table(
    "actions",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("ticket_id", BigId, nullable=False),
    Column(
        "key",
        String(120),
        nullable=False,
        unique=True,
        comment="Idempotency key; also the marker in the ticket audit's metadata",
    ),
    Column("kind", String(32), nullable=False, comment="automations.actions.plan.Kind"),
    Column("changes", Json, nullable=False, comment="automations.actions.plan.Changes"),
    Column("state", String(16), nullable=False, comment="automations.actions.plan.State"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("due_at", UtcDateTime(), nullable=False, comment="Not to be tried before"),
    Column("planned_at", UtcDateTime(), nullable=False),
    Column("finished_at", UtcDateTime()),
    Column("result", String(200), comment="Why it was skipped or failed; never ticket text"),
    Column("audit_id", BigId, comment="Zendesk audit in which the effect stands"),
    CheckConstraint(
        "state IN ('planned', 'sending', 'done', 'skipped', 'observed', 'dead')", name="state"
    ),
    Index("ix_actions_ticket_id_id", "ticket_id", "id"),
    comment="Effects on Zendesk: planned in the transaction that decided, carried out once.",
)
Index(
    "ix_actions_open",
    actions.c.due_at,
    sqlite_where=actions.c.state.in_(("planned", "sending")),
    postgresql_where=actions.c.state.in_(("planned", "sending")),
)
