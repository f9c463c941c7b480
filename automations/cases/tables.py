"""The cases: what tickets name, which tickets belong together by it, and how that came about."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from integrations.runtime.database import BigId, UtcDateTime, metadata

case_indicators = Table(
    "case_indicators",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("relation", String(16), nullable=False, comment="victim_of or controls"),
    Column("kind", String(16), nullable=False, comment="address, txid, phone, email, domain …"),
    Column(
        "value",
        String(200),
        nullable=False,
        comment="As it stands on the chain or in the link; else a keyed hash",
    ),
    Column("tickets", Integer, nullable=False, comment="How many tickets name it"),
    Column("is_supernode", Boolean, nullable=False, comment="So common that it links nobody"),
    UniqueConstraint("relation", "kind", "value"),
    Index("ix_case_indicators_kind_value", "kind", "value"),
    comment="What tickets name: addresses, hashes of phones, mails and bank accounts, domains.",
)

case_mentions = Table(
    "case_mentions",
    metadata,
    Column("ticket_id", BigId, primary_key=True, autoincrement=False),
    Column(
        "indicator_id",
        BigId,
        ForeignKey("case_indicators.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("requester_id", BigId, nullable=False, comment="Whose ticket it is"),
    Index("ix_case_mentions_indicator_id", "indicator_id", "ticket_id"),
    comment="Which ticket names what.",
)

cases = Table(
    "cases",
    metadata,
    Column("id", String(24), primary_key=True, comment="V- or C- and its lowest ticket"),
    Column("relation", String(16), nullable=False, comment="Why its tickets name the same"),
    Column("lowest_ticket_id", BigId, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("merged_into", String(24), comment="The case that took its tickets over"),
    Column("closed_at", UtcDateTime, comment="When its tickets went to others, or parted"),
    comment="Tickets that belong together: V- of victims of the same, C- of one person's own.",
)

case_tickets = Table(
    "case_tickets",
    metadata,
    Column("ticket_id", BigId, primary_key=True, autoincrement=False),
    Column("relation", String(16), primary_key=True),
    Column("case_id", String(24), ForeignKey("cases.id"), nullable=False),
    Column("requester_id", BigId, nullable=False),
    Index("ix_case_tickets_case_id", "case_id"),
    comment="Which ticket is in which case; at most one of each relation.",
)

case_events = Table(
    "case_events",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("case_id", String(24), nullable=False),
    Column("event", String(16), nullable=False, comment="opened, joined, merged, left or closed"),
    Column("ticket_id", BigId, comment="The ticket by which it happened"),
    Column("other_case_id", String(24), comment="The case that was merged into this one"),
    Column("happened_at", UtcDateTime, nullable=False),
    Index("ix_case_events_case_id", "case_id"),
    comment="How cases came to be what they are.",
)
