"""What the pipeline remembers: who works on which ticket, and what triage said of it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from integrations.runtime.database import BigId, Json, UtcDateTime, metadata

ticket_leases = Table(
    "ticket_leases",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Column("token", BigInteger, nullable=False, comment="Fencing token: grows with each claim"),
    Column("expires_at", UtcDateTime(), nullable=False, comment="Free for others after this"),
    comment="Which tickets a worker holds at the moment; one worker a ticket.",
)

assessments = Table(
    "assessments",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("ticket_id", BigInteger, nullable=False),
    Column("comment_id", BigInteger, nullable=False, comment="Newest customer comment it read"),
    Column("family", String(1), comment="Taxonomy family; empty when triage abstained"),
    Column("reason", String(8), comment="Taxonomy reason; empty when only the family is known"),
    Column("secondary", Json, nullable=False, comment="Further reasons, or families"),
    Column("language", String(16), nullable=False),
    Column("severity", String(2), nullable=False),
    Column("severity_reasons", Json, nullable=False, comment="Facts that raised it, with words"),
    Column("complexity", String(16), nullable=False, comment="simple, normal or complex"),
    Column("complexity_reasons", Json, nullable=False, comment="The points that made it so"),
    Column("is_complaint", Boolean, nullable=False, comment="A complaint to a regulator"),
    Column("complaint_words", Json, nullable=False, comment="Empty: the matter alone decided"),
    Column("owner", String(16), nullable=False, comment="Department codes of the taxonomy"),
    # Thousandths: figures that people compare are never floats.
    Column("confidence_permille", Integer, nullable=False),
    Column("abstained", Boolean, nullable=False),
    Column("words", Json, nullable=False, comment="The words that decided, secrets masked"),
    Column("candidates", Json, nullable=False, comment="Best families with thousandths"),
    Column("signals", Json, nullable=False, comment="Facts found in the text, safe to show"),
    Column("secrets", Json, nullable=False, comment="Kinds of leaked secrets, never values"),
    Column("taxonomy_version", String(32), nullable=False),
    Column("model_version", String(64), nullable=False),
    Column("draft_slug", String(80), comment="Macro of the draft planned with this assessment"),
    Column("assessed_at", UtcDateTime(), nullable=False, comment="UTC, Zendesk's clock"),
    UniqueConstraint("ticket_id", "comment_id"),
    CheckConstraint("confidence_permille BETWEEN 0 AND 1000", name="confidence"),
    CheckConstraint("abstained = (family IS NULL)", name="abstained_has_no_family"),
    comment="What triage said of a ticket, once for each new word of the customer.",
)
