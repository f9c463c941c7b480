"""Bulk work: a hundred records a job, at most thirty jobs at once, and each waited for."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from integrations.runtime.errors import OutcomeUnknown, ZendeskRefused
from integrations.zendesk.budgets import JOBS
from integrations.zendesk.failures import unreadable
from integrations.zendesk.markers import effect_of, marked
from integrations.zendesk.session import ZendeskSession

MOST_RECORDS = 100
PATIENCE_S = 300.0  # a hundred tickets take seconds; a queue in front of them may take minutes
FIRST_LOOK_S, LONGEST_PAUSE_S = 0.5, 10.0

Record = dict[str, Any]
Audits = Callable[[int], list[Record]]

logger = logging.getLogger(__name__)


class Jobs:
    """Starts jobs and waits for them; `audits` reads the history of a ticket."""

    def __init__(self, session: ZendeskSession, audits: Audits) -> None:
        self._session = session
        self._audits = audits

    def run(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> list[Record]:
        """Send what becomes a job, wait for its end and return what became of each record.

        Raises OutcomeUnknown when it is not known that the job was made, or when it does not
        end; it is never sent twice.
        """
        with self._session.pacer.held(JOBS):
            answer = self._session.write(method, path, body)
            return self.wait_for(_job_id(answer, method, path))

    def wait_for(self, job_id: str) -> list[Record]:
        """Wait, not for ever, until a job is over; return what became of each record."""
        path = f"/api/v2/job_statuses/{job_id}.json"
        waited, pause = 0.0, FIRST_LOOK_S
        while True:
            job = self._session.read(path).get("job_status")
            if not isinstance(job, dict):
                raise unreadable("GET", path)
            match job.get("status"):
                case "completed":
                    return [one for one in _list(job.get("results")) if isinstance(one, dict)]
                case "failed" | "killed":
                    raise ZendeskRefused(
                        f"Zendesk's job {job_id} ended early ({job['status']}).",
                        hint="look which records it changed before it is started again.",
                    )
            if waited >= PATIENCE_S:
                raise OutcomeUnknown(
                    f"Zendesk's job {job_id} is not over after {PATIENCE_S:.0f} s.",
                    hint="look at the records later; do not start it again.",
                )
            self._session.patience.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, LONGEST_PAUSE_S)

    def update_tickets(
        self, changes: Mapping[int, Mapping[str, Any]], *, marker: str
    ) -> list[Record]:
        """Change many tickets, each in its own way; return what became of each.

        Each change leaves the marker in its audit. When the outcome of a job is unknown, the
        tickets that carry the marker are done, and only the others are sent again.
        """
        wanted = {number: marked(change, marker) for number, change in changes.items()}
        found: list[Record] = []
        for ids in _hundreds(list(wanted)):
            found += self._updated({number: wanted[number] for number in ids}, marker)
        return found

    def create_tickets(self, tickets: Sequence[Mapping[str, Any]]) -> list[Record]:
        """Create many tickets; return what became of each, with its `index` in the order given.

        OutcomeUnknown: Zendesk has no keys for bulk creation. Where a ticket must not be made
        twice, create it by itself, with its key.
        """
        found: list[Record] = []
        for start in range(0, len(tickets), MOST_RECORDS):
            part = [dict(ticket) for ticket in tickets[start : start + MOST_RECORDS]]
            results = self.run("POST", "/api/v2/tickets/create_many.json", {"tickets": part})
            found += [
                {**one, "index": one.get("index", at) + start} for at, one in enumerate(results)
            ]
        return found

    def _updated(self, wanted: dict[int, Record], marker: str) -> list[Record]:
        done: list[Record] = []

        def send() -> list[Record]:
            left = [{**change, "id": number} for number, change in wanted.items()]
            body = {"tickets": left}
            return done + self.run("PUT", "/api/v2/tickets/update_many.json", body)

        def find() -> list[Record] | None:
            for number in list(wanted):
                if effect_of(marker, self._audits(number)):
                    del wanted[number]
                    done.append({"action": "update", "id": number, "success": True})
            return None if wanted else done

        return self._session.patience.settle(send, find)


def _job_id(answer: Mapping[str, Any], method: str, path: str) -> str:
    job = answer.get("job_status")
    job_id = job.get("id") if isinstance(job, dict) else None
    if not isinstance(job_id, str) or not job_id.replace("-", "").isalnum():
        raise unreadable(method, path)
    return job_id


def _list(value: Any) -> list[Any]:
    """Return the results as a list; deletions answer with one object for all."""
    return value if isinstance(value, list) else [value]


def _hundreds(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + MOST_RECORDS] for start in range(0, len(ids), MOST_RECORDS))
