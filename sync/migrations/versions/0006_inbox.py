"""Events that were read keep no body in the inbox: it held customers' words and names.

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
    """Forget the bodies, and say in the table what is kept."""
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column(
            "body",
            existing_type=sa.Text(),
            existing_nullable=False,
            comment="As received; empty for an event that was read",
        )
    op.execute("UPDATE deliveries SET body = '' WHERE mark = 'event'")


def downgrade() -> None:
    """Leave the bodies empty: what is forgotten does not come back."""
