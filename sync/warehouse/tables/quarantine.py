"""Records that could not be read: kept as they came, so that nothing is lost."""

from sqlalchemy import Column, Table, Text, UniqueConstraint

from integrations.runtime.database import BigId, Json, UtcDateTime, metadata

quarantined_records = Table(
    "quarantined_records",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("stream", Text, nullable=False, comment="sync.streams.registry.Stream.name"),
    Column("record_id", Text, comment="its id in Zendesk, when it has one"),
    Column(
        "digest", Text, nullable=False, comment="SHA-256 of the record: the same one is kept once"
    ),
    Column("raw", Json, nullable=False, comment="the record as Zendesk sent it"),
    Column(
        "error", Text, nullable=False, comment="why it could not be stored; without its content"
    ),
    Column("seen_at", UtcDateTime, nullable=False, comment="UTC; newest time it came"),
    UniqueConstraint("stream", "digest"),
    comment="One row per record that could not be read; the rest of its page was stored.",
)
