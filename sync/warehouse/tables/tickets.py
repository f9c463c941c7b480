"""Tickets as they are now, with their tags, custom field values and Zendesk's own metrics."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import EMPTY, KNOWN, PERSONAL, bookkeeping, few_erased

tickets = Table(
    "tickets",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="ticket number"),
    Column("subject", Text, info={PERSONAL: True}, comment="untrusted text of the customer"),
    Column(
        "description",
        Text,
        info={PERSONAL: True},
        comment="first comment; untrusted text of the customer",
    ),
    Column(
        "status",
        Text,
        nullable=False,
        comment="new, open, pending, hold, solved, closed or deleted",
    ),
    Column("custom_status_id", BigInteger, comment="custom_statuses.id"),
    Column("priority", Text, comment="low, normal, high, urgent or empty"),
    Column("type", Text, comment="problem, incident, question, task or empty"),
    Column("requester_id", BigInteger, comment="users.id"),
    Column("submitter_id", BigInteger, comment="users.id"),
    Column("assignee_id", BigInteger, comment="users.id"),
    Column("group_id", BigInteger, comment="groups.id"),
    Column("organization_id", BigInteger, comment="organizations.id"),
    Column("brand_id", BigInteger, comment="brands.id"),
    Column("ticket_form_id", BigInteger, comment="ticket_forms.id"),
    Column("problem_id", BigInteger, comment="tickets.id of the problem this incident belongs to"),
    Column("external_id", Text, info={PERSONAL: True}, comment="its number in another system"),
    Column("via_channel", Text, comment="web, email, api, chat ..."),
    Column("recipient", Text, info={PERSONAL: True}, comment="address the first mail was sent to"),
    Column("is_public", Boolean, comment="has a public comment"),
    Column("due_at", UtcDateTime, comment="UTC; tasks only"),
    Column(
        "tags",
        Json,
        nullable=False,
        info={EMPTY: []},
        comment="list of tags; one row each in ticket_tags",
    ),
    Column(
        "custom_fields",
        Json,
        nullable=False,
        info={EMPTY: [], PERSONAL: True},
        comment="list of {id, value}",
    ),
    Column("created_at", UtcDateTime, nullable=False, comment="UTC"),
    Column("updated_at", UtcDateTime, nullable=False, comment="UTC, whole seconds"),
    Column(
        "generated_timestamp",
        BigInteger,
        comment="Zendesk's change clock, epoch seconds; only exports tell it",
    ),
    Column(
        "handled_version",
        UtcDateTime,
        comment="updated_at of the newest state the desk worked on; empty or older: to do",
    ),
    *bookkeeping(erasable=True),
    Index("ix_tickets_status", "status"),
    Index("ix_tickets_updated_at", "updated_at"),
    Index("ix_tickets_requester_id", "requester_id"),
    Index("ix_tickets_group_id", "group_id"),
    few_erased("tickets"),
    info={
        KNOWN: (
            "allow_attachments",
            "allow_channelback",
            "collaborator_ids",
            "email_cc_ids",
            "encoded_id",
            "fields",
            "follower_ids",
            "followup_ids",
            "forum_topic_id",
            "from_messaging_channel",
            "has_incidents",
            "metric_set",
            "raw_subject",
            "satisfaction_rating",
            "sharing_agreement_ids",
            "support_type",
            "url",
            "via",
        )
    },
    comment="One row per ticket, as it is now; deleted tickets stay with status deleted.",
)

ticket_tags = Table(
    "ticket_tags",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False, comment="tickets.id"),
    Column("tag", Text, primary_key=True, comment="the tag itself"),
    Index("ix_ticket_tags_tag", "tag"),
    comment="One row per tag a ticket bears now.",
)

ticket_field_values = Table(
    "ticket_field_values",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False, comment="tickets.id"),
    Column(
        "field_id", BigInteger, primary_key=True, autoincrement=False, comment="ticket_fields.id"
    ),
    Column(
        "position",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="0; fields with several values count on",
    ),
    Column(
        "value",
        Text,
        nullable=False,
        info={PERSONAL: True},
        comment="text; numbers and booleans as JSON text",
    ),
    Index("ix_ticket_field_values_field_id", "field_id"),
    comment="One row per value of a ticket's custom field now; ticket_custom_fields reads it.",
)

ticket_metrics = Table(
    "ticket_metrics",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("ticket_id", BigInteger, nullable=False, comment="tickets.id"),
    Column("reopens", BigInteger, comment="how often it was opened again after solving"),
    Column("replies", BigInteger, comment="public agent replies"),
    Column("assignee_stations", BigInteger, comment="how many assignees it had"),
    Column("group_stations", BigInteger, comment="how many groups it had"),
    Column("assigned_at", UtcDateTime, comment="UTC"),
    Column("initially_assigned_at", UtcDateTime, comment="UTC"),
    Column("status_updated_at", UtcDateTime, comment="UTC"),
    Column("latest_comment_added_at", UtcDateTime, comment="UTC"),
    Column("solved_at", UtcDateTime, comment="UTC"),
    Column("reply_time_minutes", BigInteger, comment="calendar minutes, Zendesk's own count"),
    Column("reply_time_business_minutes", BigInteger, comment="business minutes"),
    Column("first_resolution_minutes", BigInteger, comment="calendar minutes"),
    Column("full_resolution_minutes", BigInteger, comment="calendar minutes"),
    Column("requester_wait_minutes", BigInteger, comment="calendar minutes"),
    Column("agent_wait_minutes", BigInteger, comment="calendar minutes"),
    Column("on_hold_minutes", BigInteger, comment="calendar minutes"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, nullable=False, comment="UTC"),
    *bookkeeping(),
    Index("ix_ticket_metrics_ticket_id", "ticket_id"),
    info={
        KNOWN: (
            "agent_wait_time_in_minutes",
            "assignee_updated_at",
            "custom_status_updated_at",
            "first_resolution_time_in_minutes",
            "full_resolution_time_in_minutes",
            "on_hold_time_in_minutes",
            "reply_time_in_minutes",
            "requester_updated_at",
            "requester_wait_time_in_minutes",
            "url",
        )
    },
    comment="Zendesk's own summary figures, one row per ticket.",
)
