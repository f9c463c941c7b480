"""Tables of the desk: what riskdesk received, decided and did, and the SLA clocks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql  # noqa: F401

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table('deliveries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('dedupe_key', sa.String(length=120), nullable=False, comment='From the signed body (event id), never from a header'),
    sa.Column('source', sa.String(length=16), nullable=False, comment='webhook, or sync for a caught-up change'),
    sa.Column('mark', sa.String(length=16), nullable=False, comment='event, malformed or unknown'),
    sa.Column('event_type', sa.String(length=120), nullable=True, comment="Zendesk's event type without its prefix"),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Zendesk user who caused the event'),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=True, comment="Event time by Zendesk's clock"),
    sa.Column('body', sa.Text(), nullable=False, comment='The raw body as received, for replay'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment="UTC, this machine's clock"),
    sa.Column('copies', sa.Integer(), server_default=sa.text('1'), nullable=False, comment='How often it came'),
    sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False, comment='Not to be handled before'),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True, comment='Empty while waiting'),
    sa.Column('outcome', sa.String(length=32), nullable=True, comment='handled, covered, recorded, vanished, failed, replayed'),
    sa.CheckConstraint("mark IN ('event', 'malformed', 'unknown')", name=op.f('ck_deliveries_mark')),
    sa.CheckConstraint("source IN ('webhook', 'sync')", name=op.f('ck_deliveries_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_deliveries_dedupe_key')),
    comment="Deliveries from Zendesk's webhooks, and changes that sync found without one."
    )
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_deliveries_waiting', ['ticket_id', 'due_at'], unique=False, sqlite_where=sa.text('handled_at IS NULL'), postgresql_where=sa.text('handled_at IS NULL'))

    op.create_table('ticket_leases',
    sa.Column('ticket_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('token', sa.BigInteger(), nullable=False, comment='Fencing token: grows with each claim'),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False, comment='Free for others after this'),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_leases')),
    comment='Which tickets a worker holds at the moment; one worker a ticket.'
    )

    op.create_table('assessments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('comment_id', sa.BigInteger(), nullable=False, comment='Newest customer comment it read'),
    sa.Column('family', sa.String(length=1), nullable=True, comment='Taxonomy family; empty when triage abstained'),
    sa.Column('reason', sa.String(length=8), nullable=True, comment='Taxonomy reason; empty when only the family is known'),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('severity', sa.String(length=2), nullable=False),
    sa.Column('owner', sa.String(length=16), nullable=False, comment='Department codes of the taxonomy'),
    sa.Column('confidence_permille', sa.Integer(), nullable=False),
    sa.Column('abstained', sa.Boolean(), nullable=False),
    sa.Column('words', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='The words that decided, secrets masked'),
    sa.Column('candidates', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='Best families with thousandths'),
    sa.Column('signals', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='Facts found in the text, safe to show'),
    sa.Column('secrets', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='Kinds of leaked secrets, never values'),
    sa.Column('taxonomy_version', sa.String(length=32), nullable=False),
    sa.Column('model_version', sa.String(length=64), nullable=False),
    sa.Column('draft_slug', sa.String(length=80), nullable=True, comment='Macro of the draft planned with this assessment'),
    sa.Column('assessed_at', sa.DateTime(timezone=True), nullable=False, comment="UTC, Zendesk's clock"),
    sa.CheckConstraint('abstained = (family IS NULL)', name=op.f('ck_assessments_abstained_has_no_family')),
    sa.CheckConstraint('confidence_permille BETWEEN 0 AND 1000', name=op.f('ck_assessments_confidence')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessments')),
    sa.UniqueConstraint('ticket_id', 'comment_id', name=op.f('uq_assessments_ticket_id_comment_id')),
    comment='What triage said of a ticket, once for each new word of the customer.'
    )

    op.create_table('actions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False, comment="Idempotency key; also the marker in the ticket audit's metadata"),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='automations.actions.plan.Kind'),
    sa.Column('changes', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='automations.actions.plan.Changes'),
    sa.Column('state', sa.String(length=16), nullable=False, comment='automations.actions.plan.State'),
    sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False, comment='Not to be tried before'),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.String(length=200), nullable=True, comment='Why it was skipped or failed; never ticket text'),
    sa.Column('audit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Zendesk audit in which the effect stands'),
    sa.CheckConstraint("state IN ('planned', 'sending', 'done', 'skipped', 'observed', 'dead')", name=op.f('ck_actions_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_actions')),
    sa.UniqueConstraint('key', name=op.f('uq_actions_key')),
    comment='Effects on Zendesk: planned in the transaction that decided, carried out once.'
    )
    with op.batch_alter_table('actions', schema=None) as batch_op:
        batch_op.create_index('ix_actions_open', ['due_at'], unique=False, sqlite_where=sa.text("state IN ('planned', 'sending')"), postgresql_where=sa.text("state IN ('planned', 'sending')"))
        batch_op.create_index('ix_actions_ticket_id_id', ['ticket_id', 'id'], unique=False)

    op.create_table('escalations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('queue', sa.String(length=8), nullable=False, comment='Code of the department: SEC, CMP …'),
    sa.Column('group_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Its group in Zendesk; empty while unknown'),
    sa.Column('family', sa.String(length=1), nullable=False, comment='Family of the taxonomy, A to K'),
    sa.Column('reason', sa.String(length=8), nullable=True, comment='Reason of the taxonomy, A1 …; empty: family only'),
    sa.Column('severity', sa.String(length=2), nullable=False, comment='S1 (worst) to S4'),
    sa.Column('state', sa.String(length=16), nullable=False, comment='open, answered or withdrawn'),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False, comment='The department answers before this'),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Zendesk user; empty: answered by hand, unnamed'),
    sa.Column('answer_kind', sa.String(length=16), nullable=True, comment='comment (seen on the ticket) or manual'),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True, comment='The ticket ended without an answer'),
    sa.CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name=op.f('ck_escalations_answer_has_time')),
    sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f('ck_escalations_end_has_time')),
    sa.CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name=op.f('ck_escalations_known_state')),
    sa.CheckConstraint('due_at >= opened_at', name=op.f('ck_escalations_due_after_opening')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalations')),
    comment='One row per department asked about a ticket; open until the department answers.'
    )
    with op.batch_alter_table('escalations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_escalations_state_due_at'), ['state', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_escalations_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_index('uq_escalations_open_ticket_id_queue', ['ticket_id', 'queue'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('sla_clocks',
    sa.Column('ticket_id', sa.BigInteger(), autoincrement=False, nullable=False, comment='tickets.id'),
    sa.Column('metric', sa.Text(), nullable=False, comment='first_reply_time, requester_wait_time ...'),
    sa.Column('instance', sa.Integer(), autoincrement=False, nullable=False, comment='counts from 1 within ticket and metric'),
    sa.Column('policy_id', sa.Text(), nullable=True, comment='sla_policies.id as text (group policies have text ids)'),
    sa.Column('policy_title', sa.Text(), nullable=True),
    sa.Column('priority', sa.Text(), nullable=True, comment='the priority whose target counts'),
    sa.Column('target_seconds', sa.BigInteger(), nullable=True, comment='empty: no target applies'),
    sa.Column('business_hours', sa.Boolean(), nullable=False, comment='unit of target and elapsed time'),
    sa.Column('schedule_id', sa.BigInteger(), nullable=True, comment='schedules.id when business hours count'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False, comment='UTC'),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; the breach once breached; empty while paused'),
    sa.Column('fulfilled_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty again after a reopening'),
    sa.Column('breach_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('breached', sa.Boolean(), nullable=False),
    sa.Column('elapsed_seconds', sa.BigInteger(), nullable=False, comment='as of computed_at'),
    sa.Column('remaining_seconds', sa.BigInteger(), nullable=True, comment='as of computed_at; negative: overdue'),
    sa.Column('state', sa.Text(), nullable=False, comment='active, paused or achieved (finished)'),
    sa.Column('explanation', sa.Text(), nullable=False, comment='one sentence for people'),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False, comment='UTC'),
    sa.PrimaryKeyConstraint('ticket_id', 'metric', 'instance', name=op.f('pk_sla_clocks')),
    comment='One row per clock of a ticket; achieved/(achieved+breached) is the attainment.'
    )
    with op.batch_alter_table('sla_clocks', schema=None) as batch_op:
        batch_op.create_index('ix_sla_clocks_metric_priority', ['metric', 'priority'], unique=False)
        batch_op.create_index('ix_sla_clocks_state_due_at', ['state', 'due_at'], unique=False)


def downgrade() -> None:
    """Drop them; their indexes go with them."""
    op.drop_table("sla_clocks")
    op.drop_table("escalations")
    op.drop_table("actions")
    op.drop_table("assessments")
    op.drop_table("ticket_leases")
    op.drop_table("deliveries")
