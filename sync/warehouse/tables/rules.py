"""What Zendesk does by itself, and the lists agents work through."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import EMPTY, KNOWN, bookkeeping


def _conditions() -> Column[Any]:
    return Column(
        "conditions", Json, nullable=False, info={EMPTY: {}}, comment="{all: [...], any: [...]}"
    )


def _actions() -> Column[Any]:
    return Column(
        "actions", Json, nullable=False, info={EMPTY: []}, comment="list of {field, value}"
    )


def _times() -> list[Column[Any]]:
    return [
        Column("created_at", UtcDateTime, comment="UTC"),
        Column("updated_at", UtcDateTime, comment="UTC"),
    ]


triggers = Table(
    "triggers",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("title", Text, nullable=False, comment="what admins call it"),
    Column("description", Text, comment="what admins say of it"),
    Column("active", Boolean, comment="false: it does not run"),
    Column("position", BigInteger, comment="they run in this order, within their category"),
    Column("category_id", Text, comment="text in Zendesk, though made of digits"),
    _conditions(),
    _actions(),
    *_times(),
    *bookkeeping(),
    info={KNOWN: ("default", "raw_title", "url")},
    comment="One row per trigger: runs when a ticket is created or updated.",
)

automations = Table(
    "automations",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("title", Text, nullable=False, comment="what admins call it"),
    Column("active", Boolean, comment="false: it does not run"),
    Column("position", BigInteger, comment="they run in this order"),
    _conditions(),
    _actions(),
    *_times(),
    *bookkeeping(),
    info={KNOWN: ("default", "raw_title", "url")},
    comment="One row per automation: runs every hour when time has passed.",
)

views = Table(
    "views",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("title", Text, nullable=False, comment="what agents read"),
    Column("description", Text, comment="what admins say of it"),
    Column("active", Boolean, comment="false: nobody sees it"),
    Column("position", BigInteger, comment="place in the list of views"),
    _conditions(),
    Column("execution", Json, comment="columns, groups and order of the list"),
    Column("restriction", Json, comment="who may see it; empty: everybody"),
    *_times(),
    *bookkeeping(),
    info={KNOWN: ("default", "raw_title", "url")},
    comment="One row per view: a saved list of tickets.",
)
