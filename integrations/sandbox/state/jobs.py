"""Background jobs: bulk work is done at once and reported as queued first, then completed."""

from typing import Any

from integrations.sandbox.state.refusals import not_found
from integrations.sandbox.state.store import Record


class Jobs:
    """The jobs of the account, newest last."""

    def __init__(self) -> None:
        self._jobs: dict[str, Record] = {}

    def finish(
        self, job_id: str, *, kind: str, total: int | None, results: Any, now_text: str
    ) -> Record:
        """Keep the report of a job that is done; return what the caller of the job sees: queued."""
        count = total if isinstance(results, list) else None
        self._jobs[job_id] = {
            "id": job_id,
            "job_type": kind,
            "total": count,
            "progress": count,
            "status": "completed",
            "message": f"Completed at {now_text}",
            "results": results,
        }
        return self._jobs[job_id] | {
            "total": total,
            "progress": None,
            "status": "queued",
            "message": None,
            "results": None,
        }

    def get(self, job_id: str) -> Record:
        """Return the report of a job."""
        if job_id not in self._jobs:
            raise not_found()
        return self._jobs[job_id]

    def all(self) -> list[Record]:
        """Return the reports of every job."""
        return list(self._jobs.values())
