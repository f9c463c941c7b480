"""riskdesk commands in processes of their own that start within milliseconds, to be killed often.

A mother process imports riskdesk once and forks a child for each command. The children are real
processes running the real command line; only the imports are not repeated.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from integrations.runtime.settings import PREFIX
from riskdesk.commands import main as riskdesk_main
from tests.support.shared import ROOT

START_TIMEOUT_S = 60.0


class Mother:
    """The process that forks; what it forked ends with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.forks"],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, order: dict[str, Any]) -> Any:
        """Send an order and return what it came to."""
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def fork(self, *words: str, settings: Mapping[str, str], log: Path) -> "Fork":
        """Start `riskdesk …` in the folder of its log."""
        order = {"do": "fork", "words": words, "settings": dict(settings), "log": str(log)}
        return Fork(self, self.ask(order))

    def close(self) -> None:
        """End it, and with it whatever still runs."""
        with self._process as process:
            if process.stdin is not None:
                process.stdin.close()
            process.wait(START_TIMEOUT_S)


class Fork:
    """One command that runs, or has ended."""

    def __init__(self, mother: Mother, pid: int) -> None:
        self._mother = mother
        self._pid = pid
        self.status: int | None = None  # as Popen.returncode: negative when a signal ended it

    def is_running(self) -> bool:
        """Tell whether it has not ended by itself."""
        if self.status is None:
            self.status = self._mother.ask({"do": "look", "pid": self._pid})
        return self.status is None

    def kill(self) -> bool:
        """Kill it with SIGKILL; return whether it was running."""
        if self.is_running():
            self.status = self._mother.ask({"do": "kill", "pid": self._pid})
        return self.status == -signal.SIGKILL


@contextmanager
def forking() -> Iterator[Mother]:
    """Give a mother process."""
    mother = Mother()
    try:
        yield mother
    finally:
        mother.close()


def _fork(words: Sequence[str], settings: Mapping[str, str], log: str) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            _become(words, settings, log)
        finally:
            os._exit(70)  # nothing of the mother's may run on in the child
    return pid


def _become(words: Sequence[str], settings: Mapping[str, str], log: str) -> None:
    os.chdir(Path(log).parent)
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDWR), (2, os.O_RDWR)):
        name = os.devnull if number == 0 else log
        os.dup2(os.open(name, flags | os.O_APPEND | os.O_CREAT, 0o600), number)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update({PREFIX + name: value for name, value in settings.items()})
    sys.stdin = os.fdopen(0)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
    sys.argv = ["riskdesk", *words]
    code = 0
    try:
        riskdesk_main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _look(pid: int, *, flags: int = os.WNOHANG) -> int | None:
    ended, status = os.waitpid(pid, flags)
    return os.waitstatus_to_exitcode(status) if ended else None


def _serve() -> None:
    """Do what the parent asks on standard input until it closes it, or is gone."""
    gc.collect()
    gc.freeze()  # the children share the memory of what is imported
    running: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "fork":
            answer: int | None = _fork(order["words"], order["settings"], order["log"])
            running.add(answer or 0)
        else:
            pid = order["pid"]
            answer = _look(pid)
            if answer is None and order["do"] == "kill":
                os.kill(pid, signal.SIGKILL)
                answer = _look(pid, flags=0)
            if answer is not None:
                running.discard(pid)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for pid in running:
        os.kill(pid, signal.SIGKILL)


def _preload() -> None:
    """Import what the commands import when they are called."""
    import riskdesk.desk  # noqa: PLC0415
    import riskdesk.up  # noqa: F401, PLC0415


if __name__ == "__main__":
    _preload()
    _serve()
