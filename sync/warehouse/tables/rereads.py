"""Work left over by what was taken back: comments to read again, traces of people to remove."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import PERSONAL

ticket_rereads = Table(
    "ticket_rereads",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False, comment="tickets.id"),
    Column("reason", Text, nullable=False, comment="what happened to an older record"),
    Column("noted_at", UtcDateTime, nullable=False, comment="UTC; newest reason to read it again"),
    Column(
        "attempts",
        Integer,
        nullable=False,
        server_default="0",
        comment="how often reading it failed",
    ),
    Column("error", Text, comment="why the newest attempt failed"),
    comment="One row per ticket whose comments are to be read again; gone when that is done.",
)

unconfirmed_deletions = Table(
    "unconfirmed_deletions",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False, comment="tickets.id"),
    Column("noted_at", UtcDateTime, nullable=False, comment="UTC; when Zendesk said it was gone"),
    comment="One row per ticket that an answer called gone; gone when it was asked for again.",
)

pending_erasures = Table(
    "pending_erasures",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False, comment="users.id"),
    Column(
        "traces",
        Json,
        info={PERSONAL: True},
        comment="list of addresses to look for; empty: none were ever stored",
    ),
    Column("noted_at", UtcDateTime, nullable=False, comment="UTC"),
    comment="One row per erased person whose copies are still to be removed; gone when done.",
)
