"""People in copy, problems with their incidents, follow-ups of closed tickets."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.sandbox import Desk, desk_on

ANA, LIN = "ana.souza@example.com", "lin.wei@example.com"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with desk_on() as talking:
        yield talking


def shown(desk: Desk, number: int) -> dict[str, Any]:
    ticket: dict[str, Any] = desk.get(f"tickets/{number}.json")["ticket"]
    return ticket


def names(desk: Desk, number: int, kind: str) -> list[str]:
    return [one["email"] for one in desk.get(f"tickets/{number}/{kind}.json")["users"]]


def test_collaborators_who_are_staff_follow_and_customers_are_copied(desk: Desk) -> None:
    people = [desk.user_id(ANA), "kim@customer.example", {"name": "Bo", "email": "bo@c.example"}]

    number = desk.ticket(collaborators=people)["id"]

    assert names(desk, number, "followers") == [ANA]
    assert names(desk, number, "email_ccs") == ["kim@customer.example", "bo@c.example"]
    assert len(names(desk, number, "collaborators")) == 3


def test_followers_and_copies_are_added_and_taken_away_one_by_one(desk: Desk) -> None:
    number = desk.ticket(follower_ids=[desk.user_id(ANA)])["id"]

    audit = desk.update(
        number,
        followers=[{"user_email": LIN}, {"user_id": str(desk.user_id(ANA)), "action": "delete"}],
        email_ccs=[{"user_email": "new@c.example", "user_name": "New", "action": "put"}],
    )["audit"]

    assert names(desk, number, "followers") == [LIN]
    assert names(desk, number, "email_ccs") == ["new@c.example"]
    followers, copies = audit["events"]
    assert followers["type"] == "FollowerChange"
    assert (followers["previous_followers"], followers["current_followers"]) == ([ANA], [LIN])
    assert copies["type"] == "EmailCcChange"
    assert (copies["previous_email_ccs"], copies["current_email_ccs"]) == ([], ["new@c.example"])


def test_collaborators_are_added_to_those_there_are(desk: Desk) -> None:
    number = desk.ticket(collaborators=["kim@customer.example"])["id"]

    desk.update(number, additional_collaborators=["bo@c.example", 7, None, {"name": "x"}])

    assert names(desk, number, "email_ccs") == ["kim@customer.example", "bo@c.example"]


def test_the_requester_is_never_in_copy_and_customers_never_follow(desk: Desk) -> None:
    ticket = desk.ticket()

    desk.update(
        ticket["id"],
        email_cc_ids=[ticket["requester_id"]],
        followers=[{"user_email": "kim@customer.example"}],
    )

    after = shown(desk, ticket["id"])
    assert (after["email_cc_ids"], after["follower_ids"]) == ([], [])


def test_a_problem_says_whether_it_has_incidents(desk: Desk) -> None:
    problem = desk.ticket(type="problem", subject="Withdrawals hang")["id"]
    incident = desk.ticket(type="incident", problem_id=problem)["id"]

    listed = desk.get(f"tickets/{problem}/incidents.json")
    with_incident = shown(desk, problem)["has_incidents"]
    desk.delete(f"tickets/{incident}.json")

    assert [one["id"] for one in listed["tickets"]] == [incident]
    assert listed["count"] == 1
    assert with_incident is True
    assert shown(desk, problem)["has_incidents"] is False
    assert problem in [one["id"] for one in desk.get("problems.json")["tickets"]]
    found = desk.post("problems/autocomplete.json", {"text": "withdrawals h"})["tickets"]
    assert [one["id"] for one in found] == [problem]


def test_only_a_problem_can_be_the_problem_of_an_incident(desk: Desk) -> None:
    question, problem = desk.ticket(type="question")["id"], desk.ticket(type="problem")["id"]
    incident = desk.ticket(type="incident", problem_id=problem)["id"]

    refused = desk.call(
        "PUT", f"tickets/{incident}.json", json={"ticket": {"problem_id": question}}
    )
    desk.update(incident, type="question")

    assert refused.status_code == 422
    assert shown(desk, incident)["problem_id"] is None
    assert shown(desk, problem)["has_incidents"] is False


def test_incidents_are_solved_with_their_problem(desk: Desk) -> None:
    problem = desk.ticket(type="problem")["id"]
    incident = desk.ticket(type="incident", problem_id=problem)["id"]

    desk.update(problem, status="solved", comment={"body": "The chain is back"})

    audit = desk.get(f"tickets/{incident}/audits.json")["audits"][-1]
    assert shown(desk, incident)["status"] == "solved"
    assert audit["events"][0]["body"] == "The chain is back"
    assert audit["via"]["source"]["rel"] == "problem"


def test_only_tasks_are_due(desk: Desk) -> None:
    task = desk.ticket(type="task", due_at="2031-05-01T10:00:00+08:00")
    question = desk.ticket(type="question", due_at="2031-05-01T10:00:00Z")
    odd = desk.call("PUT", f"tickets/{task['id']}.json", json={"ticket": {"due_at": "soon"}})

    desk.update(task["id"], type="question")

    assert (task["due_at"], question["due_at"]) == ("2031-05-01T02:00:00Z", None)
    assert odd.status_code == 422
    assert shown(desk, task["id"])["due_at"] is None


def test_a_closed_ticket_is_followed_by_a_new_one(desk: Desk) -> None:
    uid = {"id": desk.field_id("Exchange UID"), "value": "123"}
    first = desk.ticket(subject="Frozen", custom_fields=[uid])["id"]
    desk.update(first, status="closed")
    asked = {"via_followup_source_id": first, "comment": {"body": "Frozen again"}}

    second = desk.post("tickets.json", {"ticket": asked})["ticket"]

    assert second["subject"] == "Frozen"
    assert uid in second["custom_fields"]
    assert second["via"]["source"]["rel"] == "follow_up"
    assert second["via"]["source"]["from"]["ticket_id"] == first
    assert shown(desk, first)["followup_ids"] == [second["id"]]
    related = desk.get(f"tickets/{second['id']}/related.json")
    assert related["followup_source_ids"] == [first]
    assert (related["incidents"], related["from_archive"]) == (0, False)


def test_an_open_ticket_has_no_follow_up(desk: Desk) -> None:
    first = desk.ticket()["id"]
    asked = {"via_followup_source_id": first, "subject": "x", "comment": {"body": "y"}}

    second = desk.post("tickets.json", {"ticket": asked})["ticket"]

    assert second["via"]["source"]["rel"] is None
    assert shown(desk, first)["followup_ids"] == []


def test_tickets_are_found_by_the_id_of_another_system(desk: Desk) -> None:
    ids = [desk.ticket(external_id="case-9")["id"] for _ in range(2)]

    found = desk.get("tickets.json?external_id=case-9")["tickets"]

    assert [one["id"] for one in found] == ids


def test_tickets_are_listed_by_requester_assignee_and_copy(desk: Desk) -> None:
    someone = {"name": "Yu", "email": "yu@c.example"}
    ticket = desk.ticket(requester=someone, assignee_email=LIN, collaborators=["zed@c.example"])
    copied = desk.user_id("zed@c.example")

    asked = desk.get(f"users/{ticket['requester_id']}/tickets/requested.json")["tickets"]
    owned = desk.get(f"users/{desk.user_id(LIN)}/tickets/assigned.json")["tickets"]
    ccd = desk.get(f"users/{copied}/tickets/ccd.json")["tickets"]

    assert [one["id"] for one in asked] == [ticket["id"]]
    assert ticket["id"] in [one["id"] for one in owned]
    assert [one["id"] for one in ccd] == [ticket["id"]]


@pytest.mark.parametrize(
    ("requester", "text"),
    [
        ({"email": "none@c.example"}, "Requester: Name: is too short (minimum one character)"),
        ({"name": "X", "email": "x y"}, "Requester: Email: x y is not properly formatted"),
    ],
)
def test_a_new_requester_has_a_name_and_a_proper_address(
    desk: Desk, requester: dict[str, str], text: str
) -> None:
    ticket = {"subject": "x", "comment": {"body": "y"}, "requester": requester}

    answer = desk.call("POST", "tickets.json", json={"ticket": ticket})

    assert answer.status_code == 422
    assert answer.json()["details"]["requester"][0]["description"] == text


def test_a_requester_may_be_changed_but_not_be_missing(desk: Desk) -> None:
    number = desk.ticket()["id"]
    new = {"name": "Sun", "email": "sun@c.example", "locale_id": 10}

    changed = desk.update(number, requester=new)["ticket"]
    missing = desk.call("PUT", f"tickets/{number}.json", json={"ticket": {"requester_id": ""}})

    assert changed["requester_id"] == desk.user_id("sun@c.example")
    assert desk.get(f"users/{changed['requester_id']}.json")["user"]["locale_id"] == 10
    assert missing.status_code == 422
    assert missing.json()["details"]["requester"][0]["error"] == "BlankValue"


def test_an_unknown_requester_is_as_good_as_none(desk: Desk) -> None:
    ticket = {"subject": "x", "comment": {"body": "y"}, "requester_id": 5}

    answer = desk.call("POST", "tickets.json", json={"ticket": ticket})

    assert answer.status_code == 422
