"""Assessments keep the further reasons that a complaint has.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
COMMENT = "Further reasons, or families"


def upgrade() -> None:
    """Add the column; what was assessed before has none."""
    with op.batch_alter_table("assessments") as assessments:
        assessments.add_column(
            sa.Column("secondary", JSON, nullable=False, server_default="[]", comment=COMMENT)
        )
    with op.batch_alter_table("assessments") as assessments:
        assessments.alter_column(
            "secondary",
            existing_type=JSON,
            existing_nullable=False,
            existing_comment=COMMENT,
            server_default=None,
        )


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("assessments") as assessments:
        assessments.drop_column("secondary")
