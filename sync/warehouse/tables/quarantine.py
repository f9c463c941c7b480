"""Records that did not fit: kept as they came, so that nothing is lost."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text, UniqueConstraint, false

from integrations.runtime.database import BigId, UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import PERSONAL

quarantined_records = Table(
    "quarantined_records",
    metadata,
    Column("id", BigId, primary_key=True, comment="counts up"),
    Column("stream", Text, nullable=False, comment="name in sync.streams.registry"),
    Column("table_name", Text, comment="the table it was meant for"),
    Column("record_id", Text, comment="its id in Zendesk, when it has one"),
    Column("ticket_id", BigInteger, comment="the ticket it belongs to, when it names one"),
    Column(
        "digest", Text, nullable=False, comment="SHA-256 of the record: the same one is kept once"
    ),
    Column(
        "raw",
        Text,
        nullable=False,
        info={PERSONAL: True},
        comment="the record as JSON text, untouched",
    ),
    Column("error", Text, nullable=False, comment="why it did not fit; without its content"),
    Column(
        "stored",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="a readable copy is in its table, without the characters no database stores",
    ),
    Column("version", Text, comment="version of riskdesk that refused it; a newer one tries again"),
    Column("first_seen_at", UtcDateTime, comment="UTC; when it came first"),
    Column("seen_at", UtcDateTime, nullable=False, comment="UTC; newest time it came"),
    Column("resolved_at", UtcDateTime, comment="UTC; when it, or a newer state of it, was stored"),
    UniqueConstraint("stream", "digest"),
    Index("ix_quarantined_records_ticket_id", "ticket_id"),
    comment="One row per record that did not fit its table; the rest of its page was stored.",
)

unknown_fields = Table(
    "unknown_fields",
    metadata,
    Column("table_name", Text, primary_key=True, comment="the table the record belongs to"),
    Column("field", Text, primary_key=True, comment="key in the record; its value is in raw only"),
    Column("record_id", Text, comment="id of the first record that had it"),
    Column("first_seen_at", UtcDateTime, nullable=False, comment="UTC"),
    comment="One row per field that Zendesk sends and this version does not know.",
)
