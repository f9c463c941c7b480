"""The database as commands open it: known to be at this version's schema, closed at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from integrations.redaction.keys import open_database
from integrations.runtime.settings import load_settings
from sync.migrations.upgrade import require_newest


@contextmanager
def opened_database() -> Iterator[Engine]:
    """Give the settings' database; raises ConfigError when it needs `riskdesk db upgrade`."""
    engine = open_database(load_settings())
    try:
        require_newest(engine)
        yield engine
    finally:
        engine.dispose()
