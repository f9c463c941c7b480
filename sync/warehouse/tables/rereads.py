"""Tickets whose older records changed, so that they have to be read once more."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from integrations.runtime.database import UtcDateTime, metadata

ticket_rereads = Table(
    "ticket_rereads",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False, comment="tickets.id"),
    Column("reason", Text, nullable=False, comment="redaction, privacy change, merge …"),
    Column("noted_at", UtcDateTime, nullable=False, comment="UTC; newest reason to read it again"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text, comment="why the newest attempt failed"),
    comment="One row per ticket whose comments are to be read again; gone when that is done.",
)
