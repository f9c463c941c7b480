"""What is taken back in Zendesk is gone from the whole database after one run of the mirror."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from integrations.runtime.database import transaction
from integrations.runtime.errors import ServiceUnavailable
from sync.mirror.follow_up import follow_up
from sync.mirror.intake import store_ticket
from sync.mirror.second_looks import look_again
from sync.warehouse.tables.history import comment_redactions, ticket_audits, ticket_comments
from sync.warehouse.tables.people import users
from sync.warehouse.tables.rereads import pending_erasures, ticket_rereads
from sync.warehouse.tables.tickets import tickets
from tests.support.copying import Copier, copying, count, places_with
from tests.support.mirror import rows
from tests.support.sandbox import Desk
from tests.support.warehouse import seen

SECRET = "correct horse battery staple"
Take = Callable[[Desk, int], Any]


def comments(desk: Desk, number: int) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = desk.get(f"tickets/{number}/comments")["comments"]
    return listed


def sync_for_the_first_time(copier: Copier) -> None:
    """Copy what is there; something happened later, so its events are not exported again."""
    copier.later()
    copier.desk.ticket(comment={"body": "Somebody else"})
    copier.sync()


def body_of_first(engine: Engine) -> str:
    return str(min(rows(engine, ticket_comments), key=lambda row: row["ticket_id"])["body"])


def redact_words(desk: Desk, number: int) -> None:
    place = f"tickets/{number}/comments/{comments(desk, number)[0]['id']}/redact"
    desk.put(place, {"text": SECRET})


def redact_marked(desk: Desk, number: int) -> None:
    comment = comments(desk, number)[0]
    marked = comment["html_body"].replace(SECRET, f"<redact>{SECRET}</redact>")
    desk.put(f"comment_redactions/{comment['id']}", {"ticket_id": number, "html_body": marked})


def delete(desk: Desk, number: int) -> None:
    desk.delete(f"tickets/{number}")


def restore(desk: Desk, number: int) -> None:
    desk.put(f"deleted_tickets/{number}/restore")


def delete_for_good(desk: Desk, number: int) -> None:
    delete(desk, number)
    desk.delete(f"deleted_tickets/{number}")


def upload(desk: Desk, name: str) -> str:
    answer = desk.call(
        "POST",
        "uploads.json",
        params={"filename": name},
        data=b"papers",
        headers={"Content-Type": "text/plain"},
    )
    token: str = answer.json()["upload"]["token"]
    return token


@pytest.mark.parametrize("take", [redact_words, redact_marked])
def test_redacted_words_are_gone_after_one_run(any_engine: Engine, take: Take) -> None:
    with copying(any_engine) as copier:
        number = copier.desk.ticket(comment={"body": f"My seed phrase: {SECRET}. Help"})["id"]
        sync_for_the_first_time(copier)
        before = places_with(any_engine, SECRET)
        take(copier.desk, number)
        copier.requests()
        copier.sync()
        asked = copier.requests()
        differences = copier.differences()

    assert {"ticket_comments.raw", "tickets.description"} <= set(before)
    assert places_with(any_engine, SECRET) == []
    assert "▇" in body_of_first(any_engine)
    assert asked[f"tickets/{number}/audits"] == 1
    assert count(any_engine, ticket_rereads) == 0
    assert differences == []


def test_redaction_of_a_later_comment_leaves_the_others(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        number = copier.desk.ticket(comment={"body": "Please help"})["id"]
        copier.desk.update(number, comment={"body": f"Use {SECRET}", "public": True})
        sync_for_the_first_time(copier)
        said = comments(copier.desk, number)[1]
        copier.desk.put(f"tickets/{number}/comments/{said['id']}/redact", {"text": SECRET})
        copier.sync()

    assert places_with(any_engine, SECRET) == []
    bodies = [row["body"] for row in rows(any_engine, ticket_comments)]
    assert "Please help" in bodies
    assert count(any_engine, comment_redactions, kind="words", comment_id=said["id"]) == 1


def test_redacted_file_is_gone_with_its_name_and_address(any_engine: Engine) -> None:
    name = "passport of wei chen.txt"
    with copying(any_engine) as copier:
        comment = {"body": "My papers", "uploads": [upload(copier.desk, name)]}
        number = copier.desk.ticket(comment=comment)["id"]
        sync_for_the_first_time(copier)
        said = comments(copier.desk, number)[0]
        (file,) = said["attachments"]
        before = places_with(any_engine, name)
        place = f"tickets/{number}/comments/{said['id']}/attachments/{file['id']}/redact"
        copier.desk.put(place, {})
        copier.sync()
        differences = copier.differences()

    assert {"ticket_comments.raw", "ticket_comments.attachments"} <= set(before)
    assert places_with(any_engine, name) == []
    assert places_with(any_engine, file["content_url"]) == []
    assert "My papers" in {row["body"] for row in rows(any_engine, ticket_comments)}
    assert differences == []


def test_comment_made_private_is_so_in_its_raw_record_without_another_request(
    any_engine: Engine,
) -> None:
    with copying(any_engine) as copier:
        number = copier.desk.ticket()["id"]
        copier.desk.update(number, comment={"body": "Too much said", "public": True})
        sync_for_the_first_time(copier)
        said = comments(copier.desk, number)[1]
        copier.desk.put(f"tickets/{number}/comments/{said['id']}/make_private", {})
        copier.requests()
        copier.sync()
        asked = copier.requests()

    (row,) = (each for each in rows(any_engine, ticket_comments) if each["id"] == said["id"])
    assert (row["public"], row["raw"]["public"]) == (False, False)
    assert asked[f"tickets/{number}/audits"] == 0


def test_old_redactions_cost_a_first_copy_no_request(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        number = copier.desk.ticket(comment={"body": f"My words: {SECRET}"})["id"]
        redact_words(copier.desk, number)
        copier.later()
        copier.sync()
        asked = copier.requests()

    assert places_with(any_engine, SECRET) == []
    assert asked[f"tickets/{number}/audits"] == 0


class Silent:
    """Zendesk while it answers nobody."""

    def ticket(self, ticket_id: int) -> dict[str, Any]:
        raise ServiceUnavailable(f"Ticket {ticket_id} cannot be read.", hint="try again later.")

    def audits(self, ticket_id: int) -> list[dict[str, Any]]:
        raise ServiceUnavailable(f"Ticket {ticket_id} cannot be read.", hint="try again later.")

    def server_time(self) -> None:
        """Tell nothing."""


def test_words_are_gone_even_while_the_ticket_cannot_be_read_anew(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        number = copier.desk.ticket(comment={"body": f"Help! {SECRET}"})["id"]
        sync_for_the_first_time(copier)
        redact_words(copier.desk, number)
        readable, copier.client = copier.client, Silent()  # type: ignore[assignment]
        copier.client.session = readable.session
        copier.sync()
        withheld = places_with(any_engine, SECRET)
        (noted,) = rows(any_engine, ticket_rereads)
        copier.client = readable
        copier.sync()
        differences = copier.differences()

    assert withheld == []
    assert (noted["ticket_id"], noted["attempts"]) == (number, 1)
    assert "cannot be read" in noted["error"]
    assert body_of_first(any_engine).startswith("Help! ▇")
    assert count(any_engine, ticket_rereads) == 0
    assert differences == []


def test_redaction_on_a_ticket_that_is_deleted_meanwhile_counts_when_it_is_restored(
    any_engine: Engine,
) -> None:
    with copying(any_engine) as copier:
        number = copier.desk.ticket(comment={"body": f"Help! {SECRET}"})["id"]
        sync_for_the_first_time(copier)
        redact_words(copier.desk, number)
        delete(copier.desk, number)
        copier.sync()
        while_deleted = places_with(any_engine, SECRET)
        restore(copier.desk, number)
        copier.sync()
        differences = copier.differences()

    assert while_deleted == []
    assert body_of_first(any_engine).startswith("Help! ▇")
    assert differences == []


def test_deleted_restored_and_deleted_again(any_engine: Engine) -> None:
    seen = []
    with copying(any_engine) as copier:
        number = copier.desk.ticket(comment={"body": "Keep me"})["id"]
        copier.sync()
        for step in (delete, restore, delete):
            step(copier.desk, number)
            copier.sync()
            (row,) = (each for each in rows(any_engine, tickets) if each["id"] == number)
            seen.append((row["status"] == "deleted", row["deleted_at"] is not None))
            assert copier.differences() == []

    assert seen == [(True, True), (False, False), (True, True)]
    assert places_with(any_engine, "Keep me") != []  # it may be restored once more


def test_ticket_deleted_for_good_leaves_a_tombstone(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        number = copier.desk.ticket(
            subject=f"Subject {SECRET}", comment={"body": f"Body {SECRET}"}, tags=["my-secret-tag"]
        )["id"]
        copier.desk.update(number, comment={"body": SECRET}, subject=f"Again {SECRET}")
        copier.sync()
        before = places_with(any_engine, SECRET)
        message = {"subject": SECRET, "body": SECRET, "to": [{"email": "x@bank.example"}]}
        copier.desk.post(f"tickets/{number}/side_conversations", {"message": message})
        copier.sync()
        aside = places_with(any_engine, SECRET)
        delete_for_good(copier.desk, number)
        copier.sync()
        copier.sync()
        differences = copier.differences()

    assert "ticket_field_history.value" in before
    assert {"side_conversations.subject", "side_conversation_events.body"} <= set(aside)
    assert differences == []
    assert places_with(any_engine, SECRET) == []
    # The account's list of tags is Zendesk's own, and names no ticket.
    assert set(places_with(any_engine, "my-secret-tag")) <= {"tags.name", "tags.raw"}
    (row,) = (each for each in rows(any_engine, tickets) if each["id"] == number)
    assert row["raw"] == {"id": number, "erased": True}
    assert (row["subject"], row["tags"], row["custom_fields"]) == (None, [], [])
    assert row["erased_at"] is not None
    assert count(any_engine, ticket_audits, ticket_id=number) == 0


def customer(desk: Desk) -> dict[str, Any]:
    asked = {
        "name": "Qxavier Plumwood",
        "email": "qxavier.plumwood@secret.example",
        "phone": "+8613912345678",
        "external_id": "cust-plumwood-77",
        "role": "end-user",
        "tags": ["plumwood-tag"],
        "notes": "notes about plumwood",
    }
    user: dict[str, Any] = desk.post("users", {"user": asked})["user"]
    return user


def test_person_deleted_for_good_is_nowhere_any_more(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        desk = copier.desk
        user = customer(desk)
        agent = desk.user_id("admin@example.com")
        number = desk.ticket(requester_id=user["id"], status="solved", assignee_id=agent)["id"]
        desk.update(number, status="closed")
        copier.sync()
        before = places_with(any_engine, user["email"])
        desk.delete(f"users/{user['id']}")
        desk.delete(f"deleted_users/{user['id']}")
        copier.sync()
        differences = copier.differences()

    assert differences == []
    assert before != []
    for words in ("Plumwood", "plumwood", "13912345678"):
        assert places_with(any_engine, words) == []
    (row,) = (each for each in rows(any_engine, users) if each["id"] == user["id"])
    assert row["raw"] == {"id": user["id"], "erased": True}
    assert row["erased_at"] is not None
    assert count(any_engine, pending_erasures) == 0
    assert count(any_engine, tickets, id=number, requester_id=user["id"]) == 1


def test_person_deleted_first_and_for_good_much_later(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        user = customer(copier.desk)
        copier.sync()
        copier.desk.delete(f"users/{user['id']}")
        copier.sync()
        copier.desk.delete(f"deleted_users/{user['id']}")
        copier.sync()

    assert places_with(any_engine, "plumwood") == places_with(any_engine, "Plumwood") == []


def test_nothing_to_follow_up_asks_nothing(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        copier.desk.ticket()
        copier.sync()
        copier.requests()
        looks = look_again(any_engine, copier.client, now=copier.now)
        follow_up(any_engine, copier.client, now=copier.now)

    assert (looks.done, looks.failed, copier.requests()) == (0, 0, {})


def test_file_of_sqlite_holds_nothing_of_what_was_taken_back(sqlite_engine: Engine) -> None:
    path = Path(str(sqlite_engine.url.database))
    with copying(sqlite_engine) as copier:
        words = [f"{SECRET} number {number}" for number in range(30)]
        numbers = [copier.desk.ticket(comment={"body": each})["id"] for each in words]
        user = customer(copier.desk)
        copier.sync()
        before = path.read_bytes()
        for number in numbers[::2]:
            delete_for_good(copier.desk, number)
        for number in numbers[1::2]:
            redact_words(copier.desk, number)
        copier.desk.delete(f"users/{user['id']}")
        copier.desk.delete(f"deleted_users/{user['id']}")
        copier.sync()

    after = path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
    assert SECRET.encode() in before
    assert user["email"].encode() in before
    assert SECRET.encode() not in after
    assert user["email"].encode() not in after


def test_merged_tickets_say_into_which_one(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        first, second, third = (copier.desk.ticket()["id"] for _ in range(3))
        for source, target in ((first, second), (second, third)):
            words = {"source_comment": "Merged", "target_comment": "Took it over"}
            copier.desk.post(f"tickets/{target}/merge", {"ids": [source]} | words)
        copier.sync()
        from_export = seen(any_engine, "merged_tickets", "ticket_id", "merged_into")
        audits = copier.client.audits(first)
        with transaction(any_engine) as connection:
            ticket = copier.client.ticket(first)
            store_ticket(connection, ticket, audits, source="webhook", now=copier.now)
        differences = copier.differences()

    assert from_export == [(first, second), (second, third)]
    assert seen(any_engine, "merged_tickets", "ticket_id", "merged_into") == from_export
    assert differences == []
