"""Complaints about what was deleted, restored, redacted or never meant for everybody."""

import pytest
from sqlalchemy import Engine, select

from integrations.runtime.database import reading
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.tickets import tickets
from tests.support.copying import Asked, Body, Copier, copying, count, places_with
from tests.support.sandbox import Desk

SECRET = "Ottoline Hargreaves, flat 12"


def first_comment(desk: Desk, ticket_id: int) -> dict[str, object]:
    comment: dict[str, object] = desk.get(f"tickets/{ticket_id}/comments")["comments"][0]
    return comment


def blacken(desk: Desk, ticket_id: int) -> None:
    """Take name and flat out of the first comment, as one may on closed tickets too."""
    comment = first_comment(desk, ticket_id)
    marked = str(comment["html_body"]).replace(SECRET, f"<redact>{SECRET}</redact>")
    body = {"ticket_id": ticket_id, "html_body": marked}
    desk.put(f"comment_redactions/{comment['id']}", body)


def test_complaint_10_a_ticket_that_vanishes_stops_nothing(any_engine: Engine) -> None:
    """airbytehq/airbyte#6249, facetoe/zenpy#259, singer-io/tap-zendesk#149: 404 ended the copy."""
    vanished: list[int] = []

    def delete_meanwhile(asked: Asked, _body: Body) -> None:
        if asked.path == "incremental/ticket_events" and not vanished:
            vanished.append(doomed)
            copier.desk.delete(f"tickets/{doomed}")
            copier.desk.delete(f"deleted_tickets/{doomed}")

    with copying(any_engine) as copier:
        doomed = copier.desk.ticket(comment={"body": f"I am {SECRET}"})["id"]
        stays = copier.desk.ticket()["id"]
        copier.sync()
        blacken(copier.desk, doomed)
        copier.tamper = delete_meanwhile
        during = copier.run()
        copier.tamper = None
        copier.sync()
        gone = copier.desk.call("GET", f"tickets/{doomed}").status_code
        differences = copier.differences()

    assert (vanished, gone) == ([doomed], 404)
    assert {name: each.error for name, each in during.items() if each.error} == {}
    assert count(any_engine, tickets, id=stays, deleted_at=None) == 1
    assert count(any_engine, tickets, id=doomed, deleted_at=None) == 0
    assert differences == []


def test_complaint_11_what_is_restored_comes_back(any_engine: Engine) -> None:
    """mozilla/sumo#3085, #3142, zammad/zammad#1161: undeleting was lost, deleted ones broke it."""
    alive = []
    with copying(any_engine) as copier:
        number = copier.desk.ticket()["id"]
        copier.sync()
        for change in ("delete", "restore", "delete"):
            if change == "delete":
                copier.desk.delete(f"tickets/{number}")
            else:
                copier.desk.put(f"deleted_tickets/{number}/restore")
            copier.sync()
            alive.append(count(any_engine, tickets, id=number, deleted_at=None))
        differences = copier.differences()

    assert alive == [0, 1, 0]
    assert count(any_engine, tickets, id=number, status="deleted") == 1
    assert differences == []


def test_complaint_12_internal_notes_are_marked(any_engine: Engine) -> None:
    """PostHog/posthog#67400: private notes were copied like answers, without anybody's choice."""
    with copying(any_engine) as copier:
        number = copier.desk.ticket()["id"]
        copier.desk.update(number, comment={"body": "We suspect fraud", "public": False})
        said = copier.desk.update(number, comment={"body": "Public at first", "public": True})
        spoken = next(one["id"] for one in said["audit"]["events"] if one["type"] == "Comment")
        copier.sync()
        copier.desk.put(f"tickets/{number}/comments/{spoken}/make_private")
        copier.sync()
        differences = copier.differences()

    notes = {"We suspect fraud": False, "Public at first": False, "Please help": True}
    query = select(ticket_comments.c.body, ticket_comments.c.public)
    with reading(any_engine) as connection:
        assert {row.body: row.public for row in connection.execute(query)} == notes
    assert differences == []


@pytest.mark.parametrize("status", ["open", "closed"])
def test_complaint_13_words_that_were_redacted_are_gone(any_engine: Engine, status: str) -> None:
    """facetoe/zenpy#640: there are two ways to redact, and one changes closed tickets too."""
    with copying(any_engine) as copier:
        number = copier.desk.ticket(
            status="solved" if status == "closed" else status,
            assignee_id=copier.desk.user_id("admin@example.com"),
            comment={"body": f"I am {SECRET}, and was charged"},
        )["id"]
        if status == "closed":
            copier.desk.update(number, status=status)
        copier.later()
        copier.desk.ticket()  # the copy has gone past the comment when it is redacted
        copier.sync()
        before = places_with(any_engine, SECRET)
        _redact_in_every_allowed_way(copier, number, status)
        copier.sync()
        differences = copier.differences()

    assert "ticket_comments.body" in before
    assert "ticket_comments.raw" in before
    assert places_with(any_engine, SECRET) == []
    assert count(any_engine, tickets, id=number, status=status) == 1
    assert differences == []


def _redact_in_every_allowed_way(copier: Copier, number: int, status: str) -> None:
    if status == "closed":
        blacken(copier.desk, number)
        return
    comment = first_comment(copier.desk, number)
    place = f"tickets/{number}/comments/{comment['id']}/redact"
    copier.desk.put(place, {"text": SECRET})
