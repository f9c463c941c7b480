"""Run by Alembic: applies or writes migrations on the connection that `upgrade` handed over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON

from integrations.runtime.database import UtcDateTime, metadata
from sync.migrations.upgrade import is_migrated


def _render(kind: str, item: Any, _autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain SQLAlchemy, so that old migrations never need our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        return (
            "sa.JSON(none_as_null=True).with_variant("
            "postgresql.JSONB(none_as_null=True), 'postgresql')"
        )
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_item=_render,
    include_name=is_migrated,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite cannot alter most things in place
)
with context.begin_transaction():
    context.run_migrations()
