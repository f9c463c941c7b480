"""How the account is set up: fields, forms, statuses, tags, macros, brands, roles, webhooks."""

from sqlalchemy import BigInteger, Boolean, Column, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import EMPTY, KNOWN, ROUGH, bookkeeping

ticket_fields = Table(
    "ticket_fields",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("title", Text, nullable=False, comment="what agents read"),
    Column("type", Text, nullable=False, comment="tagger, text, checkbox ... or a system field"),
    Column("tag", Text, comment="checkboxes: tag that stands for a tick"),
    Column("active", Boolean, comment="false: on no form any more"),
    Column("required", Boolean, comment="agents must fill it in before they solve"),
    Column("position", BigInteger, comment="place among the fields"),
    Column("custom_field_options", Json, comment="drop-downs: list of {name, value}"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    info={
        KNOWN: (
            "agent_can_edit",
            "agent_description",
            "collapsed_for_agents",
            "creator_app_name",
            "creator_user_id",
            "custom_statuses",
            "description",
            "editable_in_portal",
            "key",
            "raw_agent_description",
            "raw_description",
            "raw_title",
            "raw_title_in_portal",
            "regexp_for_validation",
            "relationship_filter",
            "relationship_target_type",
            "removable",
            "required_in_portal",
            "sub_type_id",
            "system_field_options",
            "title_in_portal",
            "url",
            "visible_in_portal",
        )
    },
    comment="One row per ticket field, custom or built in.",
)

ticket_field_options = Table(
    "ticket_field_options",
    metadata,
    Column(
        "field_id", BigInteger, primary_key=True, autoincrement=False, comment="ticket_fields.id"
    ),
    Column("value", Text, primary_key=True, comment="what tickets bear as value, and as tag"),
    Column("name", Text, nullable=False, comment="what people see; :: parts levels of a menu"),
    Column("position", BigInteger, comment="place in the list of options"),
    comment="One row per option of a drop-down or multi-select field, as it is now.",
)

macros = Table(
    "macros",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("title", Text, nullable=False, comment="what agents read; :: parts levels of a menu"),
    Column("description", Text, comment="when to use it"),
    Column("active", Boolean, comment="false: agents cannot use it"),
    Column("position", BigInteger, comment="place in the list of macros"),
    Column("actions", Json, nullable=False, info={EMPTY: []}, comment="list of {field, value}"),
    Column("restriction", Json, comment="who may use it; empty: everybody"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    info={
        KNOWN: (
            "app_installation",
            "categories",
            "default",
            "permissions",
            "raw_title",
            "url",
            "usage_1h",
            "usage_24h",
            "usage_30d",
            "usage_7d",
        )
    },
    comment="One row per macro in Zendesk.",
)

brands = Table(
    "brands",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("name", Text, nullable=False, comment="what people read"),
    Column("subdomain", Text, comment="its address below zendesk.com"),
    Column("brand_url", Text, comment="address of the brand's site"),
    Column("active", Boolean, comment="false: takes no tickets"),
    Column("is_default", Boolean, comment="takes what names no brand"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    info={
        KNOWN: (
            "default",
            "has_help_center",
            "help_center_state",
            "host_mapping",
            "is_deleted",
            "logo",
            "signature_template",
            "ticket_form_ids",
            "url",
        )
    },
    comment="One row per brand of the account.",
)

ticket_forms = Table(
    "ticket_forms",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("name", Text, nullable=False, comment="what agents read"),
    Column("display_name", Text, comment="what customers see"),
    Column("active", Boolean, comment="false: nobody can choose it"),
    Column("is_default", Boolean, comment="taken when none is chosen"),
    Column("end_user_visible", Boolean, comment="customers can choose it"),
    Column("position", BigInteger, comment="place in the list of forms"),
    Column(
        "ticket_field_ids",
        Json,
        nullable=False,
        info={EMPTY: []},
        comment="list of ticket_fields.id in the order of the form",
    ),
    Column("in_all_brands", Boolean, comment="every brand uses it"),
    Column("restricted_brand_ids", Json, comment="list of brands.id that use it"),
    Column("agent_conditions", Json, comment="which fields agents see when"),
    Column("end_user_conditions", Json, comment="which fields customers see when"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    info={KNOWN: ("default", "form_type", "raw_display_name", "raw_name", "url")},
    comment="One row per ticket form.",
)

custom_statuses = Table(
    "custom_statuses",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column(
        "status_category",
        Text,
        nullable=False,
        comment="new, open, pending, hold or solved: the status its tickets have",
    ),
    Column("agent_label", Text, nullable=False, comment="what agents read"),
    Column("end_user_label", Text, comment="what customers read"),
    Column("description", Text, comment="what agents are told of it"),
    Column("end_user_description", Text, comment="what customers are told of it"),
    Column("active", Boolean, comment="false: tickets cannot get it any more"),
    Column("is_default", Boolean, comment="stands for its category"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    info={
        KNOWN: (
            "default",
            "raw_agent_label",
            "raw_description",
            "raw_end_user_description",
            "raw_end_user_label",
            "url",
        )
    },
    comment="One row per ticket status, custom or built in.",
)

tags = Table(
    "tags",
    metadata,
    Column("name", Text, primary_key=True, comment="the tag itself"),
    Column("count", BigInteger, info={ROUGH: True}, comment="how often Zendesk counts it, roughly"),
    *bookkeeping(),
    info={KNOWN: ("url",)},
    comment="One row per tag that Zendesk lists, the popular ones; ticket_tags has all in use.",
)

custom_roles = Table(
    "custom_roles",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("name", Text, nullable=False, comment="what admins call it"),
    Column("description", Text, comment="what admins say of it"),
    Column("role_type", BigInteger, comment="0 custom, 1 light agent, 4 admin ..."),
    Column("team_member_count", BigInteger, info={ROUGH: True}, comment="how many agents have it"),
    Column(
        "configuration", Json, nullable=False, info={EMPTY: {}}, comment="what its agents may do"
    ),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    info={KNOWN: ("url",)},
    comment="One row per role of agents.",
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True, comment="26 letters and digits, not a number"),
    Column("name", Text, nullable=False, comment="what admins call it"),
    Column("description", Text, comment="what admins say of it"),
    Column("status", Text, comment="active or inactive"),
    Column("endpoint", Text, comment="only the host: paths and queries of webhooks are often keys"),
    Column("http_method", Text, comment="GET, POST, PUT, PATCH or DELETE"),
    Column("request_format", Text, comment="json, xml or form_encoded"),
    Column(
        "subscriptions",
        Json,
        nullable=False,
        info={EMPTY: []},
        comment="list of event types, or conditional_ticket_events",
    ),
    Column("created_by", BigInteger, comment="users.id"),
    Column("updated_by", BigInteger, comment="users.id"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    info={KNOWN: ("authentication", "custom_headers")},
    comment="One row per webhook; its credentials and headers are nowhere, not even in raw.",
)
