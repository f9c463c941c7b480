"""What Zendesk takes back is gone from the warehouse, or back in it, within one sync."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import tickets
from tests.support.copying import Copier, copying, count, places_with

PLACE, FILE, NOTE = "Kiefernweg 12, Linz", "passport-of-wang.txt", "seed phrase: zebra lemon"
PERSON, ADDRESS = "Ottoline Hargreaves", "ottoline.hargreaves@customer.example"
SECRETS = (PLACE, FILE, NOTE, PERSON, ADDRESS)


def copied_with(copier: Copier) -> int:
    """Open a ticket that holds all the secrets, let the account go on, and copy it."""
    desk = copier.desk
    upload = desk.post("uploads", {"scan": 1}, params={"filename": FILE})["upload"]["token"]
    number = int(
        desk.ticket(
            requester={"name": PERSON, "email": ADDRESS},
            comment={"body": f"I live at {PLACE}", "uploads": [upload]},
        )["id"]
    )
    copier.later()
    desk.update(number, comment={"body": NOTE, "public": False})
    copier.later(timedelta(hours=1))
    desk.ticket(requester={"name": "Li Na", "email": "li.na@customer.example"})
    copier.sync()
    return number


def take_back_words_and_file(copier: Copier, number: int) -> None:
    """Redact the place with one API, the note with the other, and the file."""
    first, second = copier.desk.get(f"tickets/{number}/comments")["comments"]
    place = f"tickets/{number}/comments/{first['id']}"
    copier.desk.put(f"{place}/redact", {"text": PLACE})
    copier.desk.put(f"{place}/attachments/{first['attachments'][0]['id']}/redact")
    marked = second["html_body"].replace(NOTE, f"<redact>{NOTE}</redact>")
    asked = {"ticket_id": number, "html_body": marked}
    copier.desk.put(f"comment_redactions/{second['id']}", asked)


def test_a_redacted_comment_and_file_are_gone(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        number = copied_with(copier)
        before = [places_with(any_engine, secret) for secret in SECRETS]
        take_back_words_and_file(copier, number)
        copier.sync()
        differences = copier.differences()

    assert all(before), "every secret must have been copied"
    assert {secret: places_with(any_engine, secret) for secret in (PLACE, FILE, NOTE)} == {
        PLACE: [],
        FILE: [],
        NOTE: [],
    }
    assert count(any_engine, ticket_comments, ticket_id=number) == 2
    assert differences == []


def test_a_ticket_deleted_restored_and_deleted_again_follows(any_engine: Engine) -> None:
    states: list[Any] = []
    with copying(any_engine) as copier:
        number = copied_with(copier)
        for act in ("delete", "restore", "delete"):
            if act == "delete":
                copier.desk.delete(f"tickets/{number}")
            else:
                copier.desk.put(f"deleted_tickets/{number}/restore")
            copier.sync()
            states.append(count(any_engine, tickets, id=number, deleted_at=None))
        copier.desk.delete(f"deleted_tickets/{number}")
        copier.sync()
        differences = copier.differences()

    assert states == [0, 1, 0]
    assert count(any_engine, tickets, id=number) == 1, "a tombstone stays"
    assert {secret: places_with(any_engine, secret) for secret in (PLACE, FILE, NOTE)} == {
        PLACE: [],
        FILE: [],
        NOTE: [],
    }
    assert differences == []


def test_a_user_deleted_for_good_is_gone(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        number = copied_with(copier)
        person = copier.desk.user_id(ADDRESS)
        agent = copier.desk.user_id("admin@example.com")
        copier.desk.update(number, status="closed", assignee_id=agent)
        copier.later()
        copier.desk.delete(f"users/{person}")
        copier.desk.delete(f"deleted_users/{person}")
        copier.sync()
        differences = copier.differences()

    assert count(any_engine, users, id=person) == 1, "a tombstone stays"
    assert {secret: places_with(any_engine, secret) for secret in (PERSON, ADDRESS)} == {
        PERSON: [],
        ADDRESS: [],
    }
    assert differences == []
