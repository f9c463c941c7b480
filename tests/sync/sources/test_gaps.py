"""An audit that the list skipped is proven missing, and only its ticket is noted to be read."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sync.mirror.gaps import REASON, SETTLED
from sync.warehouse.tables.rereads import ticket_rereads
from tests.support.copying import Asked, Body
from tests.support.mirror import rows
from tests.support.two_sources import TwoMirrors, two_mirrors

STREAMS = ("tickets", "ticket_events")
LATER = SETTLED + timedelta(minutes=1)


@pytest.fixture
def both(any_engine: Engine, tmp_path: Path) -> Iterator[TwoMirrors]:
    with two_mirrors(any_engine, tmp_path) as pair:
        yield pair


def noted(both: TwoMirrors) -> list[tuple[int, str]]:
    return [(row["ticket_id"], row["reason"]) for row in rows(both.by_lists, ticket_rereads)]


def settle(both: TwoMirrors) -> None:
    both.copier.later(LATER)
    both.sync(*STREAMS)


def test_only_the_ticket_whose_audit_was_skipped_is_noted(both: TwoMirrors) -> None:
    desk = both.copier.desk
    gap, whole = desk.ticket()["id"], desk.ticket()["id"]
    settle(both)
    settle(both)
    skipped = desk.update(gap, comment={"body": "Lost in the tail"})["audit"]["id"]
    desk.update(whole, priority="high")

    def skip(asked: Asked, body: Body) -> Body | None:
        if asked.path != "ticket_audits":
            return None
        return body | {"audits": [one for one in body["audits"] if one["id"] != skipped]}

    both.copier.tamper = skip
    both.copier.later(timedelta(minutes=1))
    both.sync(*STREAMS)
    too_early = noted(both)
    settle(both)
    settle(both)

    assert too_early == []  # the next pull reads the same minutes again
    assert noted(both) == [(gap, REASON)]


def test_a_restored_ticket_is_noted_because_its_audits_are_listed_again(both: TwoMirrors) -> None:
    desk = both.copier.desk
    number = desk.ticket()["id"]
    settle(both)
    desk.delete(f"tickets/{number}")
    settle(both)
    desk.put(f"deleted_tickets/{number}/restore")
    settle(both)
    settle(both)

    assert noted(both) == [(number, REASON)]


def test_the_past_is_not_looked_through(both: TwoMirrors) -> None:
    both.copier.desk.ticket()
    both.copier.tamper = lambda asked, body: (
        body | {"audits": []} if asked.path == "ticket_audits" else None
    )
    settle(both)
    settle(both)

    assert noted(both) == []
