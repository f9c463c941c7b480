"""The way of one ticket, on both databases, with Zendesk misbehaving."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, Table, func, select

from automations.actions.tables import actions
from automations.escalations.tables import escalations
from automations.pipeline.tables import assessments
from integrations.runtime.errors import (
    LeaseLost,
    LoginRefused,
    OutcomeUnknown,
    ZendeskRetryable,
)
from integrations.runtime.settings import Mode
from integrations.webhooks.tables import deliveries
from sync.warehouse.tables.tickets import tickets
from tests.support.databases import any_engine, empty_engine, sqlite_engine
from tests.support.pipeline import (
    ABSTAINED,
    CUSTOMER,
    RISKDESK,
    SECURITY_AGENT,
    SECURITY_GROUP,
    Bench,
    make_assessment,
)

__all__ = ["any_engine", "empty_engine", "sqlite_engine"]

STOLEN = "Somebody withdrew my coins last night."


@pytest.fixture
def bench(any_engine: Engine) -> Bench:
    return Bench(any_engine)


def count(bench: Bench, table: Table) -> int:
    with bench.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def column(bench: Bench, table: Table, name: str) -> list[object]:
    with bench.engine.connect() as connection:
        return list(connection.scalars(select(table.c[name]).order_by(table.c.id)))


def test_a_complaint_gets_one_draft_and_one_escalation(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)

    bench.handle(ticket_id)

    draft, escalation = bench.zendesk.notes(ticket_id)
    assert draft.startswith("DRAFT REPLY")
    assert "Lin Mei" in draft
    assert escalation.startswith("ESCALATION to Account Security")
    ticket = bench.zendesk.tickets[ticket_id]
    assert (ticket["priority"], ticket["group_id"]) == ("urgent", SECURITY_GROUP)
    assert {"riskdesk", "risk_family_a", "risk_reason_a1", "risk_s1"} < set(ticket["tags"])
    assert column(bench, escalations, "state") == ["open"]
    assert column(bench, deliveries, "outcome") == ["handled"]


def test_every_note_is_internal(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)

    bench.handle(ticket_id)

    public = [
        event["public"]
        for audit in bench.zendesk.history[ticket_id]
        for event in audit["events"]
        if audit["author_id"] == RISKDESK
    ]
    assert public == [False, False]


def test_many_deliveries_about_one_ticket_are_answered_by_one_look(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    for _ in range(5):
        bench.deliver(ticket_id)

    bench.pipeline.handle(ticket_id)

    assert bench.zendesk.reads == 1
    assert set(column(bench, deliveries, "outcome")) == {"handled"}
    assert len(bench.zendesk.notes(ticket_id)) == 2


def test_our_own_update_comes_back_as_a_delivery_and_starts_nothing(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    bench.handle(ticket_id)
    reads = bench.zendesk.reads

    bench.deliver(ticket_id, actor_id=RISKDESK)
    bench.pipeline.handle(ticket_id)

    assert bench.zendesk.reads == reads
    assert column(bench, deliveries, "outcome") == ["handled", "covered"]


def test_a_late_delivery_about_an_older_state_costs_no_request(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    bench.deliver(ticket_id)
    bench.zendesk.comment(ticket_id, CUSTOMER, "Please hurry.")
    bench.handle(ticket_id)
    reads = bench.zendesk.reads
    bench.deliver(ticket_id, happened_at=bench.zendesk.now - timedelta(minutes=1))

    bench.pipeline.handle(ticket_id)

    assert bench.zendesk.reads == reads
    assert column(bench, deliveries, "outcome")[-1] == "covered"


def test_a_departments_answer_closes_its_escalation(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    bench.handle(ticket_id)

    bench.zendesk.comment(ticket_id, SECURITY_AGENT, "Locked and traced.", public=False)
    bench.handle(ticket_id)

    assert column(bench, escalations, "state") == ["answered"]
    assert column(bench, escalations, "answered_by_id") == [SECURITY_AGENT]
    assert count(bench, assessments) == 1


def test_an_escalation_stays_open_while_only_the_customer_writes(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    bench.handle(ticket_id)

    bench.zendesk.comment(ticket_id, CUSTOMER, "Any news?")
    bench.handle(ticket_id)

    assert column(bench, escalations, "state") == ["open"]


def test_a_reopened_ticket_owes_the_answer_again_without_a_second_note(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    bench.handle(ticket_id)
    bench.zendesk.set_status(ticket_id, "solved")
    bench.handle(ticket_id)
    withdrawn = column(bench, escalations, "state")
    bench.zendesk.set_status(ticket_id, "open")
    bench.zendesk.comment(ticket_id, CUSTOMER, "It is not solved at all!")
    bench.handle(ticket_id)

    assert (withdrawn, column(bench, escalations, "state")) == (["withdrawn"], ["open"])
    assert [note[:5] for note in bench.zendesk.notes(ticket_id)] == ["DRAFT", "ESCAL"]


def test_a_ticket_that_was_solved_before_the_first_look_is_drafted_but_not_moved(
    bench: Bench,
) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    bench.zendesk.set_status(ticket_id, "solved")

    bench.handle(ticket_id)

    assert [note[:5] for note in bench.zendesk.notes(ticket_id)] == ["DRAFT"]
    assert bench.zendesk.tickets[ticket_id]["group_id"] is None


def test_a_reply_brings_no_second_draft_but_may_raise_the_severity(bench: Bench) -> None:
    bench.triage.assessment = make_assessment(family="C", reason="C1", severity="S3", owner="RC")
    ticket_id = bench.zendesk.open_ticket("My account is restricted.")
    bench.handle(ticket_id)
    bench.triage.assessment = make_assessment()

    bench.zendesk.comment(ticket_id, CUSTOMER, "And now my coins are leaving!")
    bench.handle(ticket_id)

    assert column(bench, actions, "kind") == ["draft", "reprioritise", "escalate"]
    assert bench.zendesk.tickets[ticket_id]["priority"] == "urgent"
    assert {"risk_s1", "risk_s3"} & set(bench.zendesk.tickets[ticket_id]["tags"]) == {"risk_s1"}
    assert "And now my coins are leaving!" in bench.triage.read[-1]


def test_a_milder_second_reading_never_lowers_anything(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    bench.handle(ticket_id)
    bench.triage.assessment = make_assessment(reason="A2", severity="S3")

    bench.zendesk.comment(ticket_id, CUSTOMER, "Thank you.")
    bench.handle(ticket_id)

    assert bench.zendesk.tickets[ticket_id]["priority"] == "urgent"
    assert column(bench, actions, "kind") == ["draft", "escalate"]


def test_an_abstained_complaint_gets_a_draft_and_no_escalation(bench: Bench) -> None:
    bench.triage.assessment = make_assessment(**ABSTAINED)
    ticket_id = bench.zendesk.open_ticket("hello??")

    bench.handle(ticket_id)

    assert len(bench.zendesk.notes(ticket_id)) == 1
    assert "risk_abstained" in bench.zendesk.tickets[ticket_id]["tags"]
    assert count(bench, escalations) == 0


def test_observing_decides_and_records_but_changes_nothing(sqlite_engine: Engine) -> None:
    bench = Bench(sqlite_engine, mode=Mode.OBSERVE)
    ticket_id = bench.zendesk.open_ticket(STOLEN)

    bench.handle(ticket_id)

    assert bench.zendesk.notes(ticket_id) == []
    assert set(column(bench, actions, "state")) == {"observed"}
    assert count(bench, assessments) == 1
    assert count(bench, escalations) == 0


def test_a_vanished_ticket_is_recorded_and_its_work_dropped(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    bench.handle(ticket_id)
    del bench.zendesk.tickets[ticket_id]

    bench.zendesk.now += timedelta(minutes=1)
    bench.handle(ticket_id)

    assert column(bench, tickets, "status") == ["deleted"]
    assert column(bench, escalations, "state") == ["withdrawn"]
    assert column(bench, deliveries, "outcome")[-1] == "vanished"


def test_a_ticket_that_vanished_before_the_first_look_is_recorded_too(bench: Bench) -> None:
    bench.handle(404)

    assert column(bench, deliveries, "outcome") == ["vanished"]


def test_no_effect_is_doubled_when_the_answer_was_lost(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)

    def lose_answer() -> None:
        raise OutcomeUnknown("No answer.", hint="look.")

    bench.zendesk.after_update = lose_answer
    bench.handle(ticket_id)
    bench.zendesk.after_update = lambda: None
    bench.clock.now += timedelta(minutes=5)
    bench.pipeline.handle(ticket_id)

    assert [note[:5] for note in bench.zendesk.notes(ticket_id)] == ["DRAFT", "ESCAL"]
    assert column(bench, actions, "state") == ["done", "done"]


def test_an_effect_that_never_reached_zendesk_is_sent_again(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)

    def cut() -> None:
        raise OutcomeUnknown("No answer.", hint="look.")

    bench.zendesk.before_update = cut
    bench.handle(ticket_id)
    bench.zendesk.before_update = lambda: None
    bench.clock.now += timedelta(minutes=5)
    bench.pipeline.handle(ticket_id)

    assert [note[:5] for note in bench.zendesk.notes(ticket_id)] == ["DRAFT", "ESCAL"]


def test_a_customer_who_is_faster_than_our_update_is_read_before_it_is_sent(
    bench: Bench,
) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)

    def customer_writes() -> None:
        bench.zendesk.before_update = lambda: None
        bench.zendesk.comment(ticket_id, CUSTOMER, "They are still at it!")

    bench.zendesk.before_update = customer_writes
    bench.handle(ticket_id)

    assert "They are still at it!" in bench.triage.read[-1]
    assert len(bench.zendesk.notes(ticket_id)) == 2
    assert column(bench, actions, "state") == ["done", "done"]


def test_an_update_that_fails_for_now_waits_as_long_as_zendesk_says(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)

    def busy() -> None:
        raise ZendeskRetryable("Busy.", hint="wait.", status=429, retry_after_s=30)

    bench.zendesk.before_update = busy
    bench.handle(ticket_id)

    assert column(bench, actions, "state") == ["sending", "planned"]
    with bench.engine.connect() as connection:
        due = connection.scalars(select(actions.c.due_at).order_by(actions.c.id)).first()
    assert due is not None
    assert due - bench.clock.now >= timedelta(seconds=30)


def test_a_refused_login_postpones_the_delivery_but_never_fails_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)

    def refuse(_ticket_id: int) -> dict[str, object]:
        raise LoginRefused("No.", hint="fix it.", status=401)

    monkeypatch.setattr(bench.zendesk, "ticket", refuse)
    bench.deliver(ticket_id)
    for _ in range(20):
        bench.pipeline.handle(ticket_id)
        bench.clock.now += timedelta(hours=1)
    monkeypatch.undo()
    bench.pipeline.handle(ticket_id)

    assert column(bench, deliveries, "outcome") == ["handled"]
    assert len(bench.zendesk.notes(ticket_id)) == 2


def test_a_poisonous_ticket_is_closed_as_failed_after_many_attempts(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    monkeypatch.setattr(bench.zendesk, "ticket", lambda _ticket_id: {"id": 17})
    bench.deliver(ticket_id)
    for _ in range(20):
        bench.pipeline.handle(ticket_id)
        bench.clock.now += timedelta(hours=1)

    assert column(bench, deliveries, "outcome") == ["failed"]


def test_a_worker_that_lost_its_lease_changes_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    original = bench.zendesk.audits

    def slow(number: int) -> list[dict[str, object]]:
        bench.clock.now += timedelta(minutes=10)
        monkeypatch.setattr(bench.zendesk, "audits", original)
        stale = original(number)
        bench.pipeline.handle(ticket_id)
        return stale

    monkeypatch.setattr(bench.zendesk, "audits", slow)
    bench.handle(ticket_id)

    assert len(bench.zendesk.notes(ticket_id)) == 2
    assert count(bench, assessments) == 1


def test_workers_that_race_for_one_ticket_act_once(bench: Bench) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)
    bench.deliver(ticket_id)

    threads = [threading.Thread(target=bench.pipeline.handle, args=(ticket_id,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(bench.zendesk.notes(ticket_id)) == 2


def test_the_transaction_of_a_decision_is_all_or_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket_id = bench.zendesk.open_ticket(STOLEN)

    def die(*_arguments: object, **_options: object) -> None:
        raise LeaseLost(ticket_id)

    monkeypatch.setattr("automations.pipeline.handle.inbox.mark_handled", die)
    bench.handle(ticket_id)

    written = [count(bench, table) for table in (assessments, actions, escalations, tickets)]
    assert written == [0, 0, 0, 0]
    assert column(bench, deliveries, "handled_at") == [None]
