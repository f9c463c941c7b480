"""Models learnt from the desk's own tickets.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table('triage_models',
    sa.Column('version', sa.String(length=64), nullable=False, comment='Hash over the texts it learnt from'),
    sa.Column('content', sa.LargeBinary(), nullable=False, comment='The weights; cannot run code'),
    sa.Column('state', sa.String(length=16), nullable=False, comment='candidate, current or former'),
    sa.Column('texts', sa.Integer(), nullable=False, comment='Tickets of the desk that it learnt from'),
    sa.Column('verdict', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, comment='How it did on tickets that were held out'),
    sa.Column('trained_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('promoted_at', sa.DateTime(timezone=True), nullable=True, comment='When it last became the current one'),
    sa.CheckConstraint("state IN ('candidate', 'current', 'former')", name=op.f('ck_triage_models_state')),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_triage_models')),
    comment="Models learnt from the desk's own tickets; no current one: the shipped model works."
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table('triage_models')
