"""Tickets are linked while they are recorded, and told when several customers report the same."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from automations.actions.tables import actions
from automations.cases.mentions import Kind, Mention, Relation
from automations.cases.reading import listing
from automations.cases.tables import case_indicators, case_mentions
from automations.pipeline.erasing import forget_erased
from automations.pipeline.mentions import is_iban, mentions_of
from automations.pipeline.tables import assessments
from integrations.runtime.database import reading, transaction
from sync.warehouse.tables.tickets import tickets
from tests.support.databases import any_engine, empty_engine, sqlite_engine
from tests.support.pipeline import ABSTAINED, Bench, make_assessment
from tests.support.tickets import CUSTOMER, NOON, make_view

__all__ = ["any_engine", "empty_engine", "sqlite_engine"]

SCAMMER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
ALIKE = SCAMMER.lower()


@pytest.fixture
def bench(any_engine: Engine) -> Bench:
    bench = Bench(any_engine)
    bench.triage.assessment = make_assessment(
        family="B", reason="B1", severity="S2", owner="RC", signals={"address": (SCAMMER,)}
    )
    return bench


def hashed(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def report(bench: Bench, customer: int) -> int:
    ticket_id = 17 + len(bench.zendesk.tickets)
    bench.zendesk.open_ticket("Gone", ticket_id=ticket_id, requester_id=customer)
    bench.handle(ticket_id)
    return ticket_id


def test_the_third_customer_with_the_same_address_raises_all_three(bench: Bench) -> None:
    first, second = report(bench, CUSTOMER), report(bench, CUSTOMER + 1)
    third = report(bench, CUSTOMER + 2)
    for ticket_id in (first, second):
        bench.pipeline.handle(ticket_id)

    for ticket_id in (first, second, third):
        tags = bench.zendesk.tickets[ticket_id]["tags"]
        assert {"risk_linked_reports", "risk_s1"} <= set(tags)
        assert "risk_s2" not in tags
        assert bench.zendesk.tickets[ticket_id]["priority"] == "urgent"
        (note,) = [n for n in bench.zendesk.notes(ticket_id) if n.startswith("LINKED")]
        assert f"V-{first}" in note
    with reading(bench.engine) as connection:
        (case,) = listing(connection)
        newest = connection.execute(
            select(assessments).where(assessments.c.ticket_id == third)
        ).one()
    assert (case.tickets, case.customers) == (3, 3)
    assert newest.severity == "S1"
    assert ["linked_reports", "3"] in newest.severity_reasons


def test_one_customer_with_three_tickets_is_one_report(bench: Bench) -> None:
    tickets = [report(bench, CUSTOMER) for _ in range(3)]

    for ticket_id in tickets:
        assert "risk_linked_reports" not in bench.zendesk.tickets[ticket_id]["tags"]


def test_nothing_is_told_twice_when_a_ticket_is_read_again(bench: Bench) -> None:
    tickets = [report(bench, CUSTOMER + place) for place in range(4)]
    for ticket_id in tickets * 2:
        bench.handle(ticket_id)

    for ticket_id in tickets:
        assert [n[:6] for n in bench.zendesk.notes(ticket_id)].count("LINKED") == 1


def test_an_erased_ticket_leaves_no_links(bench: Bench) -> None:
    first, second = report(bench, CUSTOMER), report(bench, CUSTOMER + 1)
    del bench.zendesk.tickets[first]

    bench.deliver(first, event_type="permanently_deleted")
    bench.pipeline.handle(first)

    with reading(bench.engine) as connection:
        assert listing(connection) == []
        assert list(connection.scalars(select(case_mentions.c.ticket_id))) == [second]
        assert connection.scalar(select(case_indicators.c.tickets)) == 1


def test_what_only_the_mirror_knows_to_be_erased_is_forgotten_too(bench: Bench) -> None:
    first, second = report(bench, CUSTOMER), report(bench, CUSTOMER + 1)
    with transaction(bench.engine) as connection:
        connection.execute(update(tickets).where(tickets.c.id == first).values(erased_at=NOON))

    assert forget_erased(bench.engine, now=NOON) == 1
    assert forget_erased(bench.engine, now=NOON) == 0
    with reading(bench.engine) as connection:
        planned = select(actions.c.ticket_id, actions.c.changes, actions.c.state)
        outbox = connection.execute(planned).all()
        assert all(changes == {} for ticket_id, changes, _ in outbox if ticket_id == first)
        assert {state for ticket_id, _, state in outbox if ticket_id == first} == {"done"}
        assert any(changes for ticket_id, changes, _ in outbox if ticket_id == second)
        assert list(connection.scalars(select(case_mentions.c.ticket_id))) == [second]
        assert list(connection.scalars(select(assessments.c.ticket_id))) == [second]


def test_what_was_still_to_be_written_on_an_erased_ticket_is_skipped(bench: Bench) -> None:
    first = report(bench, CUSTOMER)
    with transaction(bench.engine) as connection:
        connection.execute(update(actions).values(state="planned", changes={"note": "his words"}))
        connection.execute(update(tickets).where(tickets.c.id == first).values(erased_at=NOON))
    forget_erased(bench.engine, now=NOON)

    with reading(bench.engine) as connection:
        rows = connection.execute(select(actions.c.state, actions.c.changes)).all()
    assert {row.state for row in rows} == {"skipped"}
    assert [row.changes for row in rows] == [{}] * len(rows)


def mentioned(text: str = "", /, **changes: Any) -> set[tuple[str, str]]:
    found = mentions_of(make_view(text=text), make_assessment(**changes), hashed)
    return {(mention.kind.value, mention.value) for mention in found}


@pytest.mark.parametrize(
    ("family", "reason", "relation"),
    [
        ("B", "B1", Relation.VICTIM_OF),
        ("A", "A1", Relation.VICTIM_OF),
        ("E", "E1", Relation.VICTIM_OF),
        ("G", "G1", Relation.VICTIM_OF),
        ("G", "G4", Relation.CONTROLS),
        ("C", "C1", Relation.CONTROLS),
        ("F", "F1", Relation.CONTROLS),
        ("X", "X2", Relation.CONTROLS),
    ],
)
def test_who_is_a_victim_names_what_others_hold(
    family: str, reason: str, relation: Relation
) -> None:
    assessment = make_assessment(family=family, reason=reason, signals={"address": (SCAMMER,)})

    assert mentions_of(make_view(), assessment, None) == (Mention(relation, Kind.ADDRESS, ALIKE),)


def test_what_is_not_understood_links_nothing() -> None:
    assert mentioned(signals={"address": (SCAMMER,)}, **ABSTAINED) == set()


def test_personal_identifiers_are_hashed_the_same_however_they_are_written() -> None:
    one = mentioned("call +86 138-0013-8000 or Scam@Evil.example, IBAN DE89 3704 0044 0532 0130 00")
    other = mentioned("13800138000 scam@evil.example DE89370400440532013000")

    assert one == other
    assert {kind for kind, _ in one} == {"phone", "email", "bank_account"}
    assert all(len(value) == 64 for _, value in one)


def test_without_a_key_nothing_personal_is_kept() -> None:
    text = "call +86 138-0013-8000 or scam@evil.example"

    assert mentions_of(make_view(text=text), make_assessment(), None) == ()


def test_a_card_that_was_taken_out_links_by_its_placeholder() -> None:
    assert mentioned("paid to [REDACTED:CARD:1f3a9c2e]") == {
        ("bank_account", hashed("bank_account:1f3a9c2e"))
    }


def test_links_of_a_scam_count_as_domains() -> None:
    signals = {"url": ("https://www.evil.example/x",)}

    assert mentioned(family="B", reason="B1", signals=signals) == {("domain", "evil.example")}
    assert mentioned(family="F", reason="F1", signals=signals) == set()


def test_bank_accounts_are_known_by_their_check_digits() -> None:
    assert is_iban("GB82WEST12345698765432")
    assert not is_iban("GB83WEST12345698765432")
