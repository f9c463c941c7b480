"""The present stays fresh while the past is copied, within Zendesk's real budgets.

Account, budgets and mirror share one clock that moves only when somebody waits or a request is
answered, so an hour takes seconds and every run is the same.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from sqlalchemy import Connection, Engine

from integrations.runtime.clock import format_instant
from integrations.runtime.database import transaction
from integrations.sandbox import app
from integrations.sandbox.routes import incremental
from integrations.zendesk.auth import FixedLogin
from integrations.zendesk.budgets import limits
from integrations.zendesk.ledger import OwnLedger
from integrations.zendesk.session import ZendeskSession
from sync.mirror import engine as mirror
from sync.mirror.lanes import open_range
from sync.sources.exports import ZendeskExports
from sync.sources.reserve import kept_for_live
from sync.streams.registry import BY_NAME, STREAMS
from sync.warehouse.tables.tickets import tickets
from tests.support.mirror import rows
from tests.support.sandbox import ADMIN, Desk, desk_on

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
LATE = timedelta(minutes=2)
TICK_S = 5.0
ANSWER_S = 1.0  # how long a request takes
CHANGE_EVERY_S = 7.0
WATCHED = [BY_NAME[name] for name in ("tickets", "ticket_events", "users")]


@dataclass
class World:
    """An account in which something changes every few seconds, and the clock of everybody."""

    desk: Desk
    elapsed: float = 0.0
    changed_until: float = 0.0
    opened: dict[int, datetime] = field(default_factory=dict)
    seen: dict[int, timedelta] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    exports: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.elapsed

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.elapsed)

    def sleep(self, seconds: float) -> None:
        until = self.elapsed + seconds
        while self.changed_until + CHANGE_EVERY_S <= until:
            self.changed_until += CHANGE_EVERY_S
            self.elapsed = max(self.elapsed, self.changed_until)
            self._tell_account()
            self.opened[self.desk.ticket()["id"]] = self.now
        self.elapsed = until
        self._tell_account()

    def _tell_account(self) -> None:
        self.desk.set_clock(format_instant(self.now))

    def session(self, ledger: OwnLedger) -> ZendeskSession:
        """Return a session of one machine; all machines share the ledger."""
        session = ZendeskSession(
            self.desk.sandbox.url,
            FixedLogin(ADMIN),
            budgets=limits(requests=400, exports=10, ticket_updates=100),
            ledger=ledger,
            sleep=self.sleep,
            monotonic=self.monotonic,
        )
        session.hooks["response"].append(self._note)
        return session

    def _note(self, response: requests.Response, **_options: Any) -> None:
        self.statuses.append(response.status_code)
        path = str(response.request.path_url)
        if "/incremental/" in path and "/users/" not in path:
            self.exports.append(self.elapsed)
        self.sleep(ANSWER_S)

    def on_page(self, _connection: Connection, stream: str, numbers: Collection[int]) -> None:
        if stream == "tickets":
            for number in set(numbers) & self.opened.keys():
                self.seen.setdefault(number, self.now - self.opened[number])


@contextmanager
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    holder: dict[str, World] = {}
    still = SimpleNamespace(monotonic=lambda: holder["it"].elapsed if holder else 0.0)
    monkeypatch.setattr(app, "time", still)
    monkeypatch.setattr(incremental, "BIGGEST_PAGE", 50)
    account = {"seed": 5, "start": START, "tickets": 400, "rpm": 700, "rpm_incremental": 10}
    with desk_on(**account) as desk:
        holder["it"] = World(desk)
        yield holder["it"]


def minute_with_most(moments: Sequence[float]) -> int:
    return max(sum(start <= moment < start + 60 for moment in moments) for start in moments)


@pytest.mark.slow
def test_present_is_two_minutes_late_at_most_while_machines_copy_the_past(
    any_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(monkeypatch) as there:
        ledger = OwnLedger(there.monotonic)
        leave = kept_for_live(STREAMS)
        with transaction(any_engine) as connection:
            names = [
                open_range(connection, each, START - timedelta(days=40), START - timedelta(days=9))
                for each in WATCHED
            ]
        sessions = [there.session(ledger), there.session(ledger)]
        desk, other = (ZendeskExports(each, leave=leave) for each in sessions)
        tick = mirror.Shift(
            only_due=True,
            length=timedelta(seconds=20),
            timer=there.monotonic,
            sleep=there.sleep,
        )
        apart = replace(tick, only_lane=names[0])
        while there.elapsed < 20 * 60:
            for source, shift in ((desk, tick), (other, apart)):
                results = mirror.run(
                    any_engine, source, WATCHED, now=there.now, on_page=there.on_page, shift=shift
                )
                assert [each.error for each in results if each.error] == []
            there.sleep(TICK_S)
        for each in sessions:
            each.close()

    old_enough = {n for n, at in there.opened.items() if there.now - at > LATE}
    past = [row for row in rows(any_engine, tickets) if row["id"] not in there.opened]
    assert len(old_enough) > 100
    assert old_enough <= set(there.seen)
    assert max(there.seen.values()) <= LATE
    assert len(past) > 300, "the past comes along meanwhile"
    assert set(there.statuses) <= {200, 201}, "nobody is refused"
    assert minute_with_most(there.exports) <= 10
