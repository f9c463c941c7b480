"""Where the key of the placeholders' hashes comes from: the setting, or a file beside SQLite."""

import os
import secrets
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from sqlalchemy import Connection, Engine

from integrations.redaction.placeholders import RedactionKey, read_key
from integrations.redaction.redactor import Redactor
from integrations.runtime.database import REDACTION_KEY, create_database_engine
from integrations.runtime.errors import ConfigError
from integrations.runtime.settings import Settings

_SUFFIX: Final = "-redaction-key"
_IN_MEMORY: Final = frozenset({None, "", ":memory:"})


def open_database(settings: Settings) -> Engine:
    """Build the engine of the settings' database, with the key for what is stored through it."""
    key = settings.redaction_key.get_secret_value() if settings.redaction_key else None
    if key is not None:
        read_key(key)  # a key that cannot be used is told now, not with the first secret
    return create_database_engine(settings.database_url, redaction_key=key)


def redactor_of(bind: Engine | Connection) -> Redactor:
    """Return the redactor of a database: all that is stored in one has hashes of one key."""
    setting = bind.get_execution_options().get(REDACTION_KEY)
    path = bind.engine.url.database if bind.dialect.name == "sqlite" else None
    return _redactor(setting, None if path in _IN_MEMORY else path)


def key_file_of(engine: Engine) -> Path | None:
    """Return the file that keeps the key when no setting does; only SQLite has one."""
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    return None if path in _IN_MEMORY or path is None else Path(path + _SUFFIX)


@lru_cache(maxsize=64)
def _redactor(setting: str | None, path: str | None) -> Redactor:
    if setting is not None:
        key = read_key(setting)
        return Redactor(lambda: key)
    if path is None:
        return Redactor()  # many machines share the database and must say the same: kinds alone
    file = Path(path + _SUFFIX).absolute()

    @cache
    def kept() -> RedactionKey:
        return _kept_in(file)

    return Redactor(kept)


def _kept_in(file: Path) -> RedactionKey:
    """Return the key in a file that only this user reads; the first who asks makes it."""
    try:
        if not file.exists():
            with NamedTemporaryFile("w", dir=file.parent, prefix=file.name) as fresh:  # mode 0600
                fresh.write(secrets.token_hex(32))
                fresh.flush()
                with suppress(FileExistsError):  # another process was first: its key counts
                    os.link(fresh.name, file)
        return read_key(file.read_text("ascii"))
    except OSError as error:
        raise ConfigError(
            f"The redaction key in {file} cannot be read or made: {error.strerror}.",
            hint="set RISKDESK_REDACTION_KEY, or let this user write beside the database.",
        ) from None
