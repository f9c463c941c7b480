"""Background jobs: the work is done at once, its report moves on as a worker's would.

A job is queued, then working through its items, then completed, all on the machine's clock, so
that it moves on even while the record clock stands still.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.state.clock import RecordClock
from integrations.sandbox.state.ids import Ids
from integrations.sandbox.state.refusals import Refusal, not_found
from integrations.sandbox.state.store import Record

MOST_IN_FLIGHT = 30
MOST_LISTED = 100
KEPT_FOR = timedelta(hours=24)
FULL_JOB = 100  # items; `seconds` is the time that so many take
QUEUED_PART = 0.1  # of `seconds`: how long a job waits for its worker
RETRY_S = 1
DOING = {"create": "Creating", "update": "Updating", "merge": "Merging"}
NOUNS = frozenset(("ticket", "user", "organization", "membership"))


@dataclass(frozen=True, slots=True)
class _Job:
    """What a job will have reported when it is done, and when that is."""

    report: Record
    items: int
    started: float  # monotonic seconds
    created: datetime  # by the record clock
    outcome: str


class Jobs:
    """The jobs of the account, newest last.

    `seconds` is how long 100 items take: 0 has every job done at its first reading. `fate` says
    how a new job ends: completed, failed or killed.
    """

    def __init__(
        self, ids: Ids, clock: RecordClock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.seconds = 0.0
        self.fate: Callable[[], str] = lambda: "completed"
        self._ids = ids
        self._clock = clock
        self._monotonic = monotonic
        self._jobs: dict[str, _Job] = {}

    def admit(self, controller: str, action: str) -> dict[str, str]:
        """Refuse bulk work while 30 jobs are queued or running; return the header of that limit."""
        waiting = self._in_flight()
        if len(waiting) >= MOST_IN_FLIGHT:
            raise _too_many(controller, action, waiting)
        left = MOST_IN_FLIGHT - len(waiting) - 1
        value = f"total={MOST_IN_FLIGHT}; remaining={left}; resets={RETRY_S}"
        return {"zendesk-ratelimit-inflight-jobs": value}

    def finish(self, *, kind: str, total: int | None, results: Any) -> Record:
        """Keep the report of work that is done; return what the caller of the job sees: queued."""
        self._forget_old()
        report = {
            "id": self._ids.job(),
            "job_type": kind,
            "total": total,
            "progress": None,
            "status": "queued",
            "message": None,
            "results": results,
        }
        job = _Job(report, total or 0, self._monotonic(), self._clock.now(), self.fate())
        self._jobs[report["id"]] = job
        return report | {"results": None}

    def get(self, job_id: str) -> Record:
        """Return the report of a job as it is now."""
        self._forget_old()
        if job_id not in self._jobs:
            raise not_found()
        return self._report(self._jobs[job_id])

    def all(self) -> list[Record]:
        """Return the reports of the newest hundred jobs."""
        self._forget_old()
        return [self._report(job) for job in list(self._jobs.values())[-MOST_LISTED:]]

    def _in_flight(self) -> list[str]:
        return [job_id for job_id, job in self._jobs.items() if self._left(job) > 0]

    def _takes(self, job: _Job) -> float:
        return self.seconds * (QUEUED_PART + job.items / FULL_JOB)

    def _left(self, job: _Job) -> float:
        """Return for how many seconds a job will still be queued or working."""
        return job.started + self._takes(job) - self._monotonic()

    def _report(self, job: _Job) -> Record:
        left = self._left(job)
        if left <= 0:
            return job.report | self._ending(job)
        done = job.items - math.ceil(left / self.seconds * FULL_JOB)
        if done <= 0:
            return job.report | {"results": None}
        message = f"{_doing(job.report['job_type'])} #{done}"
        working = {"status": "working", "progress": done, "message": message, "results": None}
        return job.report | working

    def _ending(self, job: _Job) -> Record:
        if job.outcome != "completed":
            return {"status": job.outcome, "results": None}
        count = job.items if isinstance(job.report["results"], list) else None
        ended = min(job.created + timedelta(seconds=self._takes(job)), self._clock.now())
        message = f"Completed at {ended:%Y-%m-%d %H:%M:%S} +0000"
        return {"status": "completed", "total": count, "progress": count, "message": message}

    def _forget_old(self) -> None:
        now = self._clock.now()
        for job_id, job in list(self._jobs.items()):
            if now - job.created <= KEPT_FOR:
                break
            del self._jobs[job_id]


def _doing(kind: str) -> str:
    """Return what a worker says: "Creating ticket" for a job of the type "Bulk Create Ticket"."""
    words = kind.lower().split()
    verb = next((DOING[word] for word in words if word in DOING), "Deleting")
    noun = next((word for word in words if word in NOUNS), "item")
    return f"{verb} {noun}"


def _too_many(controller: str, action: str, waiting: list[str]) -> Refusal:
    kind = controller.removesuffix("s").title().replace("_", "")
    worker = f"{kind}Bulk{'Create' if action == 'create_many' else 'Update'}JobV2"
    text = f"Too many {worker} jobs are currently queued or running. Try again later."
    body = {"error": "TooManyJobs", "description": text, "current_job_ids": waiting}
    return Refusal(429, body, {"Retry-After": str(RETRY_S)})
