"""Files go up, are attached to comments, come down again and can be redacted."""

import struct
from collections.abc import Iterator
from typing import Any

import pytest

from integrations.sandbox.state.ticketing.pictures import size_of
from tests.support.sandbox import Desk, desk_on

TEXT = {"Content-Type": "text/plain; charset=utf-8"}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 80, 62)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 62, 80) + b"\x03"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with desk_on() as talking:
        yield talking


def upload(
    desk: Desk, name: str = "id card.txt", content: bytes = b"secret", **more: Any
) -> dict[str, Any]:
    params = {"filename": name} | more
    answer = desk.call("POST", "uploads.json", params=params, data=content, headers=TEXT)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()["upload"]
    return shown


def attached(desk: Desk, *tokens: str) -> tuple[int, dict[str, Any]]:
    """Open a ticket with uploads; return its number and its first comment."""
    ticket = desk.ticket(comment={"body": "My papers", "uploads": list(tokens)})
    comments = desk.get(f"tickets/{ticket['id']}/comments.json")["comments"]
    return ticket["id"], comments[0]


def test_an_upload_answers_with_a_token_and_the_attachment(desk: Desk) -> None:
    shown = upload(desk)

    attachment = shown["attachment"]
    assert list(shown) == ["token", "expires_at", "attachments", "attachment"]
    assert shown["attachments"] == [attachment]
    assert (attachment["file_name"], attachment["size"]) == ("id card.txt", 6)
    assert attachment["content_type"] == "text/plain"
    assert attachment["content_url"].endswith("/?name=id%20card.txt")
    assert attachment["url"] == f"{desk.sandbox.url}/api/v2/attachments/{attachment['id']}.json"


def test_the_file_is_fetched_without_credentials(desk: Desk) -> None:
    address = upload(desk)["attachment"]["content_url"]

    answer = desk.call("GET", address.removeprefix(desk.sandbox.url), headers={"Authorization": ""})

    assert answer.content == b"secret"
    assert answer.headers["content-type"].startswith("text/plain")


def test_more_files_join_an_upload_by_its_token(desk: Desk) -> None:
    token = upload(desk, "a.txt")["token"]

    shown = upload(desk, "b.txt", token=token)

    assert shown["token"] == token
    assert [one["file_name"] for one in shown["attachments"]] == ["a.txt", "b.txt"]
    assert shown["attachment"]["file_name"] == "b.txt"


@pytest.mark.parametrize("as_list", [False, True])
def test_a_comment_names_uploads_as_text_or_list(desk: Desk, as_list: bool) -> None:  # noqa: FBT001 - a parameter
    token = upload(desk)["token"]
    ticket = desk.ticket()

    audit = desk.update(
        ticket["id"], comment={"body": "See", "uploads": [token] if as_list else token}
    )["audit"]

    assert [one["file_name"] for one in audit["events"][0]["attachments"]] == ["id card.txt"]


def test_a_token_is_used_up(desk: Desk) -> None:
    token = upload(desk)["token"]
    attached(desk, token)

    _, comment = attached(desk, token, "no such token")

    assert comment["attachments"] == []


def test_an_upload_can_be_discarded_once(desk: Desk) -> None:
    shown = upload(desk)

    first = desk.call("DELETE", f"uploads/{shown['token']}.json")
    second = desk.call("DELETE", f"uploads/{shown['token']}.json")

    assert (first.status_code, second.status_code) == (204, 404)
    assert desk.call("GET", f"attachments/{shown['attachment']['id']}").status_code == 404


def test_a_picture_inside_the_text_is_listed_only_when_asked_for(desk: Desk) -> None:
    shown = upload(desk, "screen.png", PNG, inline="true")
    number, comment = attached(desk, shown["token"])

    listed = desk.get(f"tickets/{number}/comments.json", params={"include_inline_images": "true"})[
        "comments"
    ][0]["attachments"]

    assert comment["attachments"] == []
    assert [(one["inline"], one["width"], one["height"]) for one in listed] == [(True, 80, 62)]


def test_an_upload_without_a_name_or_content_is_refused(desk: Desk) -> None:
    nameless = desk.call("POST", "uploads.json", data=b"x", headers=TEXT)
    empty = desk.call("POST", "uploads.json?filename=a.txt", headers=TEXT)

    assert nameless.status_code == empty.status_code == 422
    assert nameless.json()["details"]["filename"][0]["error"] == "BlankValue"
    assert empty.json()["error"] == "AttachmentUnprocessable"


def test_agents_may_be_allowed_to_open_malware(desk: Desk) -> None:
    attachment = upload(desk)["attachment"]

    changed = desk.put(
        f"attachments/{attachment['id']}.json", {"attachment": {"malware_access_override": True}}
    )["attachment"]

    assert changed == attachment | {"malware_access_override": True}
    assert desk.get(f"attachments/{attachment['id']}.json")["attachment"] == changed


def test_a_redacted_attachment_is_answered_as_it_was_and_replaced(desk: Desk) -> None:
    number, comment = attached(desk, upload(desk)["token"])
    before = comment["attachments"][0]
    path = f"tickets/{number}/comments/{comment['id']}"

    answer = desk.put(f"{path}/attachments/{before['id']}/redact.json", {})

    after = desk.get(f"tickets/{number}/comments.json")["comments"][0]["attachments"][0]
    old = desk.call("GET", before["content_url"].removeprefix(desk.sandbox.url))
    new = desk.call("GET", after["content_url"].removeprefix(desk.sandbox.url))
    assert answer == {"attachment": before}
    assert (after["id"], after["file_name"], after["size"]) == (before["id"], "redacted.txt", 0)
    assert (old.status_code, new.status_code, new.content) == (404, 200, b"")
    assert desk.get(f"tickets/{number}/audits.json")["audits"][-1]["events"] == [
        {
            "id": pytest.approx(0, abs=1e15),
            "type": "AttachmentRedactionEvent",
            "attachment_id": before["id"],
            "comment_id": comment["id"],
        }
    ]


def test_files_of_a_closed_ticket_stay(desk: Desk) -> None:
    number, comment = attached(desk, upload(desk)["token"])
    desk.update(number, status="closed")
    path = f"tickets/{number}/comments/{comment['id']}"

    answer = desk.call(
        "PUT", f"{path}/attachments/{comment['attachments'][0]['id']}/redact.json", json={}
    )

    assert answer.status_code == 422


def test_an_unused_upload_is_gone_after_three_days() -> None:
    with desk_on() as desk:
        desk.set_clock("2031-03-03T01:00:00Z")
        shown = upload(desk)
        desk.set_clock("2031-03-06T01:00:00Z")

        _, comment = attached(desk, shown["token"])

        assert shown["expires_at"] == "2031-03-06T01:00:00Z"
        assert comment["attachments"] == []


@pytest.mark.parametrize(
    ("content", "size"),
    [
        pytest.param(PNG, (80, 62), id="png"),
        pytest.param(b"GIF89a" + struct.pack("<HH", 80, 62), (80, 62), id="gif"),
        pytest.param(JPEG, (80, 62), id="jpeg"),
        pytest.param(b"\xff\xd8\xff", (None, None), id="cut jpeg"),
        pytest.param(b"text", (None, None), id="text"),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_file(content: bytes, size: Any) -> None:
    assert size_of(content) == size
