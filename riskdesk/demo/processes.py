"""The processes of a demo: started on free ports, watched, killed on request, never left behind."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import requests

from integrations.runtime.errors import ServiceUnavailable
from integrations.runtime.settings import PREFIX

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 15.0


def free_port() -> int:
    """Return a port on 127.0.0.1 that nobody listens on at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """One riskdesk process with settings of its own; the person's settings do not reach it."""

    def __init__(
        self, name: str, arguments: Sequence[str], settings: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        self._arguments = arguments
        self._folder = folder
        clean = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
        self._environment = {**clean, **{PREFIX + key: value for key, value in settings.items()}}
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Where the process writes what it has to say."""
        return self._folder / f"{self.name}.log"

    def start(self, is_ready: Callable[[], bool]) -> None:
        """Start and wait until ready; ServiceUnavailable with the process's own words if not."""
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(  # noqa: S603 - our own module, our own arguments
                [sys.executable, "-m", "riskdesk.demo.child", *self._arguments],
                cwd=self._folder,  # a person's .env is not read
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not is_ready():
            if self._running.poll() is not None or time.monotonic() > deadline:
                raise ServiceUnavailable(
                    f"The demo's {self.name} did not start: {self._last_words()}",
                    hint="run `riskdesk doctor`, then the demo again.",
                )
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would (kill -9)."""
        if self._running is not None:
            with self._running as running:  # waits for it and closes the pipe to it
                running.kill()

    def stop(self) -> None:
        """Ask it to end, and make sure that it does."""
        if self._running is None:
            return
        with self._running as running:
            running.terminate()
            try:
                running.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                running.kill()

    def _last_words(self) -> str:
        text = self.log.read_text("utf-8", "replace").strip()
        return " ".join(text.splitlines()[-3:]) or "it said nothing."


def answers(url: str) -> bool:
    """Tell whether something answers 200 there."""
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
