"""Brings a database to the newest schema; safe when several processes start at once."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import ConfigError, ServiceUnavailable
from integrations.zendesk.meeting_point import SCRATCH
from sync.warehouse.views.creation import create_views, drop_views, explain_views

LOCK = 7_476_001  # any number, as long as nobody else in the database locks the same


def is_migrated(name: str | None, kind: str, _parents: object) -> bool:
    """Tell whether a table is made by migrations; the Zendesk client makes its own scratch ones."""
    return kind != "table" or not (name or "").startswith(SCRATCH)


def upgrade(engine: Engine) -> None:
    """Apply every missing migration in one transaction: all of them or none.

    A second process waits for the first and then finds nothing to do.
    """
    try:
        with transaction(engine) as connection:
            if connection.dialect.name == "postgresql":  # SQLite locks when a transaction begins
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            drop_views(connection)
            command.upgrade(_config(connection), "head")
            create_views(connection)
            explain_views(connection)
    except OperationalError as error:
        raise _unreachable(engine, error) from None


def current(engine: Engine) -> str | None:
    """Return the revision of a database, None when it was never migrated."""
    try:
        with reading(engine) as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except OperationalError as error:
        raise _unreachable(engine, error) from None


def newest() -> str | None:
    """Return the revision that this version of riskdesk needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def require_newest(engine: Engine) -> None:
    """Raise ConfigError when the database was not migrated to this version of riskdesk."""
    found, needed = current(engine), newest()
    if found != needed:
        raise ConfigError(
            f"The database is at schema {found or 'none'}, this version needs {needed or 'none'}.",
            hint="run `riskdesk db upgrade`.",
        )


def write_revision(engine: Engine, message: str) -> None:
    """Write a new migration: the difference between the database and the known tables."""
    with transaction(engine) as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection | None = None) -> Config:
    """Configure Alembic without a file: the scripts are found where the package is installed."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "sync:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _unreachable(engine: Engine, error: OperationalError) -> ServiceUnavailable:
    where = engine.url.render_as_string(hide_password=True)
    return ServiceUnavailable(
        f"The database {where} cannot be used: {str(error.orig).strip().splitlines()[0]}.",
        hint="check RISKDESK_DATABASE_URL and that the server runs.",
    )
