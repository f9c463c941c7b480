"""SLA clocks of tickets, as the desk computes them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text

from integrations.runtime.database import UtcDateTime, metadata

sla_clocks = Table(
    "sla_clocks",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False, comment="tickets.id"),
    Column("metric", Text, primary_key=True, comment="first_reply_time, requester_wait_time ..."),
    Column(
        "instance",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="counts from 1 within ticket and metric",
    ),
    Column("policy_id", Text, comment="sla_policies.id as text (group policies have text ids)"),
    Column("policy_title", Text, comment="name of the policy when it was applied"),
    Column("priority", Text, comment="the priority whose target counts"),
    Column("target_seconds", BigInteger, comment="empty: no target applies"),
    Column("business_hours", Boolean, nullable=False, comment="unit of target and elapsed time"),
    Column("schedule_id", BigInteger, comment="schedules.id when business hours count"),
    Column("started_at", UtcDateTime, nullable=False, comment="UTC"),
    Column("due_at", UtcDateTime, comment="UTC; the breach once breached; empty while paused"),
    Column("fulfilled_at", UtcDateTime, comment="UTC; empty again after a reopening"),
    Column("breach_at", UtcDateTime, comment="UTC"),
    Column("breached", Boolean, nullable=False, comment="the target passed before it was met"),
    Column("elapsed_seconds", BigInteger, nullable=False, comment="as of computed_at"),
    Column("remaining_seconds", BigInteger, comment="as of computed_at; negative: overdue"),
    Column("state", Text, nullable=False, comment="active, paused or achieved (finished)"),
    Column("explanation", Text, nullable=False, comment="one sentence for people"),
    Column("computed_at", UtcDateTime, nullable=False, comment="UTC"),
    Index("ix_sla_clocks_state_due_at", "state", "due_at"),
    Index("ix_sla_clocks_metric_priority", "metric", "priority"),
    comment="One row per clock of a ticket; achieved/(achieved+breached) is the attainment.",
)
