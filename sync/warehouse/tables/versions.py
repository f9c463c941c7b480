"""What policies and schedules were at each time: Zendesk itself only shows what they are now."""

from typing import Any

from sqlalchemy import BigInteger, Column, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata


def _span() -> list[Column[Any]]:
    """Return fresh columns that say from when to when a version held, and how surely."""
    return [
        Column(
            "known_from",
            UtcDateTime,
            nullable=False,
            comment="UTC; between active_from and then it may have been otherwise",
        ),
        Column("noted_at", UtcDateTime, nullable=False, comment="UTC; when it was first read"),
        Column(
            "last_read_at",
            UtcDateTime,
            nullable=False,
            comment="UTC; when it was still so; until the next version begins nobody looked",
        ),
        Column("updated_at", UtcDateTime, comment="UTC; Zendesk's time of the newest change"),
        Column("deleted_at", UtcDateTime, comment="UTC; no longer there when the list was read"),
    ]


sla_policy_versions = Table(
    "sla_policy_versions",
    metadata,
    Column("kind", Text, primary_key=True, comment="ticket: sla_policies; group: group policies"),
    Column(
        "policy_id",
        Text,
        primary_key=True,
        comment="sla_policies.id as text, or group_sla_policies.id",
    ),
    Column(
        "active_from",
        UtcDateTime,
        primary_key=True,
        comment="UTC; updates of tickets from then on see this version",
    ),
    Column(
        "record",
        Json,
        nullable=False,
        comment="{title, position, filter, policy_metrics, metric_settings}",
    ),
    *_span(),
    comment="One row per state of an SLA policy that the mirror has seen.",
)

schedule_versions = Table(
    "schedule_versions",
    metadata,
    Column(
        "schedule_id",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="schedules.id",
    ),
    Column(
        "active_from",
        UtcDateTime,
        primary_key=True,
        comment="UTC; updates of tickets from then on see this version; the first holds before",
    ),
    Column(
        "record",
        Json,
        nullable=False,
        comment="{time_zone, intervals, holidays: [{start_date, end_date}]}",
    ),
    *_span(),
    comment="One row per state of a schedule with its holidays that the mirror has seen.",
)
