"""Tables of the streams that were not mirrored before."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MEANINGS = {
    "brands": {
        "id": "number in Zendesk",
        "name": "what people read",
        "subdomain": "its address below zendesk.com",
        "brand_url": "address of the brand's site",
        "active": "false: takes no tickets",
        "is_default": "takes what names no brand",
    },
    "group_memberships": {"id": "number in Zendesk"},
    "groups": {
        "id": "number in Zendesk",
        "name": "what agents read",
        "description": "what admins say of it",
        "is_public": "false: only its members see its tickets",
        "is_default": "takes tickets that name no group",
    },
    "macros": {
        "id": "number in Zendesk",
        "title": "what agents read; :: parts levels of a menu",
        "description": "when to use it",
        "active": "false: agents cannot use it",
        "position": "place in the list of macros",
    },
    "quarantined_records": {"id": "counts up"},
    "schedule_holidays": {"id": "number in Zendesk", "name": "what admins call it"},
    "schedules": {"id": "number in Zendesk", "name": "what admins call it"},
    "sla_clocks": {
        "policy_title": "name of the policy when it was applied",
        "breached": "the target passed before it was met",
    },
    "sla_policies": {
        "id": "number in Zendesk",
        "title": "what admins call it",
        "description": "what admins say of it",
    },
    "ticket_audits": {"id": "number in Zendesk"},
    "ticket_field_options": {"position": "place in the list of options"},
    "ticket_fields": {
        "id": "number in Zendesk",
        "title": "what agents read",
        "active": "false: on no form any more",
        "required": "agents must fill it in before they solve",
        "position": "place among the fields",
    },
    "ticket_metrics": {
        "id": "number in Zendesk",
        "reopens": "how often it was opened again after solving",
    },
    "ticket_rereads": {"attempts": "how often reading it failed"},
    "ticket_tags": {"tag": "the tag itself"},
    "tickets": {
        "custom_status_id": "custom_statuses.id",
        "organization_id": "organizations.id",
        "ticket_form_id": "ticket_forms.id",
        "external_id": "its number in another system",
    },
    "users": {
        "id": "number in Zendesk",
        "external_id": "their number in another system",
        "organization_id": "organizations.id",
        "custom_role_id": "custom_roles.id",
        "locale": "language, as in en-US",
        "suspended": "may not write any more",
    },
}


def upgrade() -> None:
    """Create them, and say of every older column what it means."""
    _automations()
    _custom_roles()
    _custom_statuses()
    _group_sla_policies()
    _organizations()
    _satisfaction_ratings()
    _side_conversation_events()
    _side_conversations()
    _tags()
    _ticket_deletions()
    _ticket_forms()
    _ticket_metric_events()
    _triggers()
    _views()
    _webhooks()
    if op.get_context().dialect.name == "postgresql":  # SQLite keeps no comments
        for table, columns in MEANINGS.items():
            for column, meaning in columns.items():
                op.alter_column(table, column, comment=meaning)


def _bookkeeping() -> list[sa.Column]:
    return [
        sa.Column("deleted_at", INSTANT, comment="UTC; empty while Zendesk still has the record"),
        sa.Column("raw", JSON, nullable=False, comment="the record as Zendesk sent it"),
        sa.Column("_synced_at", INSTANT, nullable=False, comment="UTC; when it was read"),
        sa.Column(
            "_source", sa.Text(), nullable=False, comment="export, webhook, action or verify"
        ),
    ]


def _automations() -> None:
    op.create_table(
        "automations",
        sa.Column(
            "id", sa.BigInteger(), autoincrement=False, nullable=False, comment="number in Zendesk"
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="what admins call it"),
        sa.Column("active", sa.Boolean(), comment="false: it does not run"),
        sa.Column("position", sa.BigInteger(), comment="they run in this order"),
        sa.Column("conditions", JSON, nullable=False, comment="{all: [...], any: [...]}"),
        sa.Column("actions", JSON, nullable=False, comment="list of {field, value}"),
        sa.Column("created_at", INSTANT, comment="UTC"),
        sa.Column("updated_at", INSTANT, comment="UTC"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_automations")),
        comment="One row per automation: runs every hour when time has passed.",
    )


def _custom_roles() -> None:
    op.create_table(
        "custom_roles",
        sa.Column(
            "id", sa.BigInteger(), autoincrement=False, nullable=False, comment="number in Zendesk"
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="what admins call it"),
        sa.Column("description", sa.Text(), comment="what admins say of it"),
        sa.Column("role_type", sa.BigInteger(), comment="0 custom, 1 light agent, 4 admin ..."),
        sa.Column("team_member_count", sa.BigInteger(), comment="how many agents have it"),
        sa.Column("configuration", JSON, nullable=False, comment="what its agents may do"),
        sa.Column("created_at", INSTANT, comment="UTC"),
        sa.Column("updated_at", INSTANT, comment="UTC"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_roles")),
        comment="One row per role of agents.",
    )


def _custom_statuses() -> None:
    op.create_table(
        "custom_statuses",
        sa.Column(
            "id", sa.BigInteger(), autoincrement=False, nullable=False, comment="number in Zendesk"
        ),
        sa.Column(
            "status_category",
            sa.Text(),
            nullable=False,
            comment="new, open, pending, hold or solved: the status its tickets have",
        ),
        sa.Column("agent_label", sa.Text(), nullable=False, comment="what agents read"),
        sa.Column("end_user_label", sa.Text(), comment="what customers read"),
        sa.Column("description", sa.Text(), comment="what agents are told of it"),
        sa.Column("end_user_description", sa.Text(), comment="what customers are told of it"),
        sa.Column("active", sa.Boolean(), comment="false: tickets cannot get it any more"),
        sa.Column("is_default", sa.Boolean(), comment="stands for its category"),
        sa.Column("created_at", INSTANT, comment="UTC"),
        sa.Column("updated_at", INSTANT, comment="UTC"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_statuses")),
        comment="One row per ticket status, custom or built in.",
    )


def _group_sla_policies() -> None:
    op.create_table(
        "group_sla_policies",
        sa.Column("id", sa.Text(), nullable=False, comment="26 letters and digits, not a number"),
        sa.Column("title", sa.Text(), nullable=False, comment="what admins call it"),
        sa.Column("description", sa.Text(), comment="what admins say of it"),
        sa.Column(
            "position", sa.BigInteger(), comment="the first policy whose filter fits is applied"
        ),
        sa.Column("filter", JSON, nullable=False, comment="{all: [...]}"),
        sa.Column(
            "policy_metrics",
            JSON,
            nullable=False,
            comment="list of targets by priority and metric; target counts seconds",
        ),
        sa.Column("created_at", INSTANT, comment="UTC"),
        sa.Column("updated_at", INSTANT, comment="UTC"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_sla_policies")),
        comment="One row per group SLA policy: how long one group may hold a ticket.",
    )


def _organizations() -> None:
    op.create_table(
        "organizations",
        sa.Column(
            "id", sa.BigInteger(), autoincrement=False, nullable=False, comment="number in Zendesk"
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="what people read, unique"),
        sa.Column("external_id", sa.Text(), comment="its number in another system"),
        sa.Column("details", sa.Text(), comment="free text of agents"),
        sa.Column("notes", sa.Text(), comment="free text of agents"),
        sa.Column(
            "domain_names",
            JSON,
            nullable=False,
            comment="list; new users with such an address join by themselves",
        ),
        sa.Column(
            "group_id", sa.BigInteger(), comment="groups.id; where tickets of its users start"
        ),
        sa.Column("shared_tickets", sa.Boolean(), comment="its users see each other's tickets"),
        sa.Column(
            "shared_comments", sa.Boolean(), comment="its users comment on each other's tickets"
        ),
        sa.Column("tags", JSON, nullable=False, comment="list of tags"),
        sa.Column("organization_fields", JSON, nullable=False, comment="custom fields by key"),
        sa.Column("created_at", INSTANT, comment="UTC"),
        sa.Column("updated_at", INSTANT, nullable=False, comment="UTC"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        comment="One row per organization: a company that users belong to.",
    )
    op.create_index("ix_organizations_name", "organizations", ["name"], unique=False)


def _satisfaction_ratings() -> None:
    op.create_table(
        "satisfaction_ratings",
        sa.Column(
            "id", sa.BigInteger(), autoincrement=False, nullable=False, comment="number in Zendesk"
        ),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False, comment="tickets.id"),
        sa.Column("score", sa.Text(), nullable=False, comment="offered, unoffered, good or bad"),
        sa.Column("comment", sa.Text(), comment="untrusted text of the customer"),
        sa.Column("reason", sa.Text(), comment="why the score is bad, as chosen from a list"),
        sa.Column("reason_id", sa.BigInteger(), comment="number of that reason in Zendesk"),
        sa.Column("requester_id", sa.BigInteger(), comment="users.id; who rated"),
        sa.Column("assignee_id", sa.BigInteger(), comment="users.id; whose work was rated"),
        sa.Column("group_id", sa.BigInteger(), comment="groups.id"),
        sa.Column("created_at", INSTANT, comment="UTC"),
        sa.Column("updated_at", INSTANT, nullable=False, comment="UTC"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_satisfaction_ratings")),
        comment="One row per satisfaction rating that was offered or given.",
    )
    op.create_index(
        "ix_satisfaction_ratings_ticket_id", "satisfaction_ratings", ["ticket_id"], unique=False
    )


def _side_conversation_events() -> None:
    op.create_table(
        "side_conversation_events",
        sa.Column("id", sa.Text(), nullable=False, comment="a UUID"),
        sa.Column(
            "side_conversation_id", sa.Text(), nullable=False, comment="side_conversations.id"
        ),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False, comment="tickets.id of the parent"),
        sa.Column("type", sa.Text(), nullable=False, comment="create, reply or update"),
        sa.Column("actor_id", sa.BigInteger(), comment="users.id; empty: nobody Zendesk knows"),
        sa.Column("via_channel", sa.Text(), comment="support, api, email, slack ..."),
        sa.Column("subject", sa.Text(), comment="create, reply: untrusted text"),
        sa.Column("preview_text", sa.Text(), comment="create, reply: beginning of the body"),
        sa.Column("body", sa.Text(), comment="create, reply: untrusted text"),
        sa.Column("html_body", sa.Text(), comment="create, reply: untrusted HTML"),
        sa.Column("sender", JSON, comment="create, reply: {user_id, name, email}; personal"),
        sa.Column(
            "recipients",
            JSON,
            nullable=False,
            comment="create, reply: list of {user_id, name, email}; personal",
        ),
        sa.Column("updates", JSON, nullable=False, comment="update: {state, subject}"),
        sa.Column("created_at", INSTANT, nullable=False, comment="UTC, with milliseconds"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_side_conversation_events")),
        comment="One row per message in a side conversation, and per change of its state or subject.",
    )
    op.create_index(
        "ix_side_conversation_events_side_conversation_id",
        "side_conversation_events",
        ["side_conversation_id", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_side_conversation_events_ticket_id",
        "side_conversation_events",
        ["ticket_id"],
        unique=False,
    )


def _side_conversations() -> None:
    op.create_table(
        "side_conversations",
        sa.Column("id", sa.Text(), nullable=False, comment="a UUID"),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False, comment="tickets.id of the parent"),
        sa.Column("subject", sa.Text(), comment="untrusted text"),
        sa.Column("preview_text", sa.Text(), comment="beginning of its first message"),
        sa.Column("state", sa.Text(), nullable=False, comment="open or closed"),
        sa.Column(
            "participants", JSON, nullable=False, comment="list of {user_id, name, email}; personal"
        ),
        sa.Column(
            "messages", sa.BigInteger(), nullable=False, comment="how many were sent and received"
        ),
        sa.Column("created_at", INSTANT, nullable=False, comment="UTC"),
        sa.Column("message_added_at", INSTANT, comment="UTC; newest message"),
        sa.Column("state_updated_at", INSTANT, nullable=False, comment="UTC"),
        sa.Column("updated_at", INSTANT, nullable=False, comment="UTC; newest event"),
        sa.Column("_synced_at", INSTANT, nullable=False, comment="UTC; when its events were read"),
        sa.Column(
            "_source", sa.Text(), nullable=False, comment="export, webhook, action or verify"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_side_conversations")),
        comment="One row per side conversation as it is now, told by side_conversation_events.",
    )
    op.create_index("ix_side_conversations_state", "side_conversations", ["state"], unique=False)
    op.create_index(
        "ix_side_conversations_ticket_id", "side_conversations", ["ticket_id"], unique=False
    )


def _tags() -> None:
    op.create_table(
        "tags",
        sa.Column("name", sa.Text(), nullable=False, comment="the tag itself"),
        sa.Column("count", sa.BigInteger(), comment="how often Zendesk counts it, roughly"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tags")),
        comment="One row per tag that Zendesk lists, the popular ones; ticket_tags has all in use.",
    )


def _ticket_deletions() -> None:
    op.create_table(
        "ticket_deletions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False, comment="tickets.id"),
        sa.Column("actor_id", sa.BigInteger(), comment="users.id; who deleted it"),
        sa.Column("ticket_deleted_at", INSTANT, nullable=False, comment="UTC; when it was deleted"),
        sa.Column("previous_state", sa.Text(), comment="status it had before"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_deletions")),
        comment="One row per ticket that was in the bin; deleted_at: it left the bin, restored or for good.",
    )


def _ticket_forms() -> None:
    op.create_table(
        "ticket_forms",
        sa.Column(
            "id", sa.BigInteger(), autoincrement=False, nullable=False, comment="number in Zendesk"
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="what agents read"),
        sa.Column("display_name", sa.Text(), comment="what customers see"),
        sa.Column("active", sa.Boolean(), comment="false: nobody can choose it"),
        sa.Column("is_default", sa.Boolean(), comment="taken when none is chosen"),
        sa.Column("end_user_visible", sa.Boolean(), comment="customers can choose it"),
        sa.Column("position", sa.BigInteger(), comment="place in the list of forms"),
        sa.Column(
            "ticket_field_ids",
            JSON,
            nullable=False,
            comment="list of ticket_fields.id in the order of the form",
        ),
        sa.Column("in_all_brands", sa.Boolean(), comment="every brand uses it"),
        sa.Column("restricted_brand_ids", JSON, comment="list of brands.id that use it"),
        sa.Column("agent_conditions", JSON, comment="which fields agents see when"),
        sa.Column("end_user_conditions", JSON, comment="which fields customers see when"),
        sa.Column("created_at", INSTANT, comment="UTC"),
        sa.Column("updated_at", INSTANT, comment="UTC"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_forms")),
        comment="One row per ticket form.",
    )


def _ticket_metric_events() -> None:
    op.create_table(
        "ticket_metric_events",
        sa.Column(
            "id", sa.BigInteger(), autoincrement=False, nullable=False, comment="number in Zendesk"
        ),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False, comment="tickets.id"),
        sa.Column(
            "metric",
            sa.Text(),
            nullable=False,
            comment="reply_time, requester_wait_time, group_ownership_time ...",
        ),
        sa.Column(
            "instance_id",
            sa.BigInteger(),
            nullable=False,
            comment="which clock of this metric, counted from 1; 0 only measures",
        ),
        sa.Column(
            "type",
            sa.Text(),
            nullable=False,
            comment="activate, pause, fulfill, apply_sla, apply_group_sla, breach, update_status ...",
        ),
        sa.Column(
            "time",
            INSTANT,
            nullable=False,
            comment="UTC; a breach is written in advance: one that lies ahead is only a deadline",
        ),
        sa.Column(
            "deleted",
            sa.Boolean(),
            comment="withdrawn: a breach that will not come; deleted_at then repeats its time",
        ),
        sa.Column(
            "target_seconds",
            sa.BigInteger(),
            comment="apply_sla, apply_group_sla: what was promised",
        ),
        sa.Column("business_hours", sa.Boolean(), comment="the target counts business hours"),
        sa.Column(
            "policy_id", sa.Text(), comment="sla_policies.id as text, or group_sla_policies.id"
        ),
        sa.Column("policy_title", sa.Text(), comment="name of the policy at that time"),
        sa.Column(
            "status_calendar_minutes",
            sa.BigInteger(),
            comment="update_status: calendar minutes so far",
        ),
        sa.Column(
            "status_business_minutes",
            sa.BigInteger(),
            comment="update_status: business minutes so far",
        ),
        sa.Column("sla", JSON, comment="apply_sla: target and policy; empty: taken away"),
        sa.Column("group_sla", JSON, comment="apply_group_sla: as sla"),
        sa.Column("status", JSON, comment="update_status: {calendar, business}, minutes"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_metric_events")),
        comment="One row per event of a ticket's SLA clocks, as Zendesk keeps them.",
    )
    op.create_index(
        "ix_ticket_metric_events_ticket_id_metric",
        "ticket_metric_events",
        ["ticket_id", "metric", "time"],
        unique=False,
    )
    op.create_index(
        "ix_ticket_metric_events_type_time", "ticket_metric_events", ["type", "time"], unique=False
    )


def _triggers() -> None:
    op.create_table(
        "triggers",
        sa.Column(
            "id", sa.BigInteger(), autoincrement=False, nullable=False, comment="number in Zendesk"
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="what admins call it"),
        sa.Column("description", sa.Text(), comment="what admins say of it"),
        sa.Column("active", sa.Boolean(), comment="false: it does not run"),
        sa.Column(
            "position", sa.BigInteger(), comment="they run in this order, within their category"
        ),
        sa.Column("category_id", sa.Text(), comment="text in Zendesk, though made of digits"),
        sa.Column("conditions", JSON, nullable=False, comment="{all: [...], any: [...]}"),
        sa.Column("actions", JSON, nullable=False, comment="list of {field, value}"),
        sa.Column("created_at", INSTANT, comment="UTC"),
        sa.Column("updated_at", INSTANT, comment="UTC"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triggers")),
        comment="One row per trigger: runs when a ticket is created or updated.",
    )


def _views() -> None:
    op.create_table(
        "views",
        sa.Column(
            "id", sa.BigInteger(), autoincrement=False, nullable=False, comment="number in Zendesk"
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="what agents read"),
        sa.Column("description", sa.Text(), comment="what admins say of it"),
        sa.Column("active", sa.Boolean(), comment="false: nobody sees it"),
        sa.Column("position", sa.BigInteger(), comment="place in the list of views"),
        sa.Column("conditions", JSON, nullable=False, comment="{all: [...], any: [...]}"),
        sa.Column("execution", JSON, comment="columns, groups and order of the list"),
        sa.Column("restriction", JSON, comment="who may see it; empty: everybody"),
        sa.Column("created_at", INSTANT, comment="UTC"),
        sa.Column("updated_at", INSTANT, comment="UTC"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_views")),
        comment="One row per view: a saved list of tickets.",
    )


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Text(), nullable=False, comment="26 letters and digits, not a number"),
        sa.Column("name", sa.Text(), nullable=False, comment="what admins call it"),
        sa.Column("description", sa.Text(), comment="what admins say of it"),
        sa.Column("status", sa.Text(), comment="active or inactive"),
        sa.Column(
            "endpoint",
            sa.Text(),
            comment="only the host: paths and queries of webhooks are often keys",
        ),
        sa.Column("http_method", sa.Text(), comment="GET, POST, PUT, PATCH or DELETE"),
        sa.Column("request_format", sa.Text(), comment="json, xml or form_encoded"),
        sa.Column(
            "subscriptions",
            JSON,
            nullable=False,
            comment="list of event types, or conditional_ticket_events",
        ),
        sa.Column("created_by", sa.BigInteger(), comment="users.id"),
        sa.Column("updated_by", sa.BigInteger(), comment="users.id"),
        sa.Column("created_at", INSTANT, comment="UTC"),
        sa.Column("updated_at", INSTANT, comment="UTC"),
        *_bookkeeping(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        comment="One row per webhook; its credentials and headers are nowhere, not even in raw.",
    )
