"""What a page of an export costs through the client, against plain requests and msgspec.

Both sides read the same pages of 1,000 tickets over a real socket from a server that answers with
bytes prepared before, in turn and in one run; both decode them to plain records. Run it with
`python benchmarks/client.py`.
"""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import requests

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import running_sandbox
from integrations.zendesk.auth import FixedLogin
from integrations.zendesk.budgets import limits
from integrations.zendesk.export import cursor_export
from integrations.zendesk.session import ZendeskSession

PATH = "/api/v2/incremental/tickets/cursor.json"
TICKETS = 1_000
PAGES = 20
ROUNDS = 15
PLENTY = 1_000_000


class Envelope(msgspec.Struct):
    """A page as the plain side decodes it: typed around the records."""

    tickets: list[dict[str, object]]
    after_cursor: str | None
    end_of_stream: bool


def make_page() -> dict[str, object]:
    """Take a page of 1,000 tickets from a sandbox with a history."""
    plenty = SandboxConfig(seed=3, tickets=TICKETS, rpm=PLENTY, rpm_incremental=PLENTY)
    with running_sandbox(plenty) as sandbox:
        answer = requests.get(
            f"{sandbox.url}{PATH}?start_time=0",
            headers={"Authorization": "Bearer sandbox"},
            timeout=60,
        )
        page: dict[str, object] = answer.json()
    return page


@contextmanager
def canned(page: dict[str, object]) -> Iterator[str]:
    """Serve the page over and over; the last of every PAGES ends the stream."""
    bodies = {
        number: msgspec.json.encode(
            page | {"after_cursor": f"{number + 1}", "end_of_stream": number == PAGES - 1}
        )
        for number in range(PAGES)
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer with the page that the cursor names."""
            cursor = self.path.partition("cursor=")[2].partition("&")[0]
            body = bodies[int(cursor or 0)]
            self.send_response(200)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def plainly(url: str, session: requests.Session) -> int:
    """Read all pages with requests and msgspec; return how many tickets came."""
    cursor, found = "0", 0
    while True:
        answer = session.get(url + PATH, params={"cursor": cursor}, timeout=60)
        answer.raise_for_status()
        page = msgspec.json.decode(answer.content, type=Envelope)
        found += len(page.tickets)
        cursor = page.after_cursor or cursor
        if page.end_of_stream:
            return found


def through_the_client(_url: str, session: ZendeskSession) -> int:
    """Read all pages with the client; return how many tickets came."""
    pages = cursor_export(session, PATH, "tickets", start_time=None, cursor="0")
    return sum(len(page.records) for page in pages)


def main() -> None:
    """Print the time of a page on both sides and their ratio."""
    with canned(make_page()) as url:
        plain = requests.Session()
        plain.headers["Authorization"] = "Bearer x"
        ours = ZendeskSession(
            url,
            FixedLogin("Bearer x"),
            budgets=limits(requests=PLENTY, exports=PLENTY, ticket_updates=PLENTY),
        )
        taken: dict[str, list[float]] = {"client": [], "plain": []}
        for number in range(ROUNDS + 1):
            for name in ("client", "plain") if number % 2 else ("plain", "client"):
                start = time.perf_counter()
                found = through_the_client(url, ours) if name == "client" else plainly(url, plain)
                if number:  # the first round opens connections
                    taken[name].append((time.perf_counter() - start) / PAGES * 1000)
                if found != PAGES * TICKETS:
                    raise SystemExit(f"{name} read {found} tickets instead of {PAGES * TICKETS}")
    for name, times in taken.items():
        print(f"{name:<7} {statistics.median(times):>7.2f} ms a page of {TICKETS:,} tickets")
    ratio = statistics.median(a / b for a, b in zip(taken["client"], taken["plain"], strict=True))
    print(f"ratio   {ratio:>7.2f} times (median of {ROUNDS} rounds)")


if __name__ == "__main__":
    main()
