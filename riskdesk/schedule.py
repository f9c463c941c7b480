"""The embedded scheduler of `riskdesk up`: repeats sweep and sync in threads of their own."""

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog

from integrations.runtime.errors import RiskdeskError

log = structlog.get_logger(__name__)


class Repeater:
    """Calls a job again and again, with a pause in between, until it is stopped."""

    def __init__(self, name: str, job: Callable[[], object], *, pause: timedelta) -> None:
        self._name = name
        self._job = job
        self._pause_s = pause.total_seconds()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start; the first call comes at once."""
        self._thread.start()

    def stop(self) -> None:
        """Let the call at hand end, then stop."""
        self._stopped.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._job()
            except RiskdeskError as error:
                log.warning("scheduled_job_failed", job=self._name, error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the schedule outlives any one failure
                log.error("scheduled_job_broke", job=self._name, error=type(error).__name__)
            self._stopped.wait(self._pause_s)
