"""Bulk work: waited for within bounds, never started twice."""

import json
from typing import Any

import pytest
import responses

from integrations.runtime.errors import OutcomeUnknown, ZendeskRefused, ZendeskRetryable
from tests.support.zendesk import ACCOUNT, Clock, make_client

API = f"{ACCOUNT}/api/v2"
MANY = f"{API}/tickets/update_many.json"
JOB = f"{API}/job_statuses/V3-0a1b.json"


def job(status: str, results: Any = None) -> dict[str, Any]:
    return {"job_status": {"id": "V3-0a1b", "status": status, "results": results}}


def puts() -> list[list[int]]:
    bodies = [json.loads(c.request.body or b"{}") for c in responses.calls if c.request.url == MANY]
    return [[ticket["id"] for ticket in body["tickets"]] for body in bodies]


def audits(ticket_id: int, *markers: str) -> None:
    found = [{"id": n, "metadata": {"custom": {"riskdesk": m}}} for n, m in enumerate(markers)]
    responses.get(f"{API}/tickets/{ticket_id}/audits.json", json={"audits": found})


@responses.activate
def test_a_job_is_waited_for_until_it_is_over() -> None:
    responses.put(MANY, json=job("queued"))
    responses.get(JOB, json=job("working"))
    responses.get(JOB, json=job("completed", [{"id": 7, "success": True}]))
    clock = Clock()

    done = make_client(clock=clock).jobs.update_tickets({7: {"status": "open"}}, marker="m")

    assert done == [{"id": 7, "success": True}]
    assert clock.slept == [0.5]


@responses.activate
def test_more_than_a_hundred_tickets_are_several_jobs() -> None:
    responses.put(MANY, json=job("queued"))
    responses.get(JOB, json=job("completed", [{"id": 1}]))
    make_client().jobs.update_tickets({n: {"status": "open"} for n in range(1, 251)}, marker="m")

    assert [len(ids) for ids in puts()] == [100, 100, 50]


@responses.activate
def test_created_tickets_keep_their_place_in_the_order_given() -> None:
    responses.post(f"{API}/tickets/create_many.json", json=job("queued"))
    responses.get(JOB, json=job("completed", [{"index": 99, "id": 5}]))
    responses.get(JOB, json=job("completed", [{"index": 0, "id": 6}]))
    done = make_client().jobs.create_tickets([{"subject": "x"}] * 101)

    assert [(one["index"], one["id"]) for one in done] == [(99, 5), (100, 6)]


@responses.activate
@pytest.mark.parametrize("status", ["failed", "killed"])
def test_a_job_that_ends_early_is_refused(status: str) -> None:
    responses.put(MANY, json=job("queued"))
    responses.get(JOB, json=job(status))

    with pytest.raises(ZendeskRefused, match=status):
        make_client().jobs.update_tickets({7: {}}, marker="m")


@responses.activate
def test_a_job_without_an_end_is_not_waited_for_for_ever() -> None:
    responses.post(f"{API}/tickets/create_many.json", json=job("queued"))
    responses.get(JOB, json=job("working"))
    clock = Clock()

    with pytest.raises(OutcomeUnknown):
        make_client(clock=clock).jobs.create_tickets([{"subject": "x"}])

    assert 300 <= sum(clock.slept) < 320


@responses.activate
def test_after_a_lost_answer_only_tickets_without_the_marker_are_sent_again() -> None:
    responses.put(MANY, status=502)
    responses.put(MANY, json=job("queued"))
    responses.get(JOB, json=job("completed", [{"id": 8, "success": True}]))
    audits(7, "other", "m")
    audits(8, "other")
    done = make_client().jobs.update_tickets({7: {}, 8: {}}, marker="m")

    assert puts() == [[7, 8], [8]]
    assert [one["id"] for one in done] == [7, 8]


@responses.activate
def test_a_lost_bulk_creation_is_never_sent_again() -> None:
    responses.post(f"{API}/tickets/create_many.json", status=502)

    with pytest.raises(OutcomeUnknown):
        make_client().jobs.create_tickets([{"subject": "x"}])

    assert len(responses.calls) == 1


@responses.activate
def test_too_many_jobs_are_waited_out() -> None:
    refusal = {"error": "TooManyJobs", "current_job_ids": ["V3-1"]}
    responses.put(MANY, status=429, json=refusal, headers={"Retry-After": "3"})
    responses.put(MANY, json=job("queued"))
    responses.get(JOB, json=job("completed", []))
    clock = Clock()
    make_client(clock=clock).jobs.update_tickets({7: {}}, marker="m")

    assert clock.slept == [3.0]


@responses.activate
@pytest.mark.parametrize("answer", [{}, {"job_status": None}, {"job_status": {"id": "../x"}}])
def test_an_answer_without_a_job_leaves_its_outcome_unknown(answer: dict[str, Any]) -> None:
    responses.post(f"{API}/tickets/create_many.json", json=answer)

    with pytest.raises(ZendeskRetryable):
        make_client().jobs.create_tickets([{"subject": "x"}])
