"""SLA clocks of tickets, as the desk computes them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, text

from integrations.runtime.database import BigId, Json, UtcDateTime, metadata

VERSION = "which version of it: the second since 1970 from which it holds; 0: the first one"

_RUNS_IN_TIME = text("state = 'active' AND breached = false")

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
    Column(
        "source",
        Text,
        nullable=False,
        server_default="zendesk",
        comment="whose rule it is: zendesk (SLA policies), desk or regulation",
    ),
    Column("policy_id", Text, comment="sla_policies.id as text (group policies have text ids)"),
    Column("policy_title", Text, comment="name of the policy when it was applied"),
    Column("priority", Text, comment="the priority whose target counts"),
    Column("target_seconds", BigInteger, comment="empty: no target applies, or nobody knows"),
    Column("business_hours", Boolean, comment="unit of target and elapsed time; empty: unknown"),
    Column("schedule_id", BigInteger, comment="schedules.id when business hours count"),
    Column("schedule_version", BigInteger, comment=VERSION),
    Column("started_at", UtcDateTime, comment="UTC; empty: unknown"),
    Column(
        "paused_spells",
        Json,
        nullable=False,
        server_default="[]",
        comment="[[from, until]]; UTC texts; until null: it lasts",
    ),
    Column("due_at", UtcDateTime, comment="UTC; the breach once breached; empty while paused"),
    Column("fulfilled_at", UtcDateTime, comment="UTC; empty again after a reopening"),
    Column("breach_at", UtcDateTime, comment="UTC"),
    Column("breached", Boolean, comment="the target passed before it was met; empty: unknown"),
    Column("elapsed_seconds", BigInteger, comment="as of computed_at; empty: unknown"),
    Column("remaining_seconds", BigInteger, comment="as of computed_at; negative: overdue"),
    Column("state", Text, nullable=False, comment="active, paused, achieved (finished) or unknown"),
    Column("unknown_reason", Text, comment="why nobody can know how the clock stands"),
    Column("explanation", Text, nullable=False, comment="one sentence for people"),
    Column("computed_at", UtcDateTime, nullable=False, comment="UTC"),
    Index("ix_sla_clocks_state_due_at", "state", "due_at"),
    Index("ix_sla_clocks_metric_priority", "metric", "priority"),
    # Clocks that will breach by themselves, found without looking at any other.
    Index(
        "ix_sla_clocks_runs_in_time",
        "due_at",
        sqlite_where=_RUNS_IN_TIME,
        postgresql_where=_RUNS_IN_TIME,
    ),
    comment="One row per clock of a ticket; achieved/(achieved+breached) is the attainment.",
)

sla_clock_targets = Table(
    "sla_clock_targets",
    metadata,
    Column(
        "ticket_id",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="sla_clocks.ticket_id",
    ),
    Column("metric", Text, primary_key=True, comment="sla_clocks.metric"),
    Column(
        "instance", Integer, primary_key=True, autoincrement=False, comment="sla_clocks.instance"
    ),
    Column(
        "position",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="counts the clock's targets from 1",
    ),
    Column("applied_at", UtcDateTime, nullable=False, comment="UTC; the update that brought it"),
    Column("policy_id", Text, comment="empty: the target was taken away"),
    Column("policy_title", Text, comment="name of the policy when it was applied"),
    Column("priority", Text, comment="the priority whose target counts"),
    Column("target_seconds", BigInteger, comment="empty: the target was taken away"),
    Column("business_hours", Boolean, nullable=False, comment="unit of the target"),
    Column("schedule_id", BigInteger, comment="schedules.id when business hours count"),
    Column("schedule_version", BigInteger, comment=VERSION),
    comment="One row per target a clock was given, and for its removal; the last one holds.",
)

schedule_openings = Table(
    "schedule_openings",
    metadata,
    Column(
        "schedule_id", BigInteger, primary_key=True, autoincrement=False, comment="schedules.id"
    ),
    Column(
        "schedule_version",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment=VERSION,
    ),
    Column("opens_at", UtcDateTime, primary_key=True, comment="UTC"),
    Column("closes_at", UtcDateTime, nullable=False, comment="UTC"),
    Column(
        "open_seconds_before",
        BigInteger,
        nullable=False,
        comment="business seconds from the first opening here to this one",
    ),
    comment="One row per stretch in which a schedule is open: business hours in real time.",
)

sla_differences = Table(
    "sla_differences",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False, comment="tickets.id"),
    Column("metric", Text, primary_key=True, comment="sla_clocks.metric"),
    Column(
        "instance", Integer, primary_key=True, autoincrement=False, comment="sla_clocks.instance"
    ),
    Column(
        "field",
        Text,
        primary_key=True,
        comment="the figure that differs; clock: only one side has the clock",
    ),
    Column("ours", Text, nullable=False, comment="our value; none: there is none"),
    Column("zendesk", Text, nullable=False, comment="what Zendesk's metric events say"),
    Column("seconds_apart", BigInteger, comment="how far instants and durations lie apart"),
    Column("cause", Text, nullable=False, comment="sync.sla.verdict.causes.Cause"),
    Column("detail", Text, nullable=False, comment="one sentence for people"),
    Column("found_at", UtcDateTime, nullable=False, comment="UTC; since when it is known"),
    Column("checked_at", UtcDateTime, nullable=False, comment="UTC; when it was last found so"),
    Index("ix_sla_differences_cause", "cause"),
    comment="One row per figure of a clock that we and Zendesk tell differently, over a minute.",
)

stale_clocks = Table(
    "stale_clocks",
    metadata,
    Column("id", BigId, primary_key=True, comment="counts up"),
    Column("ticket_id", BigInteger, nullable=False, comment="tickets.id"),
    Column("due_at", UtcDateTime, comment="UTC; not to be computed before; empty: at once"),
    Index("ix_stale_clocks_ticket_id", "ticket_id"),
    comment="One row per change of a ticket or of its rules since its clocks were computed.",
)

sla_basis = Table(
    "sla_basis",
    metadata,
    Column("name", Text, primary_key=True, comment="a version of a policy or schedule, a person"),
    Column(
        "active_from", BigInteger, comment="second since 1970 from which it holds; empty: always"
    ),
    Column("digest", Text, nullable=False, comment="tells whether it is still the same"),
    comment="One row per rule and fact of a person that the clocks were computed with.",
)
