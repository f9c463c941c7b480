"""What happens to Zendesk's own SLA clocks: started, paused, promised, broken, kept."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import KNOWN, bookkeeping

ticket_metric_events = Table(
    "ticket_metric_events",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("ticket_id", BigInteger, nullable=False, comment="tickets.id"),
    Column(
        "metric",
        Text,
        nullable=False,
        comment="reply_time, requester_wait_time, group_ownership_time ...",
    ),
    Column(
        "instance_id",
        BigInteger,
        nullable=False,
        comment="which clock of this metric, counted from 1; 0 only measures",
    ),
    Column(
        "type",
        Text,
        nullable=False,
        comment="activate, pause, fulfill, apply_sla, apply_group_sla, breach, update_status ...",
    ),
    Column(
        "time",
        UtcDateTime,
        nullable=False,
        comment="UTC; a breach is written in advance: one that lies ahead is only a deadline",
    ),
    Column(
        "deleted",
        Boolean,
        comment="withdrawn: a breach that will not come; deleted_at then repeats its time",
    ),
    Column("target_seconds", BigInteger, comment="apply_sla, apply_group_sla: what was promised"),
    Column("business_hours", Boolean, comment="the target counts business hours"),
    Column("policy_id", Text, comment="sla_policies.id as text, or group_sla_policies.id"),
    Column("policy_title", Text, comment="name of the policy at that time"),
    Column("status_calendar_minutes", BigInteger, comment="update_status: calendar minutes so far"),
    Column("status_business_minutes", BigInteger, comment="update_status: business minutes so far"),
    Column("sla", Json, comment="apply_sla: target and policy; empty: taken away"),
    Column("group_sla", Json, comment="apply_group_sla: as sla"),
    Column("status", Json, comment="update_status: {calendar, business}, minutes"),
    *bookkeeping(),
    Index("ix_ticket_metric_events_ticket_id_metric", "ticket_id", "metric", "time"),
    Index("ix_ticket_metric_events_type_time", "type", "time"),
    info={KNOWN: ("url",)},
    comment="One row per event of a ticket's SLA clocks, as Zendesk keeps them.",
)
