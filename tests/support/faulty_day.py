"""A whole day in which everything goes wrong, played against the real processes of the mirror."""

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import requests
from sqlalchemy import Engine, func, select

from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.database import reading
from integrations.webhooks.views import PATH
from riskdesk.demo.player import create_webhook
from riskdesk.demo.processes import answers, free_port
from riskdesk.demo.stage import EXPORTS_PER_MINUTE, REQUESTS_PER_MINUTE
from sync.migrations.upgrade import upgrade
from sync.warehouse.tables.cursors import sync_cursors
from tests.support.agents_day import Day
from tests.support.forks import Fork, Mother, forking
from tests.support.front_door import (
    Outcome,
    connection_settings,
    place,
    riskdesk,
    wait_until,
)
from tests.support.sandbox import ADMIN

LONGEST_COPY_S = 300.0  # turns of killed processes count for a minute more
SEED_VARIABLE = "RISKDESK_TEST_SEED"
HISTORY = 60  # tickets that are there in the morning
ACTS = 600
KILLS = 52
SYNC_KILLS, DESK_KILLS = 40, 12
UNHINDERED = 5  # every so many runs one may end by itself
LONGEST_RUN_S, LONGEST_SHIFT_S = 1.5, 6.0  # from a start to its kill
LONGEST_DAY_S = 400.0
START_TIMEOUT_S = 60.0
LATE = timedelta(minutes=20)  # metric events are late by up to 13, exports by one
FAULTS: dict[str, Any] = {
    "webhooks": {
        "lost": 0.1,
        "duplicated": 0.1,
        "delayed": 0.2,
        "delay_seconds": [0.05, 0.8],
        "reordered": 0.15,
    },
    "api": {
        "lost_answers": 0.01,
        "rules": [
            {"fault": "too_many_requests", "retry_after": "0.3", "rate": 0.01},
            {"fault": "too_many_requests", "retry_after": 1, "as_date": True, "rate": 0.005},
            {"fault": "too_many_requests", "retry_after": None, "rate": 0.01},
            {"fault": "server_error", "statuses": [500, 502], "rate": 0.015},
            {"fault": "server_error", "statuses": [503], "retry_after": "0.2", "rate": 0.01},
            {"fault": "server_error", "statuses": [502, 504], "body": "html", "rate": 0.01},
            {
                "fault": "server_error",
                "statuses": [504],
                "page_over": 50,
                "path": "incremental/*",
                "body": "empty",
                "rate": 0.15,
            },
            {"fault": "cut", "after": "half", "rate": 0.01},
            {"fault": "cut", "after": "headers", "rate": 0.005},
            {"fault": "cut", "after": "nothing", "rate": 0.01},
            {"fault": "timeout", "seconds": 0.4, "rate": 0.01},
            {"fault": "garbled", "body": "half_json", "rate": 0.01},
            {"fault": "garbled", "body": "html", "rate": 0.005},
            {"fault": "slow", "seconds": 0.2, "rate": 0.02},
            {"fault": "expired_token", "rate": 0.01},
        ],
    },
    "jobs": {"failed": 0.2, "killed": 0.2},
    "metric_events": {"late_metric_events": {"rate": 0.2, "minutes": 12}},
}
STRIKING = ("too_many_requests", "server_error", "cut", "timeout", "garbled", "slow")


@dataclass(slots=True)
class Tally:
    """What was done to the processes, and how they took it."""

    kills: Counter[str] = field(default_factory=Counter)
    interrupted: int = 0  # kills that hit a copy after it had stored a page
    ended: Counter[int] = field(default_factory=Counter)  # runs that were not hindered, by status


@dataclass(frozen=True, slots=True)
class Account:
    """The sandbox in its own process."""

    url: str

    def state(self) -> dict[str, Any]:
        """Return its own counts."""
        return dict(self._send("GET", "/sandbox/state"))

    def order(self, path: str, body: Mapping[str, Any]) -> None:
        """Tell it something that is no part of Zendesk."""
        self._send("PUT", path, body)

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        headers = {"Authorization": ADMIN}
        answer = requests.request(
            method, self.url + path, json=body, headers=headers, timeout=START_TIMEOUT_S
        )
        answer.raise_for_status()
        return answer.json()


