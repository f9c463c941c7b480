"""How far each lane of each stream has been read."""

from sqlalchemy import BigInteger, Column, Double, Table, Text

from integrations.runtime.database import UtcDateTime, metadata

sync_cursors = Table(
    "sync_cursors",
    metadata,
    Column("stream", Text, primary_key=True, comment="name in sync.streams.registry"),
    Column(
        "lane",
        Text,
        primary_key=True,
        server_default="live",
        comment="live: from its start on for ever; backfill …: the past up to until_at",
    ),
    Column("cursor", Text, comment="where the next page begins, as Zendesk wrote it"),
    Column("start_at", UtcDateTime, comment="UTC; oldest change this lane asks for"),
    Column("until_at", UtcDateTime, comment="UTC; backfill: newest change it reads; empty: live"),
    Column("first_at", UtcDateTime, comment="UTC; change time of the first record it stored"),
    Column("position_at", UtcDateTime, comment="UTC; change time of the newest record it stored"),
    Column("rows", BigInteger, nullable=False, comment="records stored since the first run"),
    Column("pages", BigInteger, nullable=False, comment="pages stored since the first run"),
    Column(
        "requests",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="requests it took, failed ones included",
    ),
    Column(
        "errors", BigInteger, nullable=False, server_default="0", comment="runs that ended early"
    ),
    Column("expected", BigInteger, comment="backfill: records Zendesk counted when it began"),
    Column("page_seconds", Double, comment="seconds from one page to the next, lately"),
    Column("started_at", UtcDateTime, comment="UTC; when its first page was stored"),
    Column("asked_at", UtcDateTime, comment="UTC; when Zendesk was asked last"),
    Column("stored_at", UtcDateTime, comment="UTC; when the newest page was stored"),
    Column(
        "caught_up_at",
        UtcDateTime,
        comment="UTC; all that Zendesk showed until then is here; backfill: when it was done",
    ),
    Column("failed_at", UtcDateTime, comment="UTC; empty when the newest run went well"),
    Column("error", Text, comment="what went wrong in the newest run"),
    comment="One row per stream and lane, written in one transaction with the page it stands for.",
)
