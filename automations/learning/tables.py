"""The models that were learnt from the desk's own tickets, with how they did."""

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, String, Table

from integrations.runtime.database import Json, UtcDateTime, metadata

triage_models = Table(
    "triage_models",
    metadata,
    Column("version", String(64), primary_key=True, comment="Hash over the texts it learnt from"),
    Column("content", LargeBinary, nullable=False, comment="The weights; cannot run code"),
    Column("state", String(16), nullable=False, comment="candidate, current or former"),
    Column("texts", Integer, nullable=False, comment="Tickets of the desk that it learnt from"),
    Column("verdict", Json, nullable=False, comment="How it did on tickets that were held out"),
    Column("trained_at", UtcDateTime, nullable=False),
    Column("promoted_at", UtcDateTime, comment="When it last became the current one"),
    CheckConstraint("state IN ('candidate', 'current', 'former')", name="state"),
    comment="Models learnt from the desk's own tickets; no current one: the shipped model works.",
)
