"""What is redacted is gone: from the comment, the ticket, its audits and the exports."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.state.ticketing import blackening
from tests.support.sandbox import Desk, desk_on

BLACK = "▇"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with desk_on(export_lag=timedelta()) as talking:
        yield talking


def said(desk: Desk, body: str) -> tuple[int, dict[str, Any]]:
    """Open a ticket with this first comment; return its number and the comment."""
    number = desk.ticket(comment={"body": body})["id"]
    return number, desk.get(f"tickets/{number}/comments.json")["comments"][0]


def marked(number: int, html: str, **more: Any) -> dict[str, Any]:
    return {"ticket_id": number, "html_body": html} | more


def test_words_are_blackened_in_every_form_and_in_the_description(desk: Desk) -> None:
    number, comment = said(desk, "Card 4111 <1111>\nis mine, 4111 <1111>!")
    path = f"tickets/{number}/comments/{comment['id']}/redact.json"

    shown = desk.put(path, {"text": "4111 <1111>"})["comment"]

    black = BLACK * 11
    assert shown["body"] == shown["plain_body"] == f"Card {black}\nis mine, {black}!"
    assert shown["html_body"] == (
        f'<div class="zd-comment" dir="auto"><p dir="auto">Card {black}<br>\n'
        f"is mine, {black}!</p></div>"
    )
    assert desk.get(f"tickets/{number}.json")["ticket"]["description"] == shown["body"]
    first = desk.get(f"tickets/{number}/audits.json")["audits"][0]
    assert first["events"][0]["body"] == shown["body"]


def test_the_audit_says_that_and_not_what(desk: Desk) -> None:
    number, comment = said(desk, "pin 1234")

    desk.put(f"tickets/{number}/comments/{comment['id']}/redact.json", {"text": "1234"})

    event = desk.get(f"tickets/{number}/audits.json")["audits"][-1]["events"][0]
    assert (event["type"], event["comment_id"]) == ("CommentRedactionEvent", comment["id"])
    assert "1234" not in str(desk.get(f"tickets/{number}/audits.json"))


def test_words_that_were_not_said_change_nothing(desk: Desk) -> None:
    number, comment = said(desk, "pin 1234")

    shown = desk.put(f"tickets/{number}/comments/{comment['id']}/redact.json", {"text": "99"})

    assert shown["comment"]["body"] == "pin 1234"
    assert len(desk.get(f"tickets/{number}/audits.json")["audits"]) == 1


def test_the_old_way_fails_on_a_closed_ticket_and_the_new_one_works(desk: Desk) -> None:
    number, comment = said(desk, "pin 1234")
    desk.update(number, status="closed")
    html = comment["html_body"].replace("1234", "<redact>1234</redact>")

    old = desk.call(
        "PUT", f"tickets/{number}/comments/{comment['id']}/redact.json", json={"text": "1234"}
    )
    new = desk.put(f"comment_redactions/{comment['id']}.json", marked(number, html))["comment"]

    assert old.status_code == 422
    assert old.json()["details"]["status"][0]["description"].startswith("Status: closed prevents")
    assert new["body"] == new["plain_body"] == f"pin {BLACK * 4}"


def test_marked_elements_go_and_their_text_stays_unless_it_is_marked(desk: Desk) -> None:
    html = '<p>See <a href="http://x.example/1">my link</a> &amp; <b>pin</b></p>'
    number = desk.ticket(comment={"html_body": html})["id"]
    comment = desk.get(f"tickets/{number}/comments.json")["comments"][0]
    copy = comment["html_body"].replace('/1">my link', '/1" redact><redact>my</redact> link')

    shown = desk.put(f"comment_redactions/{comment['id']}.json", marked(number, copy))["comment"]

    assert shown["body"] == f"See {BLACK * 2} link & pin"
    assert f"<p>See {BLACK * 2} link &amp; <b>pin</b></p>" in shown["html_body"]


def test_only_marks_may_be_added_to_the_html(desk: Desk) -> None:
    number, comment = said(desk, "pin 1234")

    answer = desk.call(
        "PUT",
        f"comment_redactions/{comment['id']}.json",
        json=marked(number, "<redact>another text</redact>"),
    )

    assert answer.status_code == 422


def test_a_file_is_redacted_by_its_address_on_a_closed_ticket(desk: Desk) -> None:
    uploaded = desk.call("POST", "uploads.json?filename=a.txt", data=b"secret").json()["upload"]
    number = desk.ticket(comment={"body": "See", "uploads": uploaded["token"]})["id"]
    comment = desk.get(f"tickets/{number}/comments.json")["comments"][0]
    desk.update(number, status="closed")
    urls = [uploaded["attachment"]["content_url"]]

    shown = desk.put(
        f"comment_redactions/{comment['id']}.json",
        {"ticket_id": number, "external_attachment_urls": urls},
    )["comment"]

    assert [one["file_name"] for one in shown["attachments"]] == ["redacted.txt"]


def test_exports_show_the_redaction_and_no_longer_the_words(desk: Desk) -> None:
    number, comment = said(desk, "pin 98765")
    desk.put(f"tickets/{number}/comments/{comment['id']}/redact.json", {"text": "98765"})

    events = desk.get(
        "incremental/ticket_events.json", params={"start_time": 0, "include": "comment_events"}
    )["ticket_events"]

    mine = [event for event in events if event["ticket_id"] == number]
    kinds = [child["event_type"] for event in mine for child in event["child_events"]]
    assert kinds[-1] == "CommentRedactionEvent"
    assert mine[-1]["child_events"][0]["comment_id"] == comment["id"]
    assert "98765" not in str(events)


def test_a_comment_is_made_private_and_the_ticket_with_it(desk: Desk) -> None:
    number, comment = said(desk, "in public")

    answer = desk.put(f"tickets/{number}/comments/{comment['id']}/make_private.json")

    now = desk.get(f"tickets/{number}/comments.json")["comments"][0]
    event = desk.get(f"tickets/{number}/audits.json")["audits"][-1]["events"][0]
    assert answer == {}
    assert now["public"] is False
    assert desk.get(f"tickets/{number}.json")["ticket"]["is_public"] is False
    assert (event["type"], event["public"]) == ("CommentPrivacyChange", False)


def test_the_audit_of_a_comment_makes_it_private_too(desk: Desk) -> None:
    number, comment = said(desk, "in public")

    desk.put(f"tickets/{number}/audits/{comment['audit_id']}/make_private.json")

    assert desk.get(f"tickets/{number}/comments.json")["comments"][0]["public"] is False


def test_light_agents_may_not_redact(desk: Desk) -> None:
    number, comment = said(desk, "pin 1234")

    answer = desk.call(
        "PUT",
        f"tickets/{number}/comments/{comment['id']}/redact.json",
        json={"text": "1234"},
        headers={"X-On-Behalf-Of": "nina.patel@example.com"},
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("body", [{}, {"ticket_id": "x"}, {"ticket_id": 1, "html_body": 7}])
def test_odd_bodies_are_refused(desk: Desk, body: dict[str, Any]) -> None:
    answer = desk.call("PUT", "comment_redactions/1.json", json=body)

    assert 400 <= answer.status_code < 500


def test_unclosed_angles_and_entities_count_as_what_people_see() -> None:
    marks = blackening.Marks("a < b &lt;<redact>c&amp;</redact> <i>d")

    assert (marks.text, marks.places) == ("a<b<c&d", {4, 5})
    assert blackening.blackened_html("a < b &lt;c&amp; <i>d", {4, 5}) == (
        f"a < b &lt;{BLACK}{BLACK} <i>d"
    )
