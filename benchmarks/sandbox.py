"""How big and how quick the sandbox is: start, memory, exports, lists and writes over real HTTP.

A fresh process serves the tickets; a plain `requests` client in this process reads the bytes of
every answer. Run it with `python benchmarks/sandbox.py`, or with `--tickets 100000` to see the
size for which the project sets itself limits.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from urllib.parse import urlencode

import requests

PLENTY = 1_000_000_000
RUNS = 5
PAGES_A_RUN = 10
WRITES = 300
SERVING = f"""
import sys
from datetime import timedelta
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import serve

config = SandboxConfig(
    tickets=int(sys.argv[1]), rpm={PLENTY}, rpm_incremental={PLENTY}, endpoint_limits=False,
    export_lag=timedelta(0),
)
serve(config, port=0, on_ready=lambda url: print(url, flush=True))
"""
EXPORTS = (
    ("tickets by cursor", "incremental/tickets/cursor", {}),
    ("  with metric sets", "incremental/tickets/cursor", {"include": "metric_sets"}),
    ("  with users", "incremental/tickets/cursor", {"include": "users"}),
    ("tickets by time", "incremental/tickets", {}),
    ("ticket events", "incremental/ticket_events", {}),
    ("  with comments", "incremental/ticket_events", {"include": "comment_events"}),
    ("metric events by time", "incremental/ticket_metric_events", {}),
    ("users by cursor", "incremental/users/cursor", {}),
)
LISTS = (
    ("tickets, cursor", "tickets", {"page[size]": 100}),
    ("tickets, newest change first", "tickets", {"page[size]": 100, "sort": "-updated_at"}),
    ("tickets, by number", "tickets", {"per_page": 100, "page": 100}),
    ("tickets, count", "tickets/count", {}),
    ("tags", "tags", {"page[size]": 100}),
    ("users, cursor", "users", {"page[size]": 100}),
    ("search by field", "search", {"query": "type:ticket status:open"}),
    ("search by word", "search", {"query": "type:ticket withdrawal"}),
)


class Client:
    """Reads the bytes of answers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["Authorization"] = "Bearer sandbox"

    def read(self, path: str) -> bytes:
        """Return the body of a successful answer."""
        url = path if path.startswith("http") else f"{self.url}/api/v2/{path}"
        answer = self.session.get(url, timeout=120)
        answer.raise_for_status()
        return answer.content

    def pages(self, path: str) -> Iterator[tuple[bytes, float]]:
        """Yield the pages of an export, and how long each took until its bytes were here."""
        while True:
            started = time.perf_counter()
            body = self.read(path)
            yield body, time.perf_counter() - started
            page = json.loads(body)
            path = page.get("after_url") or page.get("next_page")
            if page["end_of_stream"] or not path:
                return

    def write(self, method: str, path: str, ticket: dict[str, object]) -> int:
        """Send a ticket and return its number."""
        url = f"{self.url}/api/v2/{path}"
        answer = self.session.request(method, url, json={"ticket": ticket}, timeout=120)
        answer.raise_for_status()
        number: int = answer.json()["ticket"]["id"]
        return number


@contextmanager
def served(tickets: int) -> Iterator[tuple[Client, int, float]]:
    """Serve a sandbox in a fresh process; give a client, the process id and the start time."""
    started = time.perf_counter()
    command = [sys.executable, "-c", SERVING, str(tickets)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            url = process.stdout.readline().strip()
            yield Client(url), process.pid, time.perf_counter() - started
        finally:
            process.terminate()


def memory_mb(process_id: int) -> float:
    """Return how much memory a process holds."""
    shown = subprocess.run(  # noqa: S603
        ["ps", "-o", "rss=", "-p", str(process_id)],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    return int(shown.stdout) / 1024


def pages_a_second(client: Client, path: str) -> tuple[float, int]:
    """Return the pages a second in the middle of several runs, and the bytes of a usual page."""
    rates, sizes = [], []
    pages = client.pages(path)
    for _ in range(RUNS):
        run = list(islice(pages, PAGES_A_RUN))
        sizes += [len(body) for body, _ in run]
        if len(run) > PAGES_A_RUN / 2:
            rates.append(len(run) / sum(seconds for _, seconds in run))
    return statistics.median(rates), int(statistics.median(sizes))


def calls_a_second(call: Callable[[int], object], calls: int) -> float:
    """Return the calls a second in the middle of several runs."""
    rates = []
    for run in range(RUNS):
        started = time.perf_counter()
        for number in range(calls):
            call(run * calls + number)
        rates.append(calls / (time.perf_counter() - started))
    return statistics.median(rates)


def show_exports(client: Client) -> None:
    """Print how fast each export is."""
    print(f"\n{'export, 1,000 a page':<30}{'pages/s':>9}{'kB a page':>11}")
    for name, path, query in EXPORTS:
        asked = urlencode({"start_time": 0, "per_page": 1000} | query)
        rate, size = pages_a_second(client, f"{path}?{asked}")
        print(f"{name:<30}{rate:>9.1f}{size / 1000:>11,.0f}")


def show_lists(client: Client) -> None:
    """Print how fast lists and searches are; the first search reads what there is."""
    print(f"\n{'list':<30}{'calls/s':>9}{'first, ms':>11}")
    for name, path, query in LISTS:
        asked = f"{path}?{urlencode(query)}"
        started = time.perf_counter()
        client.read(asked)
        first = time.perf_counter() - started
        rate = calls_a_second(lambda _, asked=asked: client.read(asked), 5)  # type: ignore[misc]
        print(f"{name:<30}{rate:>9.1f}{first * 1000:>11,.0f}")


def show_writes(client: Client, tickets: int) -> None:
    """Print how fast tickets are opened and changed."""
    new = {"subject": "Frozen", "comment": {"body": "Please help"}, "priority": "high"}
    numbers = [client.write("POST", "tickets", new) for _ in range(10)]
    creates = calls_a_second(lambda _: numbers.append(client.write("POST", "tickets", new)), WRITES)

    def update(number: int) -> None:
        said = {"comment": {"body": f"Note {number}", "public": False}, "additional_tags": ["seen"]}
        client.write("PUT", f"tickets/{numbers[number % len(numbers)]}", said)

    updates = calls_a_second(update, WRITES)
    print(f"\nbeside {tickets:,} tickets: {creates:,.0f} creates/s, {updates:,.0f} updates/s")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=20_000, help="how many to start with")
    tickets = parser.parse_args().tickets
    with served(tickets) as (client, process_id, seconds):
        memory = memory_mb(process_id)
        print(f"start with {tickets:,} tickets: {seconds:.1f} s, {memory:,.0f} MB")
        show_exports(client)
        for _, path, query in EXPORTS:
            for _ in client.pages(f"{path}?{urlencode({'start_time': 0} | query)}"):
                pass
        print(f"\nmemory after reading every export to its end: {memory_mb(process_id):,.0f} MB")
        show_lists(client)
        show_writes(client, tickets)
        print(f"memory at the end: {memory_mb(process_id):,.0f} MB")


if __name__ == "__main__":
    main()
