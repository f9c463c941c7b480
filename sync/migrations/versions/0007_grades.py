"""Assessments say what raised the severity, how complex a ticket is, and whether it is a complaint.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
COLUMNS = (
    ("severity_reasons", JSON, "[]", "Facts that raised it, with words"),
    ("complexity", sa.String(16), "normal", "simple, normal or complex"),
    ("complexity_reasons", JSON, "[]", "The points that made it so"),
    ("is_complaint", sa.Boolean(), sa.false(), "A complaint to a regulator"),
    ("complaint_words", JSON, "[]", "Empty: the matter alone decided"),
)


def upgrade() -> None:
    """Add the columns; what was assessed before has no reasons."""
    with op.batch_alter_table("assessments") as assessments:
        for name, kind, default, comment in COLUMNS:
            column = sa.Column(name, kind, nullable=False, server_default=default, comment=comment)
            assessments.add_column(column)
    with op.batch_alter_table("assessments") as assessments:
        for name, kind, _, comment in COLUMNS:
            assessments.alter_column(
                name,
                existing_type=kind,
                existing_nullable=False,
                existing_comment=comment,
                server_default=None,
            )


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("assessments") as assessments:
        for name, *_ in COLUMNS:
            assessments.drop_column(name)
