"""The escalations: which department was asked about which ticket, and whether it answered."""

from sqlalchemy import CheckConstraint, Column, Index, String, Table, text

from integrations.runtime.database import BigId, UtcDateTime, metadata

OPEN, ANSWERED, WITHDRAWN = "open", "answered", "withdrawn"
BY_COMMENT, BY_HAND = "comment", "manual"

escalations = Table(
    "escalations",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("ticket_id", BigId, nullable=False),
    Column("queue", String(8), nullable=False, comment="Code of the department: SEC, CMP …"),
    Column("group_id", BigId, comment="Its group in Zendesk; empty while unknown"),
    Column("family", String(1), nullable=False, comment="Family of the taxonomy, A to K"),
    Column("reason", String(8), comment="Reason of the taxonomy, A1 …; empty: family only"),
    Column("severity", String(2), nullable=False, comment="S1 (worst) to S4"),
    Column("state", String(16), nullable=False, comment="open, answered or withdrawn"),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False, comment="The department answers before this"),
    Column("answered_at", UtcDateTime),
    Column("answered_by_id", BigId, comment="Zendesk user; empty: answered by hand, unnamed"),
    Column("answer_kind", String(16), comment="comment (seen on the ticket) or manual"),
    Column("withdrawn_at", UtcDateTime, comment="The ticket ended without an answer"),
    CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name="known_state"),
    CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answer_has_time"),
    CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="end_has_time"),
    CheckConstraint("due_at >= opened_at", name="due_after_opening"),
    Index(None, "state", "due_at"),
    Index(None, "ticket_id"),
    # The database keeps it too: a department is asked about a ticket once at a time.
    Index(
        "uq_escalations_open_ticket_id_queue",
        "ticket_id",
        "queue",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    comment="One row per department asked about a ticket; open until the department answers.",
)
