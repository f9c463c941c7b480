"""Views that answer everyday questions; made anew with every upgrade, so they need no migration."""

from typing import Any

from sqlalchemy import Connection, MetaData, event, text

from integrations.runtime.database import metadata

# One SQL for both databases. The newest name of a field and of its options is shown.
VIEWS: dict[str, str] = {
    "ticket_custom_fields": """
        SELECT v.ticket_id, v.field_id, f.title, f.type, v.position, v.value,
               o.name AS option
        FROM ticket_field_values v
        LEFT JOIN ticket_fields f ON f.id = v.field_id
        LEFT JOIN ticket_field_options o ON o.field_id = v.field_id AND o.value = v.value
    """,
}


def create_views(connection: Connection) -> None:
    """Replace all views by those of this version."""
    drop_views(connection)
    for name, query in VIEWS.items():
        connection.execute(text(f"CREATE VIEW {name} AS {query}"))


def drop_views(connection: Connection) -> None:
    """Remove all views, so that a migration may change what they read."""
    for name in reversed(VIEWS):
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))


@event.listens_for(metadata, "after_create")
def _after_create(_metadata: MetaData, connection: Connection, **_options: Any) -> None:
    create_views(connection)
