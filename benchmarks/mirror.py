"""What a ticket costs on its way from Zendesk into the warehouse, against a plain floor.

Both sides read the same pages (1,000 tickets of 3 kB with metric sets) over a real socket from a
server process of their own, in turn and in one run. The floor is requests, a typed decode by
msgspec, an upsert through COPY and a cursor in the same transaction: the columns of `tickets` and
`ticket_metrics` with their raw records, and nothing of what the mirror does beyond that.

    python benchmarks/mirror.py                                  # CPU, wall, requests
    python benchmarks/mirror.py --tickets 1000000 --memory       # memory, and how time grows

RISKDESK_TEST_POSTGRES_URL names the server; new schemas are made there and dropped.
"""

import argparse
import multiprocessing
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from mirror_floor import floor
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, create_engine, make_url, text

from integrations.runtime.clock import utc_now
from integrations.runtime.database import create_database_engine, metadata
from integrations.zendesk.auth import FixedLogin
from integrations.zendesk.budgets import limits
from integrations.zendesk.session import ZendeskSession
from sync.mirror.engine import run
from sync.sources.exports import ZendeskExports
from sync.streams.registry import BY_NAME

POSTGRES = os.environ.get("RISKDESK_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
EVENTS_PATH = "/api/v2/incremental/ticket_events.json"
PAGE = 1_000
PLENTY = 10_000_000
START = 1_735_689_600  # 2025-01-01
EVENT_SECOND = 10  # pages of events are so many seconds apart
BODY = "我的提现已经等待两天了, please look at order {n}.\\n" * 15

TICKET = (
    '{"id":%(n)d,"url":"https://acme.zendesk.com/api/v2/tickets/%(n)d.json","external_id":null,'
    '"via":{"channel":"email","source":{"from":{"address":"c@example.com","name":"C"},'
    '"to":{"address":"help@example.com","name":"Help"},"rel":null}},'
    '"created_at":"2025-01-02T10:12:07Z","updated_at":"2025-01-08T10:12:07Z","type":"incident",'
    '"subject":"Withdrawal %(n)d is stuck","raw_subject":"Withdrawal %(n)d is stuck",'
    '"description":"' + BODY.replace("{n}", "%(n)d") + '","priority":"high","status":"open",'
    '"recipient":"help@example.com","requester_id":9%(n)d,"submitter_id":9%(n)d,"assignee_id":77,'
    '"organization_id":null,"group_id":501,"collaborator_ids":[],"follower_ids":[],'
    '"email_cc_ids":[],"forum_topic_id":null,"problem_id":null,"has_incidents":false,'
    '"is_public":true,"due_at":null,"tags":["vip","withdrawal","risk_f1"],'
    '"custom_fields":[' + ",".join(
        f'{{"id":3600{i:02d},"value":{chr(34) + "risk_" + str(i) + chr(34) if i < 5 else "null"}}}'
        for i in range(20)
    ) + '],"satisfaction_rating":{"score":"unoffered"},"sharing_agreement_ids":[],"fields":[],'
    '"followup_ids":[],"ticket_form_id":9,"brand_id":8,"allow_channelback":false,'
    '"allow_attachments":true,"from_messaging_channel":false,"custom_status_id":4,'
    '"generated_timestamp":%(clock)d}'
)  # fmt: skip
BOTH = '{"calendar":120,"business":60}'
METRICS = (
    '{"url":"https://acme.zendesk.com/api/v2/ticket_metrics/8%(n)d.json","id":8%(n)d,'
    '"ticket_id":%(n)d,"created_at":"2025-01-02T10:12:07Z","updated_at":"2025-01-08T10:12:07Z",'
    '"group_stations":1,"assignee_stations":1,"reopens":0,"replies":3,'
    '"assignee_updated_at":null,"requester_updated_at":"2025-01-08T10:12:07Z",'
    '"status_updated_at":"2025-01-08T10:12:07Z","initially_assigned_at":"2025-01-03T10:12:07Z",'
    '"assigned_at":"2025-01-03T10:12:07Z","solved_at":null,'
    '"latest_comment_added_at":"2025-01-08T10:12:07Z",'
    + ",".join(
        f'"{name}_in_minutes":{BOTH}'
        for name in (
            *("reply_time", "first_resolution_time", "full_resolution_time", "agent_wait_time"),
            *("requester_wait_time", "on_hold_time"),
        )
    )
    + "}"
)
EVENT = (
    '{"id":7%(n)d,"ticket_id":%(n)d,"timestamp":%(clock)d,"created_at":"2025-01-02T10:12:07Z",'
    '"updater_id":77,"via":"Web form","system":{"client":"x"},"metadata":{},"event_type":"Audit",'
    '"child_events":[{"id":71%(n)d,"event_type":"Comment","type":"Comment","public":true,'
    '"body":"Hello %(n)d","html_body":"<p>Hello</p>","author_id":77,"attachments":[]},'
    '{"id":72%(n)d,"event_type":"Change","status":"open","previous_value":"new"}]}'
)


class Handler(BaseHTTPRequestHandler):
    """Answers exports of an account with `tickets` tickets; pages are made when asked for."""

    protocol_version = "HTTP/1.1"
    tickets = 0

    def do_GET(self) -> None:
        """Answer with the page that the query names."""
        parts = urlsplit(self.path)
        query = {key: value[0] for key, value in parse_qs(parts.query).items()}
        if parts.path.endswith("/count.json"):
            body = f'{{"count":{{"value":{self.tickets}}}}}'.encode()
        else:
            body = (self._events if parts.path == EVENTS_PATH else self._tickets)(query).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _tickets(self, query: dict[str, str]) -> str:
        # What is asked for from the present on is nothing: all tickets are of the past.
        is_past = int(query.get("start_time", "0")) <= START + self.tickets
        number = int(query.get("cursor", "0" if is_past else str(self.tickets)))
        records = self._records(number)
        end = str((number + 1) * PAGE >= self.tickets).lower()
        listed, metrics = (",".join(map(each.__mod__, records)) for each in (TICKET, METRICS))
        return (
            f'{{"tickets":[{listed}],"metric_sets":[{metrics}],"count":{PAGE},'
            f'"after_cursor":"{number + 1}","end_of_stream":{end}}}'
        )

    def _events(self, query: dict[str, str]) -> str:
        number = max(int(query.get("start_time", "0")) - START, 0) // EVENT_SECOND
        end = (number + 1) * PAGE >= self.tickets
        listed = ",".join(map(EVENT.__mod__, self._records(number)))
        until = START + (number + 1) * EVENT_SECOND
        return (
            f'{{"ticket_events":[{listed}],"count":{PAGE},"end_time":{until},'
            f'"next_page":"x","end_of_stream":{str(end).lower()}}}'
        )

    def _records(self, page: int) -> list[dict[str, int]]:
        last = min((page + 1) * PAGE, self.tickets)
        return [{"n": n, "clock": START + n} for n in range(page * PAGE + 1, last + 1)]

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(tickets: int, pipe: Pipe) -> None:
    """Serve until the process is ended; the port goes through the pipe."""
    Handler.tickets = tickets
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pipe.send(server.server_address[1])
    server.serve_forever()


@contextmanager
def served(tickets: int) -> Iterator[str]:
    """Run the server in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(tickets, there))
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()


def connect(url: str) -> ZendeskSession:
    """Open the real session, with budgets that never make it wait."""
    plenty = limits(requests=PLENTY, exports=PLENTY, ticket_updates=PLENTY)
    return ZendeskSession(url, FixedLogin("Bearer x"), budgets=plenty)


def mirror(url: str, engine: Engine, stream: str = "tickets") -> int:
    """Copy a stream with the real engine; return how many requests it took."""
    session, asked = connect(url), 0

    def count(_response: requests.Response, **_: Any) -> None:
        nonlocal asked
        asked += 1

    session.hooks["response"].append(count)
    (result,) = run(engine, ZendeskExports(session), [BY_NAME[stream]], now=utc_now())
    if result.error:
        raise SystemExit(result.error)
    return asked


@contextmanager
def postgres() -> Iterator[Engine]:
    """Make a schema of its own and drop it."""
    base = make_url(POSTGRES).set(drivername="postgresql+psycopg")
    schema = f"benchmark_{os.getpid()}_{time.monotonic_ns()}"
    admin = create_engine(base)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = base.update_query_dict({"options": f"-csearch_path={schema}"})
    engine = create_database_engine(url.render_as_string(hide_password=False))
    try:
        metadata.create_all(engine)
        yield engine
    finally:
        engine.dispose()
        with admin.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        admin.dispose()


@contextmanager
def sqlite() -> Iterator[Engine]:
    """Make a new file."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_database_engine(f"sqlite:///{Path(folder) / 'warehouse.db'}")
        metadata.create_all(engine)
        yield engine
        engine.dispose()


@dataclass(frozen=True)
class Cost:
    """What one copy of all tickets took: seconds of this process, and seconds."""

    cpu: float
    wall: float


def measured(work: Callable[[], object]) -> Cost:
    """Run once and measure."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Cost(time.process_time() - cpu, time.perf_counter() - wall)


def compare(tickets: int, rounds: int) -> None:
    """Print the table: floor and mirror in turn, SQLite, and the requests."""
    sides = {"floor, PostgreSQL": (floor, postgres), "mirror, PostgreSQL": (mirror, postgres)}
    sides["mirror, SQLite"] = (mirror, sqlite)
    taken: dict[str, list[Cost]] = {name: [] for name in sides}
    with served(tickets) as url:
        for number in range(rounds + 1):
            for name, (side, database) in sides.items():
                with database() as engine:
                    cost = measured(lambda side=side, engine=engine: side(url, engine))  # type: ignore[misc]
                if number or rounds == 1:  # the first round warms up
                    taken[name].append(cost)
        with postgres() as engine:
            asked = {name: mirror(url, engine, name) for name in ("tickets", "ticket_events")}
    table = Table("side", "CPU a ticket", "ratio", "wall a ticket", "tickets a second")
    table.title = f"{tickets:,} tickets of 3 kB with metrics; median of {rounds} rounds"
    base = [cost.cpu for cost in taken["floor, PostgreSQL"]]
    for name, costs in taken.items():
        ratio = statistics.median(each.cpu / plain for each, plain in zip(costs, base, strict=True))
        cpu, wall = (statistics.median(getattr(c, kind) for c in costs) for kind in ("cpu", "wall"))
        table.add_row(
            name,
            f"{cpu / tickets * 1e3:.4f} ms",
            f"{ratio:.2f}",
            f"{wall / tickets * 1e3:.3f} ms",
            f"{tickets / wall:,.0f}",
        )
    Console().print(table)
    for name, requests_made in asked.items():
        per = requests_made / tickets * PAGE
        print(f"{name}: {requests_made} requests, {per:.2f} for {PAGE:,} records")


def _copy_alone(url: str, database: str, pipe: Pipe) -> None:
    with {"postgres": postgres, "sqlite": sqlite}[database]() as engine:
        cost = measured(lambda: mirror(url, engine))
    pipe.send((cost.cpu, cost.wall, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def grow(tickets: int, database: str) -> None:
    """Print peak memory and time of a copy, for a tenth of the tickets and for all of them."""
    table = Table("tickets", "peak memory", "wall", "wall a ticket", "CPU a ticket")
    for size in (tickets // 10, tickets):
        with served(size) as url:
            here, there = multiprocessing.Pipe()
            process = multiprocessing.get_context("spawn").Process(
                target=_copy_alone, args=(url, database, there)
            )
            process.start()
            cpu, wall, peak = here.recv()
            process.join()
        per = [f"{seconds / size * 1e3:.3f} ms" for seconds in (wall, cpu)]
        table.add_row(f"{size:,}", f"{peak:.0f} MB", f"{wall:.0f} s", *per)
    Console().print(table)


def main() -> None:
    """Read what to measure, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tickets", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="peak memory, and growth of time")
    parser.add_argument("--database", choices=("postgres", "sqlite"), default="postgres")
    chosen = parser.parse_args()
    if chosen.memory:
        grow(chosen.tickets, chosen.database)
    else:
        compare(chosen.tickets, chosen.rounds)


if __name__ == "__main__":
    main()