@dataclass(slots=True)
class Scene:
    """Account, database and settings of one day."""

    account: Account
    engine: Engine
    settings: dict[str, str]
    folder: Path
    mother: Mother
    desk_url: str
    seed: int
    tally: Tally = field(default_factory=Tally)
    is_over: threading.Event = field(default_factory=threading.Event)

    def play(self) -> Day:
        """Play the day and return it; at its end the faults are off and time has passed."""
        day = Day(self.account.url, self.seed)
        self.account.order("/sandbox/faults", FAULTS)
        with ThreadPoolExecutor(2) as pool:
            killers = [
                pool.submit(self._keep_copying, Random(f"copy {self.seed}")),
                pool.submit(self._keep_working, Random(f"desk {self.seed}")),
            ]
            try:
                self._keep_acting(day, killers)
            finally:
                self.is_over.set()
        for killer in killers:
            killer.result()
        self.account.order("/sandbox/faults", {})
        day.ends()
        day.passes(LATE)
        return day

    def _keep_acting(self, day: Day, killers: Sequence[Future[None]]) -> None:
        """Let people work, no faster than the kills come, until there were enough of both."""
        ends = time.monotonic() + LONGEST_DAY_S
        while time.monotonic() < ends and not any(killer.done() for killer in killers):
            if day.acts.total() <= ACTS * self.progress:
                day.act()
            elif self.progress == 1:
                return
            time.sleep(0.02)

    @property
    def progress(self) -> float:
        """How far the day is, from 0 to 1: as far as its kills."""
        kills = self.tally.kills
        return min(kills["copy"] / SYNC_KILLS, kills["desk"] / DESK_KILLS, 1)

    def _keep_copying(self, chance: Random) -> None:
        """Run `riskdesk sync run` again and again; most runs are killed at some moment."""
        runs = 0
        while not self.is_over.is_set():
            runs += 1
            before = self._pages()
            copy = self._fork("copy", "sync", "run")
            if runs % UNHINDERED == 0:
                self._let_end(copy)
                continue
            self.is_over.wait(chance.uniform(0, LONGEST_RUN_S))
            if copy.kill():
                self.tally.kills["copy"] += 1
                self.tally.interrupted += self._pages() > before

    def _keep_working(self, chance: Random) -> None:
        """Run `riskdesk up` again and again, and kill it."""
        port = self.desk_url.rpartition(":")[2]
        while not self.is_over.is_set():
            desk = self._fork("desk", "up", "--port", port)
            ready = time.monotonic() + START_TIMEOUT_S
            while desk.is_running() and not answers(f"{self.desk_url}/healthz"):
                assert time.monotonic() < ready, "the desk did not start"
                time.sleep(0.05)
            self.is_over.wait(chance.uniform(0, LONGEST_SHIFT_S))
            self.tally.kills["desk"] += desk.kill()

    def _let_end(self, copy: Fork) -> None:
        ends = time.monotonic() + START_TIMEOUT_S
        while copy.is_running() and time.monotonic() < ends and not self.is_over.is_set():
            time.sleep(0.02)
        copy.kill()
        self.tally.ended[copy.status or 0] += 1

    def _fork(self, name: str, *words: str) -> Fork:
        return self.mother.fork(*words, settings=self.settings, log=self.folder / f"{name}.log")

    def _pages(self) -> int:
        with reading(self.engine) as connection:
            return int(connection.scalar(select(func.sum(sync_cursors.c.pages))) or 0)

    def riskdesk(self, *words: str) -> Outcome:
        """Run a command as a person would, to its end."""
        return riskdesk(
            *words, folder=self.folder, settings=self.settings, timeout_s=LONGEST_COPY_S
        )

    def last_words(self) -> str:
        """Return what the killed processes said last, for the report of a failed test."""
        return "\n".join(
            f"{log.name}: {log.read_text('utf-8', 'replace')[-1500:]}"
            for log in sorted(self.folder.glob("*.log"))
        )


def seed_of_the_day() -> int:
    """Return the seed that the environment asks for, or the usual one."""
    return int(os.environ.get(SEED_VARIABLE, "20260303"))


@contextmanager
def stage(database: str, folder: Path, seed: int) -> Iterator[Scene]:
    """Start an account and prepare a database; everything ends with the test."""
    with ExitStack() as stack:
        engine, own = stack.enter_context(place(database, "embedded", folder))
        upgrade(engine)
        mother = stack.enter_context(forking())
        url = _start_sandbox(mother, folder, seed)
        desk_url = f"http://127.0.0.1:{free_port()}"
        settings = connection_settings(
            url,
            **own,
            WEBHOOK_SECRETS=create_webhook(url, desk_url + PATH),
            SYNC_INTERVAL="1",
            LEASE_TIME="3",
            LOG_LEVEL="WARNING",
        )
        yield Scene(Account(url), engine, settings, folder, mother, desk_url, seed)


def _start_sandbox(mother: Mother, folder: Path, seed: int) -> str:
    port = free_port()
    yesterday = utc_now() - timedelta(hours=30)
    words = ["sandbox", "serve", "--port", str(port), "--seed", str(seed)]
    words += ["--tickets", str(HISTORY), "--start", format_instant(yesterday)]
    words += ["--rpm", str(REQUESTS_PER_MINUTE), "--rpm-incremental", str(EXPORTS_PER_MINUTE)]
    words += ["--no-endpoint-limits", "--job-seconds", "0.1"]
    url = f"http://127.0.0.1:{port}"
    sandbox = mother.fork(*words, settings={}, log=folder / "sandbox.log")
    wait_until(lambda: not sandbox.is_running() or answers(url), timeout_s=START_TIMEOUT_S)
    return url


def read_json(outcome: Outcome) -> dict[str, Any]:
    """Return what a command printed with --json."""
    assert outcome.stdout, outcome.stderr[-3000:]
    found: dict[str, Any] = json.loads(outcome.stdout)
    return found
