"""Background jobs: how their reports move on, how many there may be, how long they are kept."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.state.clock import RecordClock
from integrations.sandbox.state.ids import Ids
from integrations.sandbox.state.jobs import Jobs
from integrations.sandbox.state.refusals import Refusal

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


class Scene:
    """Jobs of which 100 items take ten seconds, on clocks that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.clock = RecordClock()
        self.clock.step_to(NOON)
        self.jobs = Jobs(Ids(1), self.clock, lambda: self.seconds)
        self.jobs.seconds = 10.0

    def start(self, total: int = 100, kind: str = "Bulk Create Ticket") -> str:
        """Begin a job of so many items and return its id."""
        results = [{"index": n, "id": n} for n in range(total)]
        job_id: str = self.jobs.finish(kind=kind, total=total, results=results)["id"]
        return job_id


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_new_job_is_queued_and_says_nothing_yet(scene: Scene) -> None:
    job = scene.jobs.get(scene.start())

    assert re.fullmatch("V3-[0-9a-f]{32}", job.pop("id"))
    assert job == {
        "job_type": "Bulk Create Ticket",
        "total": 100,
        "progress": None,
        "status": "queued",
        "message": None,
        "results": None,
    }


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        pytest.param("Bulk Create Ticket", "Creating ticket #50", id="creating"),
        pytest.param("Bulk Update User", "Updating user #50", id="updating"),
        pytest.param("Bulk Organization Deletion", "Deleting organization #50", id="deleting"),
    ],
)
def test_a_working_job_names_the_item_that_it_is_at(scene: Scene, kind: str, message: str) -> None:
    job_id = scene.start(kind=kind)

    scene.seconds += 6  # one in the queue, five for fifty items

    job = scene.jobs.get(job_id)
    assert (job["status"], job["progress"], job["message"]) == ("working", 50, message)
    assert job["results"] is None


def test_a_job_completes_although_the_record_clock_stands_still(scene: Scene) -> None:
    job_id = scene.start(total=2)

    scene.seconds += 11

    job = scene.jobs.get(job_id)
    assert (job["status"], job["total"], job["progress"]) == ("completed", 2, 2)
    assert job["message"] == "Completed at 2026-03-03 12:00:00 +0000"
    assert [result["id"] for result in job["results"]] == [0, 1]


def test_jobs_without_a_duration_are_done_when_they_are_first_read(scene: Scene) -> None:
    scene.jobs.seconds = 0.0

    assert scene.jobs.get(scene.start())["status"] == "completed"


def test_only_thirty_jobs_may_be_queued_or_running(scene: Scene) -> None:
    waiting = [scene.start() for _ in range(30)]

    with pytest.raises(Refusal) as refused:
        scene.jobs.admit("users", "update_many")
    scene.seconds += 11

    assert refused.value.status == 429
    assert refused.value.body == {
        "error": "TooManyJobs",
        "description": "Too many UserBulkUpdateJobV2 jobs are currently queued or running. "
        "Try again later.",
        "current_job_ids": waiting,
    }
    assert scene.jobs.admit("users", "update_many") == {
        "zendesk-ratelimit-inflight-jobs": "total=30; remaining=29; resets=1"
    }


def test_reports_are_kept_for_a_day(scene: Scene) -> None:
    job_id = scene.start()
    scene.clock.step_to(NOON + timedelta(hours=24))
    kept = scene.jobs.get(job_id)

    scene.clock.step_to(NOON + timedelta(hours=24, seconds=1))

    assert kept["id"] == job_id
    with pytest.raises(Refusal):
        scene.jobs.get(job_id)


@pytest.mark.parametrize("outcome", ["failed", "killed"])
def test_a_job_may_end_badly(scene: Scene, outcome: str) -> None:
    scene.jobs.fate = lambda: outcome
    job_id = scene.start()

    scene.seconds += 11

    job = scene.jobs.get(job_id)
    assert (job["status"], job["results"]) == (outcome, None)


def test_a_list_of_jobs_shows_the_newest_hundred(scene: Scene) -> None:
    started = [scene.start(total=1) for _ in range(103)]

    assert [job["id"] for job in scene.jobs.all()] == started[3:]
