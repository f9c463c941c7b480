"""An answer that a ticket is gone may be older than its time says, so Zendesk is asked again."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from integrations.runtime.database import transaction
from sync.mirror import unconfirmed
from sync.mirror.intake import mark_vanished
from sync.sources.exports import ZendeskExports
from sync.warehouse.tables.rereads import unconfirmed_deletions
from sync.warehouse.tables.tickets import tickets
from tests.support.copying import Copier, copying
from tests.support.mirror import rows

MINUTE = timedelta(minutes=1)


def call_gone(copier: Copier, number: int) -> None:
    with transaction(copier.engine) as connection:
        mark_vanished(connection, number, now=copier.now)


def confirm(copier: Copier) -> int:
    show = ZendeskExports(copier.client.session).show_tickets
    return unconfirmed.confirm(copier.engine, show, now=copier.now)


def stored(engine: Engine, number: int) -> Any:
    return next(each for each in rows(engine, tickets) if each["id"] == number)


def test_a_ticket_that_was_called_gone_and_is_there_comes_back(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        number = copier.desk.ticket()["id"]
        copier.sync()
        call_gone(copier, number)
        copier.later(MINUTE)
        asked = confirm(copier)
        differences = copier.differences("tickets")

    assert asked == 1
    assert (stored(any_engine, number)["status"], differences) == ("new", [])
    assert rows(any_engine, unconfirmed_deletions) == []


def test_a_ticket_that_is_gone_stays_gone_and_is_asked_for_once(any_engine: Engine) -> None:
    with copying(any_engine) as copier:
        number = copier.desk.ticket()["id"]
        copier.sync()
        copier.desk.delete(f"tickets/{number}")
        call_gone(copier, number)
        copier.later(MINUTE)
        asked = [confirm(copier), confirm(copier)]
        copier.sync()
        differences = copier.differences("tickets")

    assert asked == [1, 0]
    assert (stored(any_engine, number)["status"], differences) == ("deleted", [])


def test_nothing_is_asked_while_the_answer_may_still_be_on_its_way(sqlite_engine: Engine) -> None:
    with copying(sqlite_engine) as copier:
        number = copier.desk.ticket()["id"]
        copier.sync()
        call_gone(copier, number)
        asked = confirm(copier)

    assert asked == 0
    assert len(rows(sqlite_engine, unconfirmed_deletions)) == 1
