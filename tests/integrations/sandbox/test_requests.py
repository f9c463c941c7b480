"""The customer's side: opening, reading, answering and solving requests."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.sandbox import Desk, desk_on

KIM = {"X-On-Behalf-Of": "kim@customer.example"}
BO = {"X-On-Behalf-Of": "bo@customer.example"}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with desk_on() as talking:
        for name in ("Kim", "Bo"):
            user = {"name": name, "email": f"{name.lower()}@customer.example"}
            talking.post("users.json", {"user": user})
        yield talking


def opened(desk: Desk, **fields: Any) -> dict[str, Any]:
    asked = {"subject": "Frozen", "comment": {"body": "Why?"}} | fields
    request: dict[str, Any] = desk.post("requests.json", {"request": asked}, headers=KIM)["request"]
    return request


def test_a_request_brings_files_and_people_in_copy(desk: Desk) -> None:
    upload = desk.call("POST", "uploads.json?filename=a.txt", data=b"proof", headers=KIM).json()[
        "upload"
    ]

    request = opened(
        desk,
        comment={"body": "See", "uploads": upload["token"], "public": False},
        collaborators=["bo@customer.example"],
    )

    path = f"requests/{request['id']}"
    (comment,) = desk.get(f"{path}/comments.json", headers=KIM)["comments"]
    assert comment["public"] is True
    assert [one["file_name"] for one in comment["attachments"]] == ["a.txt"]
    assert desk.get(f"{path}.json", headers=BO)["request"]["id"] == request["id"]
    shown = desk.get(f"{path}.json?include=users", headers=KIM)["users"]
    assert [one["email"] for one in shown] == ["bo@customer.example"]


def test_requests_of_others_are_not_there(desk: Desk) -> None:
    number = opened(desk)["id"]

    answers = [
        desk.call("GET", f"requests/{number}.json", headers=BO),
        desk.call("GET", f"requests/{number}/comments.json", headers=BO),
        desk.call("PUT", f"requests/{number}.json", json={"request": {}}, headers=BO),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3


def test_internal_notes_are_never_shown(desk: Desk) -> None:
    number = opened(desk)["id"]
    note = desk.update(number, comment={"body": "inside", "public": False})["audit"]["events"][0]
    path = f"requests/{number}/comments"

    listed = desk.get(f"{path}.json", headers=KIM)["comments"]
    alone = desk.get(f"{path}/{listed[0]['id']}.json", headers=KIM)["comment"]

    assert [one["body"] for one in listed] == ["Why?"]
    assert alone == listed[0]
    assert desk.call("GET", f"{path}/{note['id']}.json", headers=KIM).status_code == 404


def test_comments_are_narrowed_by_role_and_time(desk: Desk) -> None:
    number = opened(desk)["id"]
    desk.update(number, comment={"body": "Looking"})
    path = f"requests/{number}/comments.json"

    agents = desk.get(path, params={"role": "agent"}, headers=KIM)["comments"]
    later = desk.get(path, params={"since": "2099-01-01T00:00:00Z"}, headers=KIM)["comments"]
    newest = desk.get(path, params={"sort_order": "desc"}, headers=KIM)["comments"]

    assert [one["body"] for one in agents] == ["Looking"]
    assert later == []
    assert [one["body"] for one in newest] == ["Looking", "Why?"]
    assert desk.call("GET", f"{path}?since=soon", headers=KIM).status_code == 400


def test_a_customer_solves_what_somebody_takes_care_of(desk: Desk) -> None:
    number = opened(desk)["id"]
    path = f"requests/{number}.json"
    solved = {"request": {"solved": True, "comment": {"body": "Thanks"}}}
    early = desk.call("PUT", path, json=solved, headers=KIM)
    desk.update(number, assignee_email="lin.wei@example.com")
    can_solve = desk.get(path, headers=KIM)["request"]["can_be_solved_by_me"]

    request = desk.put(path, solved, headers=KIM)["request"]

    assert early.status_code == 422
    assert can_solve is True
    assert (request["status"], request["can_be_solved_by_me"]) == ("solved", False)
    listed = desk.get("requests/solved.json", headers=KIM)["requests"]
    assert number in [one["id"] for one in listed]


def test_a_customer_changes_nothing_else(desk: Desk) -> None:
    number = opened(desk)["id"]

    answer = desk.call(
        "PUT",
        f"requests/{number}.json",
        json={"request": {"subject": "x", "status": "closed"}},
        headers=KIM,
    )

    assert answer.json()["request"]["subject"] == "Frozen"
    assert "request.subject" in answer.headers["x-zendesk-api-warn"]


def test_requests_are_listed_and_searched(desk: Desk) -> None:
    number = opened(desk, subject="Purple withdrawal")["id"]
    desk.put(
        f"requests/{number}.json",
        {"request": {"additional_collaborators": ["bo@customer.example"]}},
        headers=KIM,
    )

    found = desk.get("requests/search.json?query=purple&status=new,open", headers=KIM)
    none = desk.get("requests/search.json?query=purple&status=solved", headers=KIM)
    open_ones = desk.get("requests/open.json?sort_by=updated_at&sort_order=desc", headers=KIM)
    copied = desk.get("requests/ccd.json", headers=BO)["requests"]
    by_staff = desk.get(f"users/{desk.user_id('kim@customer.example')}/requests.json")["requests"]

    assert [one["id"] for one in found["requests"]] == [number]
    assert none["requests"] == []
    assert open_ones["requests"][0]["updated_at"] >= open_ones["requests"][-1]["updated_at"]
    assert number in [one["id"] for one in copied]
    assert number in [one["id"] for one in by_staff]


def test_a_closed_request_is_followed_up(desk: Desk) -> None:
    number = opened(desk)["id"]
    desk.update(number, status="closed")

    request = opened(desk, via_followup_source_id=number)

    assert request["followup_source_id"] == number
