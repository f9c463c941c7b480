"""The triage that works now: the promoted model, or the shipped one while there is none."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from sqlalchemy import Engine

from automations.learning import repository
from automations.triage.assessment import Assessment
from automations.triage.context import NOTHING_KNOWN, Context
from automations.triage.linear.model import load_model
from automations.triage.service import Triage, load_triage
from integrations.runtime.database import reading
from integrations.runtime.errors import ConfigError

_FRESH_FOR = timedelta(minutes=5)  # so soon every process follows a promotion or a rollback

log = structlog.get_logger(__name__)


class CurrentTriage:
    """Assesses with the model that was promoted, and notices when another one was."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._fresh_until = datetime.min.replace(tzinfo=UTC)
        self._version: str | None = None
        self._triage: Triage | None = None

    def assess(self, subject: str, text: str, context: Context = NOTHING_KNOWN) -> Assessment:
        """Say what a complaint is, how bad, and why."""
        return self.look().assess(subject, text, context)

    def look(self) -> Triage:
        """Return the triage with the model that works now."""
        with self._lock:
            if self._triage is None or self._clock() >= self._fresh_until:
                self._triage = self._read()
                self._fresh_until = self._clock() + _FRESH_FOR
            return self._triage

    def _read(self) -> Triage:
        with reading(self._engine) as connection:
            version = repository.current_version(connection)
            if self._triage is not None and version == self._version:
                return self._triage
            content = repository.weights(connection, version) if version else b""
        self._version = version
        return self._loaded(version, content) if version else load_triage()

    def _loaded(self, version: str, content: bytes) -> Triage:
        """Load a learnt model; one of an older riskdesk gives way to the shipped one."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / version
            path.write_bytes(content)
            try:
                return Triage(load_model(path))
            except ConfigError:
                log.warning("learnt_model_unusable", version=version)
                return load_triage()
