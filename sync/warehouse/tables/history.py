"""What happened to tickets: audits, comments and every value a field ever had."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import EMPTY, KNOWN, PERSONAL, bookkeeping

ticket_audits = Table(
    "ticket_audits",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("ticket_id", BigInteger, nullable=False, comment="tickets.id"),
    Column("author_id", BigInteger, comment="users.id; -1 is Zendesk itself"),
    Column("via_channel", Text, comment="web, email, api, rule ..."),
    Column(
        "custom_metadata",
        Json,
        nullable=False,
        info={EMPTY: {}},
        comment="what an integration wrote; `riskdesk` marks our own changes",
    ),
    Column("created_at", UtcDateTime, nullable=False, comment="UTC"),
    *bookkeeping(),
    Index("ix_ticket_audits_ticket_id_created_at", "ticket_id", "created_at"),
    Index("ix_ticket_audits_author_id", "author_id"),
    info={
        KNOWN: (
            "child_events",
            "event_type",
            "events",
            "metadata",
            "system",
            "timestamp",
            "updater_id",
            "via",
        )
    },
    comment="One row per change of a ticket; events: ticket_comments, ticket_field_history.",
)

ticket_comments = Table(
    "ticket_comments",
    metadata,
    Column(
        "id", BigInteger, primary_key=True, autoincrement=False, comment="id of the audit event"
    ),
    Column("ticket_id", BigInteger, nullable=False, comment="tickets.id"),
    Column("audit_id", BigInteger, nullable=False, comment="ticket_audits.id"),
    Column("author_id", BigInteger, comment="users.id"),
    Column("public", Boolean, nullable=False, comment="false: internal note"),
    Column("body", Text, nullable=False, info={PERSONAL: True}, comment="untrusted text"),
    Column("html_body", Text, info={PERSONAL: True}, comment="untrusted HTML"),
    Column(
        "attachments",
        Json,
        nullable=False,
        info={EMPTY: [], PERSONAL: True},
        comment="list of Zendesk's attachment records",
    ),
    Column("via_channel", Text, comment="web, email, api ..."),
    Column("created_at", UtcDateTime, nullable=False, comment="UTC"),
    *bookkeeping(),
    Index("ix_ticket_comments_ticket_id_created_at", "ticket_id", "created_at"),
    Index("ix_ticket_comments_author_id", "author_id"),
    info={
        KNOWN: (
            "communication",
            "content_url",
            "data",
            "direct_message",
            "formatted_from",
            "formatted_to",
            "graph_object_id",
            "metadata",
            "plain_body",
            "recipients",
            "recording_url",
            "ticket_via",
            "transcription_text",
            "transcription_visible",
            "trusted",
            "type",
            "uploads",
            "url",
            "via",
        )
    },
    comment="One row per comment, public or internal.",
)

ticket_field_history = Table(
    "ticket_field_history",
    metadata,
    Column(
        "event_id",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="id of the audit event",
    ),
    Column(
        "field", Text, primary_key=True, comment="status, group_id ...; custom fields by their id"
    ),
    Column("ticket_id", BigInteger, nullable=False, comment="tickets.id"),
    Column("audit_id", BigInteger, nullable=False, comment="ticket_audits.id"),
    Column(
        "value",
        Text,
        info={PERSONAL: True},
        comment="text; lists, numbers and booleans as JSON text; empty: cleared",
    ),
    Column(
        "previous_value",
        Text,
        info={PERSONAL: True},
        comment="as value; empty also for the value at creation",
    ),
    Column("author_id", BigInteger, comment="users.id; -1 is Zendesk itself"),
    Column("via_channel", Text, comment="web, email, api, rule ... of the change"),
    Column("valid_from", UtcDateTime, nullable=False, comment="UTC; when it got this value"),
    Column("valid_until", UtcDateTime, comment="UTC; when the next value came; empty: it holds"),
    Column("_synced_at", UtcDateTime, nullable=False, comment="UTC; when it was read"),
    Column("_source", Text, nullable=False, comment="export, webhook, action or verify"),
    Index("ix_ticket_field_history_ticket_id_field", "ticket_id", "field", "valid_from"),
    Index("ix_ticket_field_history_field_valid_from", "field", "valid_from"),
    comment="One row per value a ticket's field was given, from creation on.",
)

comment_redactions = Table(
    "comment_redactions",
    metadata,
    Column(
        "event_id",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="id of the audit event",
    ),
    Column("ticket_id", BigInteger, nullable=False, comment="tickets.id"),
    Column("audit_id", BigInteger, nullable=False, comment="ticket_audits.id"),
    Column("comment_id", BigInteger, comment="ticket_comments.id; empty: Zendesk names none"),
    Column("attachment_id", BigInteger, comment="the file that was emptied, of kind attachment"),
    Column("kind", Text, nullable=False, comment="words, attachment or privacy"),
    Column("author_id", BigInteger, comment="users.id; who took it back"),
    Column("redacted_at", UtcDateTime, nullable=False, comment="UTC"),
    Column("_synced_at", UtcDateTime, nullable=False, comment="UTC; when it was read"),
    Column("_source", Text, nullable=False, comment="export, webhook, action or verify"),
    Index("ix_comment_redactions_ticket_id", "ticket_id"),
    Index("ix_comment_redactions_comment_id", "comment_id"),
    comment="One row each time words or a file were taken out of a comment, or it became private.",
)
