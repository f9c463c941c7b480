"""A clock that runs out raises one note and one tag, whatever is repeated or dies in between."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from automations.actions.tables import actions
from automations.pipeline.reminders import DUE_SOON, OVERDUE, remind
from integrations.runtime.database import reading
from sync.sla.desk_clocks.loading import SHIPPED_ONLY
from sync.warehouse.tables.people import group_memberships, groups, users
from tests.support.pipeline import SECURITY_AGENT, SECURITY_GROUP, Bench
from tests.support.warehouse import put

PATIENCE = timedelta(days=3)


def reminded(bench: Bench, *, minutes: float, acts: bool = True) -> list[int]:
    """Look at the clocks so many minutes after the ticket's newest change, and act."""
    found = remind(
        bench.engine,
        SHIPPED_ONLY,
        acts=acts,
        zendesk_now=bench.zendesk.now + timedelta(minutes=minutes),
        now=bench.clock(),
        patience=PATIENCE,
    )
    for ticket_id in found:
        bench.pipeline.handle(ticket_id)
    return found


def handled(engine: Engine) -> Bench:
    """Return a pipeline that handled an S1 complaint: a person answers within 15 minutes."""
    made = Bench(engine)
    made.handle(made.zendesk.open_ticket("somebody emptied my account"))
    return made


@pytest.fixture
def bench(sqlite_engine: Engine) -> Bench:
    return handled(sqlite_engine)


def notes(bench: Bench) -> list[str]:
    return [note for note in bench.zendesk.notes(17) if note.startswith(("DUE SOON", "OVERDUE"))]


def test_a_clock_reminds_at_half_its_time_and_at_its_breach_once_each(any_engine: Engine) -> None:
    bench = handled(any_engine)
    found = [reminded(bench, minutes=minutes) for minutes in (7, 8, 9, 16, 17)]

    assert found == [[], [17], [], [17], []]
    assert ["DUE SOON" in note for note in notes(bench)].count(True) == 1
    assert {DUE_SOON, OVERDUE} <= set(bench.zendesk.tickets[17]["tags"])


def test_the_note_says_which_clock_until_when_and_what_to_do(bench: Bench) -> None:
    reminded(bench, minutes=8)

    assert notes(bench) == [
        "DUE SOON · 即将到期: First answer of a person, S1\n"
        "Due · 截止: 2026-03-03 12:15:00 UTC\n"
        "To do · 待办: A person answers the customer in public · 请人工公开答复客户\n"
        "Rule · 规则: desk/severity@1"
    ]


def test_an_answered_clock_reminds_nobody(bench: Bench) -> None:
    agent = {"id": SECURITY_AGENT, "role": "agent", "tags": [], "user_fields": {}}
    put(bench.engine, users, agent)
    put(bench.engine, groups, {"id": SECURITY_GROUP, "name": "Account Security"})
    membership = {"id": 1, "user_id": SECURITY_AGENT, "group_id": SECURITY_GROUP}
    put(bench.engine, group_memberships, membership)
    bench.zendesk.comment(17, SECURITY_AGENT, "We are on it", public=True)
    bench.handle(17)

    assert reminded(bench, minutes=30) == []


def test_what_ran_out_long_ago_reminds_nobody(bench: Bench) -> None:
    assert reminded(bench, minutes=60 * 24 * 60) == []


def test_a_desk_that_only_observes_records_the_reminder_and_sends_none(bench: Bench) -> None:
    assert [reminded(bench, minutes=8, acts=False) for _ in range(2)] == [[], []]
    with reading(bench.engine) as connection:
        query = select(actions.c.state).where(actions.c.kind == "remind")
        assert connection.scalars(query).all() == ["observed"]
    assert notes(bench) == []
