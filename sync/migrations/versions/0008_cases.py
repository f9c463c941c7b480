"""Cases: what tickets name, and which belong together by it.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table('case_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.String(length=24), nullable=False),
    sa.Column('event', sa.String(length=16), nullable=False, comment='opened, joined, merged, left or closed'),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='The ticket by which it happened'),
    sa.Column('other_case_id', sa.String(length=24), nullable=True, comment='The case that was merged into this one'),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_events')),
    comment='How cases came to be what they are.'
    )
    with op.batch_alter_table('case_events', schema=None) as batch_op:
        batch_op.create_index('ix_case_events_case_id', ['case_id'], unique=False)

    op.create_table('case_indicators',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('relation', sa.String(length=16), nullable=False, comment='victim_of or controls'),
    sa.Column('kind', sa.String(length=16), nullable=False, comment='address, txid, phone, email, domain …'),
    sa.Column('value', sa.String(length=200), nullable=False, comment='As it stands on the chain or in the link; else a keyed hash'),
    sa.Column('tickets', sa.Integer(), nullable=False, comment='How many tickets name it'),
    sa.Column('is_supernode', sa.Boolean(), nullable=False, comment='So common that it links nobody'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_indicators')),
    sa.UniqueConstraint('relation', 'kind', 'value', name=op.f('uq_case_indicators_relation_kind_value')),
    comment='What tickets name: addresses, hashes of phones, mails and bank accounts, domains.'
    )
    with op.batch_alter_table('case_indicators', schema=None) as batch_op:
        batch_op.create_index('ix_case_indicators_kind_value', ['kind', 'value'], unique=False)

    op.create_table('cases',
    sa.Column('id', sa.String(length=24), nullable=False, comment='V- or C- and its lowest ticket'),
    sa.Column('relation', sa.String(length=16), nullable=False, comment='Why its tickets name the same'),
    sa.Column('lowest_ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('merged_into', sa.String(length=24), nullable=True, comment='The case that took its tickets over'),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True, comment='When its tickets went to others, or parted'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    comment="Tickets that belong together: V- of victims of the same, C- of one person's own."
    )
    op.create_table('case_mentions',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('indicator_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('requester_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='Whose ticket it is'),
    sa.ForeignKeyConstraint(['indicator_id'], ['case_indicators.id'], name=op.f('fk_case_mentions_indicator_id_case_indicators')),
    sa.PrimaryKeyConstraint('ticket_id', 'indicator_id', name=op.f('pk_case_mentions')),
    comment='Which ticket names what.'
    )
    with op.batch_alter_table('case_mentions', schema=None) as batch_op:
        batch_op.create_index('ix_case_mentions_indicator_id', ['indicator_id', 'ticket_id'], unique=False)

    op.create_table('case_tickets',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('relation', sa.String(length=16), nullable=False),
    sa.Column('case_id', sa.String(length=24), nullable=False),
    sa.Column('requester_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_tickets_case_id_cases')),
    sa.PrimaryKeyConstraint('ticket_id', 'relation', name=op.f('pk_case_tickets')),
    comment='Which ticket is in which case; at most one of each relation.'
    )
    with op.batch_alter_table('case_tickets', schema=None) as batch_op:
        batch_op.create_index('ix_case_tickets_case_id', ['case_id'], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table('case_tickets', schema=None) as batch_op:
        batch_op.drop_index('ix_case_tickets_case_id')

    op.drop_table('case_tickets')
    with op.batch_alter_table('case_mentions', schema=None) as batch_op:
        batch_op.drop_index('ix_case_mentions_indicator_id')

    op.drop_table('case_mentions')
    op.drop_table('cases')
    with op.batch_alter_table('case_indicators', schema=None) as batch_op:
        batch_op.drop_index('ix_case_indicators_kind_value')

    op.drop_table('case_indicators')
    with op.batch_alter_table('case_events', schema=None) as batch_op:
        batch_op.drop_index('ix_case_events_case_id')

    op.drop_table('case_events')