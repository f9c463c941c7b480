"""Side conversations: what agents ask others about a ticket, by mail, chat or a child ticket."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import EMPTY, KNOWN, PERSONAL, bookkeeping

side_conversation_events = Table(
    "side_conversation_events",
    metadata,
    Column("id", Text, primary_key=True, comment="a UUID"),
    Column("side_conversation_id", Text, nullable=False, comment="side_conversations.id"),
    Column("ticket_id", BigInteger, nullable=False, comment="tickets.id of the parent"),
    Column("type", Text, nullable=False, comment="create, reply or update"),
    Column("actor_id", BigInteger, comment="users.id; empty: nobody Zendesk knows"),
    Column("via_channel", Text, comment="support, api, email, slack ..."),
    Column("subject", Text, info={PERSONAL: True}, comment="create, reply: untrusted text"),
    Column(
        "preview_text", Text, info={PERSONAL: True}, comment="create, reply: beginning of the body"
    ),
    Column("body", Text, info={PERSONAL: True}, comment="create, reply: untrusted text"),
    Column("html_body", Text, info={PERSONAL: True}, comment="create, reply: untrusted HTML"),
    Column(
        "sender",
        Json,
        info={PERSONAL: True},
        comment="create, reply: {user_id, name, email}; personal",
    ),
    Column(
        "recipients",
        Json,
        nullable=False,
        info={EMPTY: [], PERSONAL: True},
        comment="create, reply: list of {user_id, name, email}; personal",
    ),
    Column(
        "updates",
        Json,
        nullable=False,
        info={EMPTY: {}, PERSONAL: True},
        comment="update: {state, subject}",
    ),
    Column("created_at", UtcDateTime, nullable=False, comment="UTC, with milliseconds"),
    *bookkeeping(),
    Index("ix_side_conversation_events_side_conversation_id", "side_conversation_id", "created_at"),
    Index("ix_side_conversation_events_ticket_id", "ticket_id"),
    info={KNOWN: ("actor", "message", "url", "via")},
    comment="One row per message in a side conversation, and per change of its state or subject.",
)

side_conversations = Table(
    "side_conversations",
    metadata,
    Column("id", Text, primary_key=True, comment="a UUID"),
    Column("ticket_id", BigInteger, nullable=False, comment="tickets.id of the parent"),
    Column("subject", Text, info={PERSONAL: True}, comment="untrusted text"),
    Column("preview_text", Text, info={PERSONAL: True}, comment="beginning of its first message"),
    Column("state", Text, nullable=False, comment="open or closed"),
    Column(
        "participants",
        Json,
        nullable=False,
        info={PERSONAL: True},
        comment="list of {user_id, name, email}; personal",
    ),
    Column("messages", BigInteger, nullable=False, comment="how many were sent and received"),
    Column("created_at", UtcDateTime, nullable=False, comment="UTC"),
    Column("message_added_at", UtcDateTime, comment="UTC; newest message"),
    Column("state_updated_at", UtcDateTime, nullable=False, comment="UTC"),
    Column("updated_at", UtcDateTime, nullable=False, comment="UTC; newest event"),
    Column("_synced_at", UtcDateTime, nullable=False, comment="UTC; when its events were read"),
    Column("_source", Text, nullable=False, comment="export, webhook, action or verify"),
    Index("ix_side_conversations_ticket_id", "ticket_id"),
    Index("ix_side_conversations_state", "state"),
    comment="One row per side conversation as it is now, told by side_conversation_events.",
)
