"""What SLA clocks are computed from: policies, business hours and holidays."""

from sqlalchemy import BigInteger, Column, Date, Index, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import EMPTY, KNOWN, bookkeeping

sla_policies = Table(
    "sla_policies",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("title", Text, nullable=False, comment="what admins call it"),
    Column("description", Text, comment="what admins say of it"),
    Column("position", BigInteger, comment="the first policy whose filter fits is applied"),
    Column("filter", Json, nullable=False, info={EMPTY: {}}, comment="{all: [...], any: [...]}"),
    Column(
        "policy_metrics", Json, nullable=False, comment="list of targets by priority and metric"
    ),
    Column("metric_settings", Json, comment="when clocks start, as far as the account sets it"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    info={KNOWN: ("url",)},
    comment="One row per SLA policy.",
)

group_sla_policies = Table(
    "group_sla_policies",
    metadata,
    Column("id", Text, primary_key=True, comment="26 letters and digits, not a number"),
    Column("title", Text, nullable=False, comment="what admins call it"),
    Column("description", Text, comment="what admins say of it"),
    Column("position", BigInteger, comment="the first policy whose filter fits is applied"),
    Column("filter", Json, nullable=False, info={EMPTY: {}}, comment="{all: [...]}"),
    Column(
        "policy_metrics",
        Json,
        nullable=False,
        comment="list of targets by priority and metric; target counts seconds",
    ),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    info={KNOWN: ("url",)},
    comment="One row per group SLA policy: how long one group may hold a ticket.",
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("name", Text, nullable=False, comment="what admins call it"),
    Column("time_zone", Text, nullable=False, comment="as Zendesk names it, not always IANA"),
    Column(
        "intervals",
        Json,
        nullable=False,
        comment="list of {start_time, end_time}: minutes since Sunday 00:00 local time",
    ),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    info={KNOWN: ("url",)},
    comment="One row per schedule of business hours.",
)

schedule_holidays = Table(
    "schedule_holidays",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("schedule_id", BigInteger, nullable=False, comment="schedules.id"),
    Column("name", Text, nullable=False, comment="what admins call it"),
    Column("start_date", Date, nullable=False, comment="first day, in the schedule's time zone"),
    Column("end_date", Date, nullable=False, comment="last day, included"),
    *bookkeeping(),
    Index("ix_schedule_holidays_schedule_id", "schedule_id"),
    info={KNOWN: ("url",)},
    comment="One row per holiday of a schedule.",
)
