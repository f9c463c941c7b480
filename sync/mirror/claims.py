"""Keeps two processes from working on one lane; a process that dies lets go at once."""

import re
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, text

LOCK_SPACE = 7_476_003  # on PostgreSQL, of advisory locks; any number of ours


class Claims:
    """The lanes that a run works on; all are free again at its end, or when its process dies.

    PostgreSQL keeps them as advisory locks of one session, for all machines. With SQLite all
    processes are on one machine, and the operating system keeps them as locked files.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._exits = ExitStack()
        self._ours: set[str] = set()
        self._session: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._exits.close()

    def take(self, stream: str, lane: str) -> bool:
        """Claim a lane; False when another run has it."""
        name = f"{stream} {lane}"
        if name not in self._ours and self._take(name):
            self._ours.add(name)
        return name in self._ours

    def _take(self, name: str) -> bool:
        if self._engine.dialect.name == "postgresql":
            lock = text(
                "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || :name, :space))"
            )
            values = {"name": f" {name}", "space": LOCK_SPACE}
            return bool(self._open().scalar(lock, values))
        database = self._engine.url.database
        if not database or not Path(database).is_file():
            return True  # a database in memory has no other process
        folder = Path(f"{database}-lanes")
        folder.mkdir(exist_ok=True)
        lock_file = FileLock(folder / f"{re.sub(r'[^a-z0-9_.-]+', '-', name.lower())}.lock")
        try:
            self._exits.enter_context(lock_file.acquire(timeout=0))
        except Timeout:
            return False
        return True

    def _open(self) -> Connection:
        if self._session is None:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # Closing the session for good lets go of its locks, whatever happened.
            self._exits.callback(connection.close)
            self._exits.callback(connection.invalidate)
            self._session = connection
        return self._session
