"""The columns every mirrored table ends with: where a row came from, when, and as what."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, Text, text

from integrations.runtime.database import Json, UtcDateTime

EMPTY = "empty"  # key of Column.info: what stands for a value that Zendesk left out
ROUGH = "rough"  # key of Column.info: a number Zendesk counts now and then, never compared
PERSONAL = "personal"  # key of Column.info: shows what a person wrote, or who they are
KNOWN = "known"  # key of Table.info: fields of Zendesk that have no column, kept in raw only


class Source(StrEnum):
    """How a row reached the warehouse."""

    EXPORT = "export"
    WEBHOOK = "webhook"
    ACTION = "action"
    VERIFY = "verify"
    ERASURE = "erasure"  # read before, and rewritten since: somebody in it was erased


def bookkeeping(*, erasable: bool = False) -> list[Column[Any]]:
    """Return fresh columns for one table: deletion marks, raw record, time and way of arrival.

    `erasable`: Zendesk can delete such a record for good; then only its id and times stay.
    """
    erased = Column("erased_at", UtcDateTime, comment="UTC; deleted for good: content is gone")
    return [
        Column("deleted_at", UtcDateTime, comment="UTC; empty while Zendesk still has the record"),
        *([erased] if erasable else []),
        Column(
            "raw",
            Json,
            nullable=False,
            info={PERSONAL: True},
            comment="the record as Zendesk sent it",
        ),
        Column("_synced_at", UtcDateTime, nullable=False, comment="UTC; when it was read"),
        Column("_source", Text, nullable=False, comment="export, webhook, action or verify"),
    ]


def few_erased(table: str) -> Index:
    """Return the index of a table's tombstones: a look at it costs nothing while there are none."""
    only = text("erased_at IS NOT NULL")
    return Index(f"ix_{table}_erased_at", "erased_at", sqlite_where=only, postgresql_where=only)
