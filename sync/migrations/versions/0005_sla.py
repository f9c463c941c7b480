"""Tables that SLA clocks are kept in, and what they are computed from."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
VERSION = "which version of it: the second since 1970 from which it holds; 0: the first one"


def upgrade() -> None:
    """Widen the table of clocks, and create those beside it."""
    _sla_clocks()
    _sla_clock_targets()
    _schedule_openings()
    _stale_clocks()
    _sla_basis()
    _versions()
    _marks()
    _sla_differences()


def _sla_clocks() -> None:
    said = {
        "target_seconds": (sa.BigInteger(), "empty: no target applies, or nobody knows"),
        "business_hours": (sa.Boolean(), "unit of target and elapsed time; empty: unknown"),
        "started_at": (INSTANT, "UTC; empty: unknown"),
        "breached": (sa.Boolean(), "the target passed before it was met; empty: unknown"),
        "elapsed_seconds": (sa.BigInteger(), "as of computed_at; empty: unknown"),
    }
    with op.batch_alter_table("sla_clocks") as clocks:
        for name, (kind, comment) in said.items():
            clocks.alter_column(name, existing_type=kind, nullable=True, comment=comment)
        clocks.alter_column(
            "state",
            existing_type=sa.Text(),
            existing_nullable=False,
            comment="active, paused, achieved (finished) or unknown",
        )
        clocks.add_column(
            sa.Column(
                "source",
                sa.Text(),
                nullable=False,
                server_default="zendesk",
                comment="whose rule it is: zendesk (SLA policies), desk or regulation",
            )
        )
        clocks.add_column(sa.Column("schedule_version", sa.BigInteger(), comment=VERSION))
        clocks.add_column(
            sa.Column(
                "paused_spells",
                JSON,
                nullable=False,
                server_default="[]",
                comment="[[from, until]]; UTC texts; until null: it lasts",
            )
        )
        clocks.add_column(
            sa.Column(
                "unknown_reason", sa.Text(), comment="why nobody can know how the clock stands"
            )
        )


    only = sa.text("state = 'active' AND breached = false")
    op.create_index(
        "ix_sla_clocks_runs_in_time",
        "sla_clocks",
        ["due_at"],
        unique=False,
        sqlite_where=only,
        postgresql_where=only,
    )


def _stale_clocks() -> None:
    op.create_table(
        "stale_clocks",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="counts up",
        ),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False, comment="tickets.id"),
        sa.Column("due_at", INSTANT, comment="UTC; not to be computed before; empty: at once"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stale_clocks")),
        comment="One row per change of a ticket or of its rules since its clocks were computed.",
    )
    op.create_index("ix_stale_clocks_ticket_id", "stale_clocks", ["ticket_id"], unique=False)


def _sla_basis() -> None:
    op.create_table(
        "sla_basis",
        sa.Column(
            "name", sa.Text(), nullable=False, comment="a version of a policy or schedule, a person"
        ),
        sa.Column(
            "active_from",
            sa.BigInteger(),
            comment="second since 1970 from which it holds; empty: always",
        ),
        sa.Column(
            "digest", sa.Text(), nullable=False, comment="tells whether it is still the same"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sla_basis")),
        comment="One row per rule and fact of a person that the clocks were computed with.",
    )


def _sla_clock_targets() -> None:
    op.create_table(
        "sla_clock_targets",
        sa.Column(
            "ticket_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="sla_clocks.ticket_id",
        ),
        sa.Column("metric", sa.Text(), nullable=False, comment="sla_clocks.metric"),
        sa.Column(
            "instance",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="sla_clocks.instance",
        ),
        sa.Column(
            "position",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="counts the clock's targets from 1",
        ),
        sa.Column(
            "applied_at", INSTANT, nullable=False, comment="UTC; the update that brought it"
        ),
        sa.Column("policy_id", sa.Text(), comment="empty: the target was taken away"),
        sa.Column("policy_title", sa.Text(), comment="name of the policy when it was applied"),
        sa.Column("priority", sa.Text(), comment="the priority whose target counts"),
        sa.Column("target_seconds", sa.BigInteger(), comment="empty: the target was taken away"),
        sa.Column("business_hours", sa.Boolean(), nullable=False, comment="unit of the target"),
        sa.Column(
            "schedule_id", sa.BigInteger(), comment="schedules.id when business hours count"
        ),
        sa.Column("schedule_version", sa.BigInteger(), comment=VERSION),
        sa.PrimaryKeyConstraint(
            "ticket_id", "metric", "instance", "position", name=op.f("pk_sla_clock_targets")
        ),
        comment="One row per target a clock was given, and for its removal; the last one holds.",
    )


def _schedule_openings() -> None:
    op.create_table(
        "schedule_openings",
        sa.Column(
            "schedule_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="schedules.id",
        ),
        sa.Column(
            "schedule_version",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment=VERSION,
        ),
        sa.Column("opens_at", INSTANT, nullable=False, comment="UTC"),
        sa.Column("closes_at", INSTANT, nullable=False, comment="UTC"),
        sa.Column(
            "open_seconds_before",
            sa.BigInteger(),
            nullable=False,
            comment="business seconds from the first opening here to this one",
        ),
        sa.PrimaryKeyConstraint(
            "schedule_id",
            "schedule_version",
            "opens_at",
            name=op.f("pk_schedule_openings"),
        ),
        comment="One row per stretch in which a schedule is open: business hours in real time.",
    )


def _versions() -> None:
    op.create_table(
        "sla_policy_versions",
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="ticket: sla_policies; group: group policies",
        ),
        sa.Column(
            "policy_id",
            sa.Text(),
            nullable=False,
            comment="sla_policies.id as text, or group_sla_policies.id",
        ),
        sa.Column(
            "active_from",
            INSTANT,
            nullable=False,
            comment="UTC; updates of tickets from then on see this version",
        ),
        sa.Column(
            "record",
            JSON,
            nullable=False,
            comment="{title, position, filter, policy_metrics, metric_settings}",
        ),
        *_version_span(),
        sa.PrimaryKeyConstraint(
            "kind", "policy_id", "active_from", name=op.f("pk_sla_policy_versions")
        ),
        comment="One row per state of an SLA policy that the mirror has seen.",
    )
    op.create_table(
        "schedule_versions",
        sa.Column(
            "schedule_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="schedules.id",
        ),
        sa.Column(
            "active_from",
            INSTANT,
            nullable=False,
            comment="UTC; updates of tickets from then on see this version; the first holds before",
        ),
        sa.Column(
            "record",
            JSON,
            nullable=False,
            comment="{time_zone, intervals, holidays: [{start_date, end_date}]}",
        ),
        *_version_span(),
        sa.PrimaryKeyConstraint(
            "schedule_id", "active_from", name=op.f("pk_schedule_versions")
        ),
        comment="One row per state of a schedule with its holidays that the mirror has seen.",
    )


def _version_span() -> list[sa.Column[Any]]:
    return [
        sa.Column(
            "known_from",
            INSTANT,
            nullable=False,
            comment="UTC; between active_from and then it may have been otherwise",
        ),
        sa.Column("noted_at", INSTANT, nullable=False, comment="UTC; when it was first read"),
        sa.Column(
            "last_read_at",
            INSTANT,
            nullable=False,
            comment="UTC; when it was still so; until the next version begins nobody looked",
        ),
        sa.Column("updated_at", INSTANT, comment="UTC; Zendesk's time of the newest change"),
        sa.Column("deleted_at", INSTANT, comment="UTC; no longer there when the list was read"),
    ]


def _marks() -> None:
    op.create_table(
        "ticket_marks",
        sa.Column(
            "ticket_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="tickets.id",
        ),
        sa.Column("family", sa.Text(), comment="family of the taxonomy, A to X"),
        sa.Column("reason", sa.Text(), comment="reason of the taxonomy, A1 ..."),
        sa.Column("severity", sa.Text(), comment="S1 (worst) to S4"),
        sa.Column("language", sa.Text(), comment="the customer's: en, zh ..."),
        sa.Column(
            "jurisdiction", sa.Text(), comment="where the complaint belongs: GB, DE, US-NY ..."
        ),
        sa.Column("is_complaint", sa.Boolean(), comment="a regulator would call it a complaint"),
        sa.Column("product", sa.Text(), comment="what it is about: payment, card ..."),
        sa.Column("queue", sa.Text(), comment="the department that was asked: SEC, CMP ..."),
        sa.Column("channel", sa.Text(), comment="where it came in: email, web, cfpb_portal ..."),
        sa.Column("read_at", INSTANT, nullable=False, comment="UTC; when the marks were read"),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_marks")),
        comment="One row per ticket: what its tags and fields say; empty where nobody said it.",
    )
    op.create_table(
        "desk_rule_editions",
        sa.Column(
            "policy_id",
            sa.Text(),
            nullable=False,
            comment="sla_clocks.policy_id: vara/ack@1 ...",
        ),
        sa.Column(
            "record",
            JSON,
            nullable=False,
            comment="the rule's figures when it was first followed",
        ),
        sa.Column("first_used_at", INSTANT, nullable=False, comment="UTC"),
        sa.PrimaryKeyConstraint("policy_id", name=op.f("pk_desk_rule_editions")),
        comment="One row per edition of a rule of the desk's own clocks; an edition never changes.",
    )
    op.create_table(
        "department_answers",
        sa.Column(
            "ticket_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="tickets.id",
        ),
        sa.Column(
            "queue",
            sa.Text(),
            nullable=False,
            comment="the department that answered: SEC, CMP ...",
        ),
        sa.Column("answered_at", INSTANT, nullable=False, comment="UTC"),
        sa.PrimaryKeyConstraint("ticket_id", "queue", name=op.f("pk_department_answers")),
        comment="One row per answer of a department outside its ticket, as somebody recorded it.",
    )


def _sla_differences() -> None:
    op.create_table(
        "sla_differences",
        sa.Column(
            "ticket_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="tickets.id"
        ),
        sa.Column("metric", sa.Text(), nullable=False, comment="sla_clocks.metric"),
        sa.Column(
            "instance",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="sla_clocks.instance",
        ),
        sa.Column(
            "field",
            sa.Text(),
            nullable=False,
            comment="the figure that differs; clock: only one side has the clock",
        ),
        sa.Column("ours", sa.Text(), nullable=False, comment="our value; none: there is none"),
        sa.Column(
            "zendesk", sa.Text(), nullable=False, comment="what Zendesk's metric events say"
        ),
        sa.Column(
            "seconds_apart",
            sa.BigInteger(),
            comment="how far instants and durations lie apart",
        ),
        sa.Column("cause", sa.Text(), nullable=False, comment="sync.sla.verdict.causes.Cause"),
        sa.Column("detail", sa.Text(), nullable=False, comment="one sentence for people"),
        sa.Column("found_at", INSTANT, nullable=False, comment="UTC; since when it is known"),
        sa.Column(
            "checked_at", INSTANT, nullable=False, comment="UTC; when it was last found so"
        ),
        sa.PrimaryKeyConstraint(
            "ticket_id", "metric", "instance", "field", name=op.f("pk_sla_differences")
        ),
        comment="One row per figure of a clock that we and Zendesk tell differently, over a minute.",
    )
    op.create_index("ix_sla_differences_cause", "sla_differences", ["cause"], unique=False)
