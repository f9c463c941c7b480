"""The pages for people: what they show, and that nothing from outside becomes markup."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from integrations.sandbox.faults import Faults, WebhookFaults
from tests.support.sandbox import Desk, desk_on

EVIL = "<script>alert(1)</script> {0} {}"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """Give one sandbox for the whole module."""
    with desk_on() as talking:
        yield talking


def words(text: str) -> str:
    """Return what a reader sees of a page, in one line."""
    bare = re.sub(r"<(style|title)>.*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", bare)).split())


def page(desk: Desk, path: str = "/") -> str:
    """Return a page."""
    answer = desk.call("GET", path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def escalated(desk: Desk) -> tuple[Any, int]:
    """Return a ticket full of hostile text and the number of its child ticket."""
    ticket = desk.ticket(
        subject=EVIL,
        tags=["<i>"],
        external_id=EVIL,
        comment={"body": EVIL},
        requester={"name": EVIL, "email": "evil@customer.example"},
    )
    body = desk.post(
        f"tickets/{ticket['id']}/side_conversations",
        {
            "message": {
                "subject": EVIL,
                "body": EVIL,
                "to": [{"support_group_id": desk.group_id("Legal")}],
            }
        },
    )
    return ticket, int(body["side_conversation"]["external_ids"]["targetTicketId"])


def test_nothing_from_outside_becomes_markup(desk: Desk) -> None:
    desk.subscribe("http://127.0.0.1:9/?<i>", "created", name=EVIL)
    ticket, child = escalated(desk)
    desk.settle()

    texts = [page(desk, path) for path in ("/", *(f"/sandbox/tickets/{n}" for n in (1, child)))]

    assert ticket["id"] == 1
    for text in texts:
        assert EVIL in words(text)
        assert "<script>" not in text
        assert "<i>" not in text


def test_a_page_can_neither_run_nor_load_anything(desk: Desk) -> None:
    policy = desk.call("GET", "/").headers["content-security-policy"]

    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_overview_shows_webhooks_with_their_circuit_and_deliveries() -> None:
    with desk_on() as desk:
        webhook = desk.subscribe("http://127.0.0.1:9/", "created", name="inbox")
        for _ in range(100):
            desk.sandbox.deliveries.breaker(webhook["id"]).note(failed=True)
        desk.ticket()
        desk.settle()

        text = words(page(desk))

    assert "inbox POST http://127.0.0.1:9/ active open ticket.created 1 circuit broken" in text
    assert "ticket.created inbox circuit broken" in text


def test_the_overview_shows_only_the_faults_in_force(desk: Desk) -> None:
    calm = words(page(desk))
    desk.sandbox.dice.faults = Faults(webhooks=WebhookFaults(lost=0.25))
    faulty = words(page(desk))
    desk.sandbox.dice.faults = Faults()

    assert "everything behaves" in calm
    assert '"lost": 0.25 ' in faulty
    assert "delay_seconds" not in faulty


def test_the_overview_shows_the_clock_and_loads_itself_again_when_asked() -> None:
    with desk_on() as desk:
        desk.set_clock("2030-01-01T00:00:00Z")

        text = page(desk, "/?live=1")

    assert "2030-01-01T00:00:00Z · stands still" in words(text)
    assert '<meta http-equiv="refresh"' in text


def test_older_tickets_are_one_page_further() -> None:
    with desk_on() as desk:
        for number in range(25):
            desk.ticket(subject=f"Subject {number}.")

        first, second = words(page(desk)), words(page(desk, "/?skip=20"))

    assert "Subject 24." in first
    assert "Subject 4." not in first
    assert "Subject 4." in second
    assert "newer" in second


@pytest.mark.parametrize("query", ["skip=x", "skip=-1", "skip=99999999999999999999", "live=<i>"])
def test_a_strange_view_is_as_good_as_none(desk: Desk, query: str) -> None:
    assert "riskdesk sandbox" in page(desk, f"/?{query}")


def test_the_page_of_a_ticket_shows_what_was_said_and_changed(desk: Desk) -> None:
    ticket = desk.ticket(subject="Frozen", priority="high", tags=["riskdesk"])
    desk.update(
        ticket["id"],
        comment={"body": "A thought", "public": False},
        group_id=desk.group_id("Compliance"),
        priority="urgent",
    )

    text = words(page(desk, f"/sandbox/tickets/{ticket['id']}"))

    assert "internal note A thought" in text
    assert "priority: high → urgent" in text
    assert "group_id: → Compliance" in text
    assert "apply_sla" in text


def test_the_page_of_a_ticket_leads_to_its_child_and_back(desk: Desk) -> None:
    ticket, child = escalated(desk)
    desk.update(child, comment={"body": "Yes, you may."})

    above, below = (page(desk, f"/sandbox/tickets/{number}") for number in (ticket["id"], child))

    assert f'<a href="/sandbox/tickets/{child}">child ticket #{child}</a>' in above
    assert "Yes, you may." in words(above)
    assert f'<a href="/sandbox/tickets/{ticket["id"]}">#{ticket["id"]}</a>' in below


def test_an_unknown_ticket_has_no_page(desk: Desk) -> None:
    assert desk.call("GET", "/sandbox/tickets/999999").status_code == 404


def test_a_deleted_ticket_still_has_a_page(desk: Desk) -> None:
    ticket = desk.ticket(subject="Gone")
    desk.delete(f"tickets/{ticket['id']}")

    assert "Gone" in page(desk, f"/sandbox/tickets/{ticket['id']}")
