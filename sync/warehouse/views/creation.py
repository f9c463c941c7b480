"""Makes the views anew with every upgrade, so they need no migration."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, MetaData, event, inspect, literal
from sqlalchemy.exc import DBAPIError

from integrations.runtime.database import metadata
from integrations.runtime.errors import ConfigError
from sync.warehouse.views.clocks import CLOCK_VIEWS
from sync.warehouse.views.days import DAY_VIEWS
from sync.warehouse.views.deadlines import DEADLINE_VIEWS
from sync.warehouse.views.differences import DIFFERENCE_VIEWS
from sync.warehouse.views.fields import FIELD_VIEWS
from sync.warehouse.views.kpis import KPI_VIEWS
from sync.warehouse.views.merges import MERGE_VIEWS
from sync.warehouse.views.outcomes import OUTCOME_VIEWS
from sync.warehouse.views.pauses import PAUSE_VIEWS
from sync.warehouse.views.runs import RUN_VIEWS
from sync.warehouse.views.times import TIME_VIEWS
from sync.warehouse.views.view import View
from sync.warehouse.views.work import WORK_VIEWS

OTHERS_DEPEND = "2BP01"  # SQLSTATE: dependent objects still exist

VIEWS: Mapping[str, View] = {
    view.name: view
    for view in (
        *(*WORK_VIEWS, *FIELD_VIEWS, *TIME_VIEWS, *DAY_VIEWS, *CLOCK_VIEWS),
        *(*MERGE_VIEWS, *PAUSE_VIEWS, *RUN_VIEWS, *OUTCOME_VIEWS, *KPI_VIEWS, *DEADLINE_VIEWS),
        *DIFFERENCE_VIEWS,
    )
}


def create_views(connection: Connection) -> None:
    """Replace all views by those of this version."""
    drop_views(connection)
    for name, view in VIEWS.items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {view.sql(connection.dialect)}")


def drop_views(connection: Connection) -> None:
    """Remove all views, so that a migration may change what they read.

    What is a view now may still be a table of an older version: that one is left to migrations.
    Raises ConfigError when a view of somebody else reads one; it is not ours to drop.
    """
    existing = set(inspect(connection).get_view_names())
    try:
        for name in (each for each in VIEWS if each in existing):
            connection.exec_driver_sql(f"DROP VIEW {name}")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != OTHERS_DEPEND:
            raise
        raise ConfigError(
            f"Something of yours in the database reads the view {name}, so it cannot be renewed.",
            hint="drop your own views that read it, run the upgrade, then make them again.",
        ) from None


def explain_views(connection: Connection) -> None:
    """Let every program that lists PostgreSQL's views show what they and their columns mean."""
    if connection.dialect.name != "postgresql":
        return  # SQLite keeps no comments
    for view in VIEWS.values():
        told = {f"VIEW {view.name}": view.comment} | {
            f"COLUMN {view.name}.{one.name}": view.meaning(one.name) for one in view.columns
        }
        for thing, meaning in told.items():
            spelled = literal(meaning).compile(
                dialect=connection.dialect, compile_kwargs={"literal_binds": True}
            )
            connection.exec_driver_sql(f"COMMENT ON {thing} IS {spelled}")


@event.listens_for(metadata, "after_create")
def _after_create(_metadata: MetaData, connection: Connection, **_options: Any) -> None:
    create_views(connection)
