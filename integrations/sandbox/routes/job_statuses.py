"""Job statuses: how far bulk work is."""

from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route


def present(call: Call, job: Record) -> Record:
    """Return the report of a job as clients see it."""
    return job | {"url": call.url("job_statuses", job["id"])}


def _index(call: Call) -> Answer:
    jobs = [present(call, job) for job in call.account.jobs.all()]
    return Answer({"job_statuses": jobs, "next_page": None, "previous_page": None})


def _show(call: Call) -> Answer:
    return Answer({"job_status": present(call, call.account.jobs.get(call.params[0]))})


def _show_many(call: Call) -> Answer:
    wanted = call.query.get("ids", "").split(",")
    jobs = [present(call, job) for job in call.account.jobs.all() if job["id"] in wanted]
    return Answer({"job_statuses": jobs})


NAME = "job_statuses"
ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("GET", "job_statuses/show_many", _show_many, NAME, "show_many"),
    Route("GET", "job_statuses/{key}", _show, NAME, "show"),
)
