"""Tickets are merged into one and closed; spam goes to the bin and its sender is suspended."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.sandbox import Desk, Receiver, desk_on, receiving

OTHER = {"name": "Li Na", "email": "li.na@customer.example"}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with desk_on() as talking:
        yield talking


def merge(desk: Desk, target: int, *ids: int, **more: Any) -> Any:
    """Merge tickets and return the results of the job."""
    job = desk.post(f"tickets/{target}/merge.json", {"ids": list(ids)} | more)["job_status"]
    assert (job["status"], job["total"], job["results"]) == ("queued", len(ids), None)
    return desk.get(f"job_statuses/{job['id']}.json")["job_status"]["results"]


def comments(desk: Desk, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.get(f"tickets/{number}/comments.json")["comments"]
    return found


def test_sources_are_closed_tagged_and_told(desk: Desk) -> None:
    target, source = desk.ticket()["id"], desk.ticket(tags=["scam"])["id"]

    results = merge(desk, target, source, source_comment=f"Closing in favor of #{target}")

    merged = desk.get(f"tickets/{source}.json")["ticket"]
    audit = desk.get(f"tickets/{source}/audits.json")["audits"][-1]
    assert results == [{"action": "update", "id": source, "status": "Updated", "success": True}]
    assert (merged["status"], merged["tags"]) == ("closed", ["closed_by_merge", "scam"])
    assert comments(desk, source)[-1]["body"] == f"Closing in favor of #{target}"
    assert audit["via"]["source"]["rel"] == "merge"
    assert audit["via"]["source"]["from"]["ticket_id"] == target


def test_the_target_hears_of_it_and_puts_other_requesters_in_copy(desk: Desk) -> None:
    target, same, other = desk.ticket()["id"], desk.ticket()["id"], desk.ticket(requester=OTHER)

    merge(desk, target, same, other["id"], target_comment="Combining")

    ticket = desk.get(f"tickets/{target}.json")["ticket"]
    copied = desk.get(f"tickets/{target}/email_ccs.json")["users"]
    last = comments(desk, target)[-1]
    assert (last["body"], last["public"]) == ("Combining", False)
    assert last["via"]["source"]["from"] == {"ticket_ids": [same, other["id"]]}
    assert ticket["email_cc_ids"] == ticket["collaborator_ids"] == [other["requester_id"]]
    assert [one["email"] for one in copied] == ["li.na@customer.example"]


def test_comments_are_public_when_asked_and_nothing_was_private(desk: Desk) -> None:
    target, source = desk.ticket()["id"], desk.ticket()["id"]
    private = desk.ticket(comment={"body": "inside", "public": False})["id"]
    said = {"target_comment": "Combining", "target_comment_is_public": True}

    merge(desk, target, source, **said)
    in_public = comments(desk, target)[-1]["public"]
    merge(desk, target, private, **said)

    assert in_public is True
    assert comments(desk, target)[-1]["public"] is False


def test_files_of_the_source_come_along(desk: Desk) -> None:
    upload = desk.call("POST", "uploads.json?filename=a.txt", data=b"proof").json()["upload"]
    target = desk.ticket()["id"]
    source = desk.ticket(comment={"body": "See", "uploads": upload["token"]})["id"]

    merge(desk, target, source, target_comment="Combining")

    copy = comments(desk, target)[-1]["attachments"][0]
    content = desk.call("GET", copy["content_url"].removeprefix(desk.sandbox.url)).content
    assert copy["id"] != upload["attachment"]["id"]
    assert content == b"proof"


def test_closed_tickets_are_refused_one_by_one_on_the_side_of_the_sources(desk: Desk) -> None:
    target, closed, open_one = (desk.ticket()["id"] for _ in range(3))
    desk.update(closed, status="closed")

    results = merge(desk, target, closed, target, 999_999, open_one)

    assert [one["success"] for one in results] == [False, False, False, True]
    assert desk.get(f"tickets/{open_one}.json")["ticket"]["status"] == "closed"


def test_nothing_is_merged_into_a_closed_or_missing_ticket(desk: Desk) -> None:
    closed, source = desk.ticket()["id"], desk.ticket()["id"]
    desk.update(closed, status="closed")

    into_closed = desk.call("POST", f"tickets/{closed}/merge.json", json={"ids": [source]})
    into_nothing = desk.call("POST", "tickets/999999/merge.json", json={"ids": [source]})

    assert (into_closed.status_code, into_nothing.status_code) == (422, 404)
    assert desk.get(f"tickets/{source}.json")["ticket"]["status"] == "new"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ids": []},
        {"ids": "7"},
        {"ids": [None]},
        {"ids": [1], "target_comment": 7},
        {"ids": list(range(1, 102))},
    ],
)
def test_odd_mergers_are_refused(desk: Desk, body: dict[str, Any]) -> None:
    target = desk.ticket()["id"]

    answer = desk.call("POST", f"tickets/{target}/merge.json", json=body)

    assert 400 <= answer.status_code < 500


def test_webhooks_hear_of_a_merger() -> None:
    with desk_on() as desk, receiving() as receiver:
        desk.subscribe(receiver.url, "merged")
        target, source = desk.ticket()["id"], desk.ticket()["id"]
        merge(desk, target, source)
        desk.settle()

        assert [_event(receiver)["detail"]["id"]] == [str(source)]
        assert _event(receiver)["event"]["target_ticket_id"] == str(target)


def _event(receiver: Receiver) -> Any:

    return json.loads(receiver.deliveries[0].body)


def test_spam_goes_to_the_bin_and_its_sender_is_suspended(desk: Desk) -> None:
    spam = desk.ticket(requester={"name": "Spam", "email": "spam@spam.example"})

    answer = desk.put(f"tickets/{spam['id']}/mark_as_spam.json")

    deleted = [one["id"] for one in desk.get("deleted_tickets.json")["deleted_tickets"]]
    assert answer == {}
    assert spam["id"] in deleted
    assert desk.get(f"users/{spam['requester_id']}.json")["user"]["suspended"] is True


def test_many_are_marked_as_spam_by_a_job_and_staff_never(desk: Desk) -> None:
    spam = desk.ticket(requester={"name": "Spam", "email": "spam2@spam.example"})["id"]
    ours = desk.post("tickets.json", {"ticket": {"subject": "x", "comment": {"body": "y"}}})
    ids = f"{spam},{ours['ticket']['id']}"

    job = desk.put(f"tickets/mark_many_as_spam.json?ids={ids}")["job_status"]

    results = desk.get(f"job_statuses/{job['id']}.json")["job_status"]["results"]
    assert [one["success"] for one in results] == [True, False]
