"""Numbers of records are compared with few requests, and say what Zendesk's count leaves out."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from integrations.runtime.database import transaction
from sync.streams.registry import BY_NAME
from sync.verification.counts import Counted, count
from sync.warehouse.tables.people import groups
from sync.warehouse.tables.tickets import tickets
from tests.support.verification import Account, copy

Answers = Mapping[str, dict[str, Any]]


class Session:
    """Answers as a test wants, and remembers what was asked."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def read(self, path: str, _params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self.asked.append(path)
        return self.answers[path]


def counted(engine: Engine, name: str, answers: Answers) -> Counted:
    session = Session(answers)
    (found,) = count(engine, session, [BY_NAME[name]])
    assert session.asked == list(answers)
    return found


@pytest.fixture
def engine(any_engine: Engine) -> Engine:
    copy(any_engine, Account())
    return any_engine


def tickets_answer(number: int) -> Answers:
    return {"/api/v2/tickets/count.json": {"count": {"value": number, "refreshed_at": None}}}


@pytest.mark.parametrize(("number", "agrees"), [(0, False), (1, True), (2, False)])
def test_count_of_tickets_is_held_against_living_rows(
    engine: Engine, number: int, *, agrees: bool
) -> None:
    found = counted(engine, "tickets", tickets_answer(number))

    assert (found.warehouse, found.least, found.zendesk, found.agrees) == (1, 1, number, agrees)
    assert "archived" in found.remark


def test_closed_tickets_may_be_archived_and_then_zendesk_does_not_count_them(
    engine: Engine,
) -> None:
    with transaction(engine) as connection:
        connection.execute(update(tickets).values(status="closed"))

    assert counted(engine, "tickets", tickets_answer(0)).agrees is True
    assert counted(engine, "tickets", tickets_answer(2)).agrees is False


def test_deleted_rows_are_not_counted(engine: Engine) -> None:
    with transaction(engine) as connection:
        gone = {"id": 9, "name": "Old", "raw": {}, "_source": "export"}
        times = dict.fromkeys(("deleted_at", "_synced_at"), Account().now)
        connection.execute(insert(groups).values(gone | times))

    assert counted(engine, "groups", {"/api/v2/groups.json": {"count": 1}}).agrees is True


def test_list_without_a_total_counts_when_it_is_one_page(engine: Engine) -> None:
    for rest, agrees in (({"next_page": None}, True), ({"meta": {"has_more": True}}, None)):
        answer: dict[str, Any] = {"groups": [{}], **rest}
        assert counted(engine, "groups", {"/api/v2/groups.json": answer}).agrees is agrees


def test_stream_that_zendesk_does_not_count_costs_no_request(engine: Engine) -> None:
    found = counted(engine, "ticket_events", {})

    assert (found.agrees, found.zendesk) == (None, None)
    assert "compares each record" in found.remark


def test_count_that_zendesk_renews_once_a_day_proves_nothing(engine: Engine) -> None:
    found = counted(engine, "tickets", tickets_answer(100_001))

    assert found.agrees is None
    assert "once a day" in found.remark
