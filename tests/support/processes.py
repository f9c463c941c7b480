"""Several processes that talk to one Zendesk and meet at one database; each reports as JSON."""

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pydantic import SecretStr

from integrations.zendesk.auth import OAuthLogin
from integrations.zendesk.budgets import limits
from integrations.zendesk.ledger import OwnLedger
from integrations.zendesk.meeting_point import MeetingPoint
from integrations.zendesk.session import ZendeskSession
from integrations.zendesk.shared_ledger import SharedLedger
from integrations.zendesk.tokens import SharedTokens
from tests.support.shared import ROOT

EXPORT = "/api/v2/incremental/tickets/cursor.json"
TIMEOUT_S = 120


class CountingSession(ZendeskSession):
    """Counts the statuses of all answers, tokens included."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statuses: list[int] = []

    def send(self, request: Any, **kwargs: Any) -> Any:
        response = super().send(request, **kwargs)
        self.statuses.append(response.status_code)
        return response


def make_member(url: str, database_url: str, window_s: float) -> CountingSession:
    """Return a session of a process that shares budgets and tokens with the others."""
    place = MeetingPoint(database_url)
    secret = SecretStr("sandbox-secret")
    return CountingSession(
        url,
        OAuthLogin("riskdesk", secret, store=SharedTokens(place, url, "riskdesk", secret)),
        budgets=limits(requests=100_000, exports=10, ticket_updates=100, seconds=window_s),
        ledger=SharedLedger(place, OwnLedger()),
    )


def export_pages(session: ZendeskSession, pages: int) -> None:
    """Read so many pages of the export, as fast as the budget allows."""
    for _ in range(pages):
        session.read(EXPORT, {"start_time": 0, "per_page": 1})


def meet_a_dead_token(session: ZendeskSession, threads: int) -> None:
    """Read with a token, wait for a line on stdin, then read from many threads at once."""
    session.read("/api/v2/users/me.json")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    together = threading.Barrier(threads)

    def read(_: int) -> None:
        together.wait()
        session.read("/api/v2/users/me.json")

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(read, range(threads)))


def start_member(work: str, number: int, *where: str) -> subprocess.Popen[str]:
    """Start a process that does `work`: its name here, and how much of it."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.processes", work, str(number), *where],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def reports(members: list[subprocess.Popen[str]]) -> list[list[int]]:
    """Wait for the processes and return the statuses that each of them saw."""
    said = [member.communicate(timeout=TIMEOUT_S)[0] for member in members]
    return [json.loads(text.splitlines()[-1]) for text in said]


def main() -> None:
    """Run one member: WORK NUMBER URL DATABASE_URL WINDOW_S."""
    work, number, url, database_url, window_s = sys.argv[1:]
    session = make_member(url, database_url, float(window_s))
    {"export_pages": export_pages, "meet_a_dead_token": meet_a_dead_token}[work](
        session, int(number)
    )
    sys.stdout.write(json.dumps(session.statuses))


if __name__ == "__main__":
    main()
