"""The mirror on a running sandbox: copies, compares, and remembers what was asked of Zendesk."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from sqlalchemy import Engine, Table, func, select

from integrations.runtime.clock import format_instant
from integrations.runtime.database import metadata, reading
from integrations.zendesk.auth import FixedLogin
from integrations.zendesk.client import ZendeskClient
from sync.mirror import engine as mirror
from sync.mirror.follow_up import follow_up
from sync.mirror.schedule import Shift
from sync.sources.exports import ZendeskExports
from sync.streams.registry import BY_NAME, STREAMS
from sync.verification.check import check
from sync.verification.compare import Difference
from tests.support.mirror import established
from tests.support.sandbox import ADMIN, Desk, desk_on
from tests.support.zendesk import Clock, make_session

EVERYTHING = 1_000_000
START = datetime(2026, 3, 3, 9, tzinfo=UTC)  # a Tuesday morning
EXPORT_DELAY = timedelta(minutes=2)  # exports leave the newest minute out
Body = dict[str, Any]
# Changes the body of an answer on its way to the client, as another account would have sent it.
Tamper = Callable[["Asked", Body], Body | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that was answered."""

    path: str
    query: dict[str, str]
    status: int


@dataclass(slots=True)
class Copier:
    """One mirror of one account; waits cost it no time.

    It walks through every stream from its beginning in one lane unless `has_lanes`.
    """

    engine: Engine
    desk: Desk
    tamper: Tamper | None = None
    has_lanes: bool = False
    clock: Clock = field(default_factory=Clock)
    asked: list[Asked] = field(default_factory=list)
    client: ZendeskClient = field(init=False)

    def __post_init__(self) -> None:
        session = make_session(
            self.desk.sandbox.url,
            clock=self.clock,
            login=FixedLogin(ADMIN),
            requests_per_minute=EVERYTHING,
            export_requests_per_minute=EVERYTHING,
        )
        session.hooks["response"].append(self._note)
        self.client = ZendeskClient(session)

    def _note(self, response: requests.Response, **_options: Any) -> requests.Response:
        parts = urlsplit(str(response.request.url))
        path = parts.path.removeprefix("/api/v2/").removesuffix(".json")
        asked = Asked(path, dict(parse_qsl(parts.query)), response.status_code)
        self.asked.append(asked)
        if self.tamper and response.ok:
            changed = self.tamper(asked, response.json())
            if changed is not None:
                response._content = json.dumps(changed).encode()
        return response

    @property
    def now(self) -> datetime:
        """The time in the account."""
        return self.desk.sandbox.state.clock.now()

    @property
    def shift(self) -> Shift:
        """A run of the mirror that is told of waits and does not wait."""
        return Shift(timer=self.clock.monotonic, sleep=self.clock.sleep)

    def later(self, by: timedelta = EXPORT_DELAY) -> None:
        """Let time pass in the account; exports show what happened so long ago."""
        self.desk.set_clock(format_instant(self.now + by))

    def run(self, *names: str, **options: Any) -> dict[str, mirror.StreamResult]:
        """Bring these streams up to date, all when none is named; return how each ended.

        So much time passes before that exports show everything.
        """
        self.later()
        streams = [BY_NAME[name] for name in names] or STREAMS
        if not self.has_lanes:
            established(self.engine, *streams)
        source = ZendeskExports(self.client.session)
        options = {"shift": self.shift} | options
        results = mirror.run(self.engine, source, streams, now=self.now, **options)
        follow_up(self.engine, self.client, now=self.now)
        return {result.stream: result for result in results}

    def sync(self, *names: str) -> dict[str, mirror.StreamResult]:
        """Bring these streams up to date, which must go well."""
        results = self.run(*names)
        assert {name: each.error for name, each in results.items() if each.error} == {}
        return results

    def differences(self, *names: str) -> list[Difference]:
        """Return in what warehouse and account differ, read from the account without tampering."""
        streams = [BY_NAME[name] for name in names] or STREAMS
        tamper, self.tamper = self.tamper, None
        try:
            source = ZendeskExports(self.client.session)
            found = check(self.engine, self.client, source, streams=streams, full=True)
        finally:
            self.tamper = tamper
        assert found.failures == []
        return found.differences

    def requests(self) -> Counter[str]:
        """Return how often each path was asked since the last time, and count anew."""
        counts = Counter(each.path for each in self.asked)
        self.asked.clear()
        return counts

    def queries(self, path: str) -> list[dict[str, str]]:
        """Return what was asked of one path, in order."""
        return [each.query for each in self.asked if each.path == path]


@contextmanager
def copying(
    engine: Engine, *, tamper: Tamper | None = None, has_lanes: bool = False, **account: Any
) -> Iterator[Copier]:
    """Run a sandbox whose clock stands still between steps, and a mirror of it."""
    with desk_on(**{"seed": 5, "start": START} | account) as desk:
        copier = Copier(engine, desk, tamper, has_lanes)
        try:
            yield copier
        finally:
            copier.client.session.close()


def count(engine: Engine, table: Table, **wanted: Any) -> int:
    """Count the rows of a table that hold these values."""
    query = select(func.count()).select_from(table)
    for name, value in wanted.items():
        query = query.where(table.c[name].is_not_distinct_from(value))
    with reading(engine) as connection:
        return int(connection.scalar(query) or 0)


def ids(engine: Engine, table: Table) -> set[int]:
    """Return the ids of a table."""
    with reading(engine) as connection:
        return set(connection.scalars(select(table.c.id)))


def places_with(engine: Engine, words: str) -> list[str]:
    """Return where these words stand, in any column of any table, raw records included."""
    found = []
    with reading(engine) as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                found += [
                    f"{table.name}.{name}" for name, value in row.items() if words in _text(value)
                ]
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def import_tickets(desk: Desk, tickets: Iterable[dict[str, Any]]) -> list[int]:
    """Let tickets with a past of their own come into the account; return their ids."""
    waiting, made = list(tickets), []
    while waiting:
        batch, waiting = waiting[:100], waiting[100:]
        job = desk.post("imports/tickets/create_many", {"tickets": batch})["job_status"]
        done = desk.get(f"job_statuses/{job['id']}")["job_status"]
        made += [item["id"] for item in done["results"]]
    return made


def quiet_change(desk: Desk, number: int, **fields: Any) -> None:
    """Change a ticket as some of Zendesk's own updates do: exports tell, updated_at does not."""
    account = desk.sandbox.state
    case = account.tickets[number]
    case.record |= fields
    account.touch(case, account.clock.now())
