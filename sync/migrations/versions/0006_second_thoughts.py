"""The inbox forgets customers' words; deletions that one answer told of are confirmed.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget the bodies of events that were read, and make room for unconfirmed deletions."""
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column(
            "body",
            existing_type=sa.Text(),
            existing_nullable=False,
            comment="As received; empty for an event that was read",
        )
    op.execute("UPDATE deliveries SET body = '' WHERE mark = 'event'")
    op.create_table(
        "unconfirmed_deletions",
        sa.Column(
            "ticket_id",
            sa.BigInteger(),
            primary_key=True,
            autoincrement=False,
            comment="tickets.id",
        ),
        sa.Column(
            "noted_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="UTC; when Zendesk said it was gone",
        ),
        comment="One row per ticket that an answer called gone; gone when it was asked for again.",
    )


def downgrade() -> None:
    """Leave the bodies empty: what is forgotten does not come back."""
    op.drop_table("unconfirmed_deletions")
