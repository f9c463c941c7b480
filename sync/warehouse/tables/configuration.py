"""How the account is set up: ticket fields, macros and brands."""

from sqlalchemy import BigInteger, Boolean, Column, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import EMPTY, bookkeeping

ticket_fields = Table(
    "ticket_fields",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("type", Text, nullable=False, comment="tagger, text, checkbox ... or a system field"),
    Column("tag", Text, comment="checkboxes: tag that stands for a tick"),
    Column("active", Boolean),
    Column("required", Boolean),
    Column("position", BigInteger),
    Column("custom_field_options", Json, comment="drop-downs: list of {name, value}"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
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
    Column("position", BigInteger),
    comment="One row per option of a drop-down or multi-select field, as it is now.",
)

macros = Table(
    "macros",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("active", Boolean),
    Column("position", BigInteger),
    Column("actions", Json, nullable=False, info={EMPTY: []}, comment="list of {field, value}"),
    Column("restriction", Json, comment="who may use it; empty: everybody"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    comment="One row per macro in Zendesk.",
)

brands = Table(
    "brands",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("subdomain", Text),
    Column("brand_url", Text),
    Column("active", Boolean),
    Column("is_default", Boolean),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    comment="One row per brand of the account.",
)
