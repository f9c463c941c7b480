"""How far each stream has been read."""

from sqlalchemy import BigInteger, Column, Table, Text

from integrations.runtime.database import UtcDateTime, metadata

sync_cursors = Table(
    "sync_cursors",
    metadata,
    Column("stream", Text, primary_key=True, comment="sync.streams.registry.Stream.name"),
    Column("cursor", Text, comment="where the next run goes on, as Zendesk wrote it"),
    Column("rows", BigInteger, nullable=False, comment="records stored since the first run"),
    Column("pages", BigInteger, nullable=False, comment="pages stored since the first run"),
    Column("stored_at", UtcDateTime, comment="UTC; when the newest page was stored"),
    Column(
        "caught_up_at", UtcDateTime, comment="UTC; all that Zendesk exported until then is here"
    ),
    Column("failed_at", UtcDateTime, comment="UTC; empty when the newest run went well"),
    Column("error", Text, comment="what went wrong in the newest run"),
    comment="One row per stream; written in the same transaction as the page it stands for.",
)
