"""Pages from before something was taken back arrive after it, and bring nothing back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from integrations.runtime.database import transaction
from sync.mirror import people
from sync.mirror.intake import mark_erased, mark_vanished, store_ticket
from sync.mirror.landing import Arrival, land
from sync.mirror.redactions import SETTLED
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.history import ticket_audits, ticket_comments
from sync.warehouse.tables.people import users
from sync.warehouse.tables.quarantine import quarantined_records
from sync.warehouse.tables.rereads import pending_erasures, ticket_rereads
from sync.warehouse.tables.tickets import tickets
from tests.support.copying import places_with
from tests.support.mirror import (
    NOON,
    Record,
    as_ticket_event,
    at,
    exported,
    make_audit,
    make_change,
    make_comment,
    make_ticket,
    make_user,
    raws,
    rows,
)

SECRET = "correct horse battery staple"
SCRUBBED: Record = {
    "status": "deleted",
    "subject": "SCRUBBED",
    "description": "SCRUBBED",
    "tags": [],
    "custom_fields": [],
}
SAID = make_audit(70, [make_comment(71, SECRET), make_change(72, "subject", SECRET, "x")])
REDACTION = make_audit(90, [{"id": 91, "type": "CommentRedactionEvent", "comment_id": 71}]) | {
    "created_at": at()
}
PERSON = make_user(
    name="Qxavier Plumwood", email="plumwood@mail.example", phone="+8613912345678", tags=["plum"]
)
ERASED = make_user(updated=9, name="Permanently Deleted User", email=None, phone=None, active=False)


def arrive(engine: Engine, table: Any, *records: Any, minutes: float = 0) -> None:
    """Let records arrive on a page of an export that was read so long after noon."""
    stream = {"ticket_audits": "ticket_events"}.get(table.name, table.name)
    arrival = Arrival(stream, Source.EXPORT, NOON + timedelta(minutes=minutes))
    with transaction(engine) as connection:
        land(connection, table, raws(*records), arrival)


def read_alone(engine: Engine, ticket: Record, *audits: Record, minutes: float = 0) -> None:
    """Let the pipeline store a ticket that it read so long after noon."""
    now = NOON + timedelta(minutes=minutes)
    with transaction(engine) as connection:
        store_ticket(connection, ticket, list(audits), source="webhook", now=now)


def vanish(engine: Engine, *, minutes: float, for_good: bool = False) -> None:
    with transaction(engine) as connection:
        mark = mark_erased if for_good else mark_vanished
        mark(connection, 7, now=NOON + timedelta(minutes=minutes))


def state(engine: Engine) -> tuple[str, bool]:
    (ticket,) = rows(engine, tickets)
    return ticket["status"], ticket["deleted_at"] is None


def test_words_are_withheld_in_the_transaction_that_tells_of_the_redaction(
    any_engine: Engine,
) -> None:
    arrive(any_engine, ticket_audits, as_ticket_event(make_audit(70, [make_comment(71, SECRET)])))
    arrive(any_engine, ticket_audits, as_redaction(), minutes=1)

    assert places_with(any_engine, SECRET) == []
    assert [row["ticket_id"] for row in rows(any_engine, ticket_rereads)] == [7]


def as_redaction() -> Record:
    events = [each | {"event_type": each["type"]} for each in REDACTION["events"]]
    spelled = {key: value for key, value in REDACTION.items() if key != "events"}
    return spelled | {"event_type": "Audit", "child_events": events}


@pytest.mark.parametrize("minutes", [-5, 0, 1, 2])
def test_old_page_is_not_stored_after_the_redaction_is_known(
    any_engine: Engine, minutes: float
) -> None:
    comment = as_ticket_event(make_audit(70, [make_comment(71, SECRET)]))
    arrive(any_engine, ticket_audits, as_redaction(), minutes=1)
    arrive(any_engine, ticket_audits, comment, minutes=minutes)

    assert places_with(any_engine, SECRET) == []
    assert [row["ticket_id"] for row in rows(any_engine, ticket_rereads)] == [7]


def test_page_read_long_after_the_redaction_is_the_truth(any_engine: Engine) -> None:
    arrive(any_engine, ticket_audits, as_redaction(), minutes=1)
    later = SETTLED.total_seconds() / 60 + 0.1
    redacted = as_ticket_event(make_audit(70, [make_comment(71, "▇▇▇ fine")]))
    arrive(any_engine, ticket_audits, redacted, minutes=later)

    assert [row["body"] for row in rows(any_engine, ticket_comments)] == ["▇▇▇ fine"]
    assert rows(any_engine, ticket_rereads) == []


def test_reading_that_tells_of_the_redaction_is_stored_at_once(any_engine: Engine) -> None:
    read_alone(any_engine, make_ticket(), make_audit(70, [make_comment(71, SECRET)]))
    redacted = make_audit(70, [make_comment(71, "▇▇▇ fine")])
    read_alone(any_engine, make_ticket(), redacted, REDACTION, minutes=1)

    assert [row["body"] for row in rows(any_engine, ticket_comments)] == ["▇▇▇ fine"]
    assert rows(any_engine, ticket_rereads) == []


def test_stale_reading_does_not_bring_redacted_words_back(any_engine: Engine) -> None:
    redacted = make_audit(70, [make_comment(71, "▇▇▇ fine")])
    read_alone(any_engine, make_ticket(), redacted, REDACTION, minutes=1)
    stale = make_audit(70, [make_comment(71, SECRET)])
    read_alone(any_engine, make_ticket(), stale, minutes=1.5)

    assert [row["body"] for row in rows(any_engine, ticket_comments)] == ["▇▇▇ fine"]


def test_stale_record_that_does_not_fit_is_not_kept_with_redacted_words(
    any_engine: Engine,
) -> None:
    broken = make_audit(70, [make_comment(71, SECRET) | {"id": "x"}])
    read_alone(any_engine, make_ticket(), REDACTION, minutes=1)
    read_alone(any_engine, make_ticket(), broken, minutes=1.5)

    assert places_with(any_engine, SECRET) == []
    assert [row["ticket_id"] for row in rows(any_engine, ticket_rereads)] == [7]


def test_comment_stays_private_when_an_old_page_comes_late(any_engine: Engine) -> None:
    change = {"id": 80, "type": "CommentPrivacyChange", "comment_id": 71, "public": False}
    read_alone(any_engine, make_ticket(), make_audit(79, [change]), minutes=1)
    read_alone(any_engine, make_ticket(), make_audit(70, [make_comment(71)]), minutes=2)

    (comment,) = rows(any_engine, ticket_comments)
    assert (comment["public"], comment["raw"]["public"]) == (False, False)


def test_state_read_before_the_ticket_vanished_does_not_revive_it(any_engine: Engine) -> None:
    arrive(any_engine, tickets, exported(make_ticket(), generated=0))
    vanish(any_engine, minutes=5)
    arrive(any_engine, tickets, exported(make_ticket(updated=2), generated=2), minutes=4)

    assert state(any_engine) == ("deleted", False)


def test_answer_that_a_ticket_is_gone_loses_against_a_later_restored_state(
    any_engine: Engine,
) -> None:
    arrive(any_engine, tickets, exported(make_ticket(), generated=0))
    arrive(any_engine, tickets, exported(make_ticket(updated=6), generated=6), minutes=7)
    vanish(any_engine, minutes=5)

    assert state(any_engine) == ("open", True)


def test_deleted_restored_and_deleted_again_in_any_order(any_engine: Engine) -> None:
    gone = exported(make_ticket(updated=1, status="deleted"), generated=1)
    back = exported(make_ticket(updated=3), generated=3)
    gone_again = exported(make_ticket(updated=5, status="deleted"), generated=5)
    seen = []
    for record, minutes in ((back, 4), (gone, 2), (gone_again, 6), (back, 4), (gone, 2)):
        arrive(any_engine, tickets, record, minutes=minutes)
        seen.append(state(any_engine)[0])

    assert seen == ["open", "open", "deleted", "deleted", "deleted"]


def test_nothing_that_comes_late_fills_a_tombstone(any_engine: Engine) -> None:
    alive = make_ticket(updated=1, subject=SECRET, description=SECRET)
    arrive(any_engine, tickets, exported(alive, generated=1), minutes=2)
    arrive(any_engine, tickets, exported(make_ticket(updated=5, **SCRUBBED), generated=9))
    for minutes in (2, 20):
        arrive(any_engine, tickets, exported(alive, generated=1), minutes=minutes)
        arrive(any_engine, ticket_audits, as_ticket_event(SAID), minutes=minutes)
        read_alone(any_engine, alive, SAID, minutes=minutes)
        arrive(any_engine, tickets, alive | {"created_at": SECRET}, minutes=minutes)
        broken = SAID | {"created_at": None}
        arrive(any_engine, ticket_audits, broken, minutes=minutes)

    assert places_with(any_engine, SECRET) == []
    assert rows(any_engine, quarantined_records) == []
    (row,) = rows(any_engine, tickets)
    assert row["raw"] == {"id": 7, "erased": True}


def test_tombstone_takes_the_times_of_the_scrubbed_ticket_that_comes_after_the_webhook(
    any_engine: Engine,
) -> None:
    read_alone(any_engine, make_ticket(subject=SECRET), SAID)
    vanish(any_engine, minutes=1, for_good=True)
    arrive(any_engine, tickets, exported(make_ticket(updated=5, **SCRUBBED), generated=9))

    (row,) = rows(any_engine, tickets)
    assert row["updated_at"] == NOON + timedelta(minutes=5)
    assert row["erased_at"] == NOON + timedelta(minutes=1)
    assert row["subject"] is None
    assert row["raw"] == {"id": 7, "erased": True}


def test_what_quarantine_held_of_a_ticket_goes_with_it(any_engine: Engine) -> None:
    arrive(any_engine, ticket_audits, SAID | {"created_at": None})
    arrive(any_engine, tickets, make_ticket(subject=SECRET, created_at=None))
    before = places_with(any_engine, SECRET)
    arrive(any_engine, tickets, exported(make_ticket(updated=5, **SCRUBBED), generated=9))

    assert before == ["quarantined_records.raw", "quarantined_records.raw"]
    assert places_with(any_engine, SECRET) == []


def test_webhook_that_tells_of_permanent_deletion_leaves_a_tombstone(any_engine: Engine) -> None:
    read_alone(any_engine, make_ticket(subject=SECRET), SAID)
    vanish(any_engine, minutes=1, for_good=True)

    assert places_with(any_engine, SECRET) == []
    assert state(any_engine) == ("deleted", False)


def test_customer_who_writes_what_zendesk_writes_loses_nothing(any_engine: Engine) -> None:
    words: Record = {"subject": "SCRUBBED", "description": "SCRUBBED"}
    arrive(any_engine, tickets, exported(make_ticket(**words), generated=0))
    gone = make_ticket(updated=1, status="deleted", **words)
    arrive(any_engine, tickets, exported(gone, generated=1), minutes=2)
    back = make_ticket(updated=3, **words)
    arrive(any_engine, tickets, exported(back, generated=3), minutes=4)

    (row,) = rows(any_engine, tickets)
    assert (row["status"], row["subject"], row["erased_at"]) == ("open", "SCRUBBED", None)
    assert row["tags"] == ["vip", "withdrawal"]
    assert [row["ticket_id"] for row in rows(any_engine, ticket_rereads)] == [7]


def by_mail(ticket_id: int = 7, **changes: Any) -> Record:
    """Return a ticket that the person opened by mail."""
    origin = {
        "address": "Plumwood@Mail.example",
        "name": "Qxavier Plumwood",
        "original_recipients": ["plumwood@mail.example", "support@example.com"],
    }
    to = {"address": "support@example.com", "name": "Support"}
    via = {"channel": "email", "source": {"from": origin, "to": to, "rel": None}}
    return make_ticket(ticket_id, via=via, **changes)


def said_by_mail() -> Record:
    system = {"client": "Plumwood's browser", "ip_address": "203.0.113.9", "location": "Plumtown"}
    audit = make_audit(70, [make_comment(71)])
    return audit | {"metadata": {"custom": {"kept": 1}, "system": system}}


def places(engine: Engine) -> list[str]:
    words = ("lumwood", "203.0.113.9", "Plumtown", "13912345678")
    return [place for word in words for place in places_with(engine, word)]


def test_origins_of_what_an_erased_person_sent_are_gone(any_engine: Engine) -> None:
    arrive(any_engine, users, PERSON)
    read_alone(any_engine, by_mail(), said_by_mail())
    before = places(any_engine)
    arrive(any_engine, users, ERASED, minutes=10)
    people.sweep(any_engine)

    assert {"tickets.raw", "ticket_audits.raw", "users.email"} <= set(before)
    assert places(any_engine) == []
    (audit,) = rows(any_engine, ticket_audits)
    assert audit["custom_metadata"] == {"kept": 1}
    assert rows(any_engine, pending_erasures) == []
    assert [row["body"] for row in rows(any_engine, ticket_comments)] == ["Hello"]


def test_address_in_copies_that_others_sent_is_gone(any_engine: Engine) -> None:
    arrive(any_engine, users, PERSON)
    arrive(any_engine, tickets, by_mail(8, requester_id=9002, submitter_id=9002))
    arrive(any_engine, ticket_audits, {"recipients": ["plumwood@mail.example"], "id": 5})
    arrive(any_engine, users, ERASED, minutes=10)
    people.sweep(any_engine)

    assert places(any_engine) == []
    (ticket,) = rows(any_engine, tickets)
    assert ticket["raw"]["via"]["source"]["to"]["name"] == "Support"
    assert ticket["_source"] == "erasure"


def test_late_pages_bring_nothing_of_an_erased_person_back(any_engine: Engine) -> None:
    arrive(any_engine, users, ERASED, minutes=10)
    people.sweep(any_engine)
    for minutes in (1, 20):
        arrive(any_engine, users, PERSON, minutes=minutes)
        arrive(any_engine, users, PERSON | {"created_at": "never"}, minutes=minutes)
        arrive(any_engine, tickets, exported(by_mail(), generated=minutes), minutes=minutes)
        read_alone(any_engine, by_mail(updated=minutes), said_by_mail(), minutes=minutes)

    assert places(any_engine) == []
    assert len(rows(any_engine, users)) == 1


def test_texts_of_tickets_stay_although_somebody_is_named_in_them(any_engine: Engine) -> None:
    arrive(any_engine, users, PERSON)
    words = "I am Qxavier, plumwood@mail.example"
    read_alone(
        any_engine, make_ticket(description=words), make_audit(70, [make_comment(71, words)])
    )
    arrive(any_engine, users, ERASED, minutes=10)
    people.sweep(any_engine)

    assert rows(any_engine, ticket_comments)[0]["body"] == words
    assert rows(any_engine, tickets)[0]["raw"]["description"] == words


def test_customer_who_calls_himself_deleted_is_not_erased(any_engine: Engine) -> None:
    named = make_user(name="Permanently Deleted User", email="real@mail.example")
    arrive(any_engine, users, named)
    arrive(any_engine, users, named | {"active": False, "updated_at": at(1)}, minutes=2)

    (row,) = rows(any_engine, users)
    assert (row["name"], row["erased_at"]) == ("Permanently Deleted User", None)
    assert rows(any_engine, pending_erasures) == []
