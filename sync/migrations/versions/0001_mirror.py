"""Tables of the mirror: what Zendesk has."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql  # noqa: F401

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table('brands',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('subdomain', sa.Text(), nullable=True),
    sa.Column('brand_url', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=True),
    sa.Column('is_default', sa.Boolean(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_brands')),
    comment='One row per brand of the account.'
    )

    op.create_table('group_memberships',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False, comment='users.id'),
    sa.Column('group_id', sa.BigInteger(), nullable=False, comment='groups.id'),
    sa.Column('is_default', sa.Boolean(), nullable=True, comment="the agent's tickets start in this group"),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_memberships')),
    comment='One row per agent and group.'
    )
    with op.batch_alter_table('group_memberships', schema=None) as batch_op:
        batch_op.create_index('ix_group_memberships_group_id', ['group_id'], unique=False)
        batch_op.create_index('ix_group_memberships_user_id', ['user_id'], unique=False)

    op.create_table('groups',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('is_public', sa.Boolean(), nullable=True),
    sa.Column('is_default', sa.Boolean(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_groups')),
    comment='One row per agent group (department queue).'
    )

    op.create_table('macros',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=True),
    sa.Column('actions', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='list of {field, value}'),
    sa.Column('restriction', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=True, comment='who may use it; empty: everybody'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_macros')),
    comment='One row per macro in Zendesk.'
    )

    op.create_table('quarantined_records',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False, comment='sync.streams.registry.Stream.name'),
    sa.Column('record_id', sa.Text(), nullable=True, comment='its id in Zendesk, when it has one'),
    sa.Column('digest', sa.Text(), nullable=False, comment='SHA-256 of the record: the same one is kept once'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('error', sa.Text(), nullable=False, comment='why it could not be stored; without its content'),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; newest time it came'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantined_records')),
    sa.UniqueConstraint('stream', 'digest', name=op.f('uq_quarantined_records_stream_digest')),
    comment='One row per record that could not be read; the rest of its page was stored.'
    )

    op.create_table('schedule_holidays',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('schedule_id', sa.BigInteger(), nullable=False, comment='schedules.id'),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('start_date', sa.Date(), nullable=False, comment="first day, in the schedule's time zone"),
    sa.Column('end_date', sa.Date(), nullable=False, comment='last day, included'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schedule_holidays')),
    comment='One row per holiday of a schedule.'
    )
    with op.batch_alter_table('schedule_holidays', schema=None) as batch_op:
        batch_op.create_index('ix_schedule_holidays_schedule_id', ['schedule_id'], unique=False)

    op.create_table('schedules',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('time_zone', sa.Text(), nullable=False, comment='as Zendesk names it, not always IANA'),
    sa.Column('intervals', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='list of {start_time, end_time}: minutes since Sunday 00:00 local time'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schedules')),
    comment='One row per schedule of business hours.'
    )

    op.create_table('sla_policies',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=True, comment='the first policy whose filter fits is applied'),
    sa.Column('filter', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='{all: [...], any: [...]}'),
    sa.Column('policy_metrics', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='list of targets by priority and metric'),
    sa.Column('metric_settings', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=True, comment='when clocks start, as far as the account sets it'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sla_policies')),
    comment='One row per SLA policy.'
    )

    op.create_table('sync_cursors',
    sa.Column('stream', sa.Text(), nullable=False, comment='sync.streams.registry.Stream.name'),
    sa.Column('cursor', sa.Text(), nullable=True, comment='where the next run goes on, as Zendesk wrote it'),
    sa.Column('rows', sa.BigInteger(), nullable=False, comment='records stored since the first run'),
    sa.Column('pages', sa.BigInteger(), nullable=False, comment='pages stored since the first run'),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; when the newest page was stored'),
    sa.Column('caught_up_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; all that Zendesk exported until then is here'),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty when the newest run went well'),
    sa.Column('error', sa.Text(), nullable=True, comment='what went wrong in the newest run'),
    sa.PrimaryKeyConstraint('stream', name=op.f('pk_sync_cursors')),
    comment='One row per stream; written in the same transaction as the page it stands for.'
    )

    op.create_table('ticket_audits',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False, comment='tickets.id'),
    sa.Column('author_id', sa.BigInteger(), nullable=True, comment='users.id; -1 is Zendesk itself'),
    sa.Column('via_channel', sa.Text(), nullable=True, comment='web, email, api, rule ...'),
    sa.Column('custom_metadata', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='what an integration wrote; `riskdesk` marks our own changes'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='UTC'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_audits')),
    comment='One row per change of a ticket; events: ticket_comments, ticket_field_history.'
    )
    with op.batch_alter_table('ticket_audits', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_audits_ticket_id_created_at', ['ticket_id', 'created_at'], unique=False)

    op.create_table('ticket_comments',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False, comment='id of the audit event'),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False, comment='tickets.id'),
    sa.Column('audit_id', sa.BigInteger(), nullable=False, comment='ticket_audits.id'),
    sa.Column('author_id', sa.BigInteger(), nullable=True, comment='users.id'),
    sa.Column('public', sa.Boolean(), nullable=False, comment='false: internal note'),
    sa.Column('body', sa.Text(), nullable=False, comment='untrusted text'),
    sa.Column('html_body', sa.Text(), nullable=True, comment='untrusted HTML'),
    sa.Column('attachments', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment="list of Zendesk's attachment records"),
    sa.Column('via_channel', sa.Text(), nullable=True, comment='web, email, api ...'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='UTC'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_comments')),
    comment='One row per comment, public or internal.'
    )
    with op.batch_alter_table('ticket_comments', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_comments_author_id', ['author_id'], unique=False)
        batch_op.create_index('ix_ticket_comments_ticket_id_created_at', ['ticket_id', 'created_at'], unique=False)

    op.create_table('ticket_custom_fields',
    sa.Column('ticket_id', sa.BigInteger(), autoincrement=False, nullable=False, comment='tickets.id'),
    sa.Column('field_id', sa.BigInteger(), autoincrement=False, nullable=False, comment='ticket_fields.id'),
    sa.Column('value', sa.Text(), nullable=False, comment='text; lists, numbers and booleans as JSON text'),
    sa.PrimaryKeyConstraint('ticket_id', 'field_id', name=op.f('pk_ticket_custom_fields')),
    comment='One row per custom field of a ticket that has a value now.'
    )
    with op.batch_alter_table('ticket_custom_fields', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_custom_fields_field_id', ['field_id'], unique=False)

    op.create_table('ticket_field_history',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False, comment='id of the audit event'),
    sa.Column('field', sa.Text(), nullable=False, comment='status, group_id ...; custom fields by their id'),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False, comment='tickets.id'),
    sa.Column('audit_id', sa.BigInteger(), nullable=False, comment='ticket_audits.id'),
    sa.Column('value', sa.Text(), nullable=True, comment='text; lists, numbers and booleans as JSON text; empty: cleared'),
    sa.Column('previous_value', sa.Text(), nullable=True, comment='as value; empty also for the value at creation'),
    sa.Column('author_id', sa.BigInteger(), nullable=True, comment='users.id; -1 is Zendesk itself'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='UTC'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('event_id', 'field', name=op.f('pk_ticket_field_history')),
    comment="One row per value a ticket's field was given, from creation on."
    )
    with op.batch_alter_table('ticket_field_history', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_field_history_ticket_id_field', ['ticket_id', 'field', 'changed_at'], unique=False)

    op.create_table('ticket_fields',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False, comment='tagger, text, checkbox ... or a system field'),
    sa.Column('tag', sa.Text(), nullable=True, comment='checkboxes: tag that stands for a tick'),
    sa.Column('active', sa.Boolean(), nullable=True),
    sa.Column('required', sa.Boolean(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=True),
    sa.Column('custom_field_options', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=True, comment='drop-downs: list of {name, value}'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_fields')),
    comment='One row per ticket field, custom or built in.'
    )

    op.create_table('ticket_metrics',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False, comment='tickets.id'),
    sa.Column('reopens', sa.BigInteger(), nullable=True),
    sa.Column('replies', sa.BigInteger(), nullable=True, comment='public agent replies'),
    sa.Column('assignee_stations', sa.BigInteger(), nullable=True, comment='how many assignees it had'),
    sa.Column('group_stations', sa.BigInteger(), nullable=True, comment='how many groups it had'),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('initially_assigned_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('status_updated_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('latest_comment_added_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('solved_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('reply_time_minutes', sa.BigInteger(), nullable=True, comment="calendar minutes, Zendesk's own count"),
    sa.Column('reply_time_business_minutes', sa.BigInteger(), nullable=True, comment='business minutes'),
    sa.Column('first_resolution_minutes', sa.BigInteger(), nullable=True, comment='calendar minutes'),
    sa.Column('full_resolution_minutes', sa.BigInteger(), nullable=True, comment='calendar minutes'),
    sa.Column('requester_wait_minutes', sa.BigInteger(), nullable=True, comment='calendar minutes'),
    sa.Column('agent_wait_minutes', sa.BigInteger(), nullable=True, comment='calendar minutes'),
    sa.Column('on_hold_minutes', sa.BigInteger(), nullable=True, comment='calendar minutes'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False, comment='UTC'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_metrics')),
    comment="Zendesk's own summary figures, one row per ticket."
    )
    with op.batch_alter_table('ticket_metrics', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_metrics_ticket_id', ['ticket_id'], unique=False)

    op.create_table('ticket_tags',
    sa.Column('ticket_id', sa.BigInteger(), autoincrement=False, nullable=False, comment='tickets.id'),
    sa.Column('tag', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('ticket_id', 'tag', name=op.f('pk_ticket_tags')),
    comment='One row per tag a ticket bears now.'
    )
    with op.batch_alter_table('ticket_tags', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_tags_tag', ['tag'], unique=False)

    op.create_table('tickets',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False, comment='ticket number'),
    sa.Column('subject', sa.Text(), nullable=True, comment='untrusted text of the customer'),
    sa.Column('description', sa.Text(), nullable=True, comment='first comment; untrusted text of the customer'),
    sa.Column('status', sa.Text(), nullable=False, comment='new, open, pending, hold, solved, closed or deleted'),
    sa.Column('custom_status_id', sa.BigInteger(), nullable=True),
    sa.Column('priority', sa.Text(), nullable=True, comment='low, normal, high, urgent or empty'),
    sa.Column('type', sa.Text(), nullable=True, comment='problem, incident, question, task or empty'),
    sa.Column('requester_id', sa.BigInteger(), nullable=True, comment='users.id'),
    sa.Column('submitter_id', sa.BigInteger(), nullable=True, comment='users.id'),
    sa.Column('assignee_id', sa.BigInteger(), nullable=True, comment='users.id'),
    sa.Column('group_id', sa.BigInteger(), nullable=True, comment='groups.id'),
    sa.Column('organization_id', sa.BigInteger(), nullable=True),
    sa.Column('brand_id', sa.BigInteger(), nullable=True, comment='brands.id'),
    sa.Column('ticket_form_id', sa.BigInteger(), nullable=True),
    sa.Column('problem_id', sa.BigInteger(), nullable=True, comment='tickets.id of the problem this incident belongs to'),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('via_channel', sa.Text(), nullable=True, comment='web, email, api, chat ...'),
    sa.Column('recipient', sa.Text(), nullable=True, comment='address the first mail was sent to'),
    sa.Column('is_public', sa.Boolean(), nullable=True, comment='has a public comment'),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; tasks only'),
    sa.Column('tags', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='list of tags; one row each in ticket_tags'),
    sa.Column('custom_fields', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='list of {id, value}'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='UTC'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False, comment='UTC, whole seconds'),
    sa.Column('generated_timestamp', sa.BigInteger(), nullable=True, comment="Zendesk's change clock, epoch seconds; only exports tell it"),
    sa.Column('handled_version', sa.DateTime(timezone=True), nullable=True, comment='updated_at of the newest state the desk worked on; empty or older: to do'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tickets')),
    comment='One row per ticket, as it is now; deleted tickets stay with status deleted.'
    )
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.create_index('ix_tickets_group_id', ['group_id'], unique=False)
        batch_op.create_index('ix_tickets_requester_id', ['requester_id'], unique=False)
        batch_op.create_index('ix_tickets_status', ['status'], unique=False)
        batch_op.create_index('ix_tickets_updated_at', ['updated_at'], unique=False)

    op.create_table('users',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('role', sa.Text(), nullable=True, comment='end-user, agent or admin'),
    sa.Column('name', sa.Text(), nullable=True, comment='personal'),
    sa.Column('email', sa.Text(), nullable=True, comment='personal'),
    sa.Column('phone', sa.Text(), nullable=True, comment='personal'),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('organization_id', sa.BigInteger(), nullable=True),
    sa.Column('default_group_id', sa.BigInteger(), nullable=True, comment='groups.id'),
    sa.Column('custom_role_id', sa.BigInteger(), nullable=True),
    sa.Column('locale', sa.Text(), nullable=True),
    sa.Column('time_zone', sa.Text(), nullable=True, comment='as Zendesk names it'),
    sa.Column('active', sa.Boolean(), nullable=True, comment='false: deleted in Zendesk'),
    sa.Column('suspended', sa.Boolean(), nullable=True),
    sa.Column('tags', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='list of tags'),
    sa.Column('user_fields', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='custom fields by key'),
    sa.Column('last_login_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='UTC'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False, comment='UTC'),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True, comment='UTC; empty while Zendesk still has the record'),
    sa.Column('raw', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='the record as Zendesk sent it'),
    sa.Column('_synced_at', sa.DateTime(timezone=True), nullable=False, comment='UTC; when it was read'),
    sa.Column('_source', sa.Text(), nullable=False, comment='export, webhook, action or verify'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    comment='One row per person Zendesk knows: customers, agents, admins.'
    )
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.create_index('ix_users_email', ['email'], unique=False)
        batch_op.create_index('ix_users_role', ['role'], unique=False)


def downgrade() -> None:
    """Drop them; their indexes go with them."""
    op.drop_table("users")
    op.drop_table("tickets")
    op.drop_table("ticket_tags")
    op.drop_table("ticket_metrics")
    op.drop_table("ticket_fields")
    op.drop_table("ticket_field_history")
    op.drop_table("ticket_custom_fields")
    op.drop_table("ticket_comments")
    op.drop_table("ticket_audits")
    op.drop_table("sync_cursors")
    op.drop_table("sla_policies")
    op.drop_table("schedules")
    op.drop_table("schedule_holidays")
    op.drop_table("quarantined_records")
    op.drop_table("macros")
    op.drop_table("groups")
    op.drop_table("group_memberships")
    op.drop_table("brands")
