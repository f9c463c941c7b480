import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from responses import RequestsMock

from integrations.runtime.errors import ServiceUnavailable
from riskdesk.demo.complaints import Complaint
from riskdesk.demo.player import create_webhook, play
from riskdesk.demo.script import Kind, Script, Step
from tests.support.demo import AGENT, BASE, SEC, SPECIALIST, FakeDesk

NINE = datetime(2026, 3, 3, 1, tzinfo=UTC)
COMPLAINT = Complaint(id="c", text="My deposit is missing", subject="Deposit", family="F")
TICKET = "/api/v2/tickets/1.json"


@pytest.fixture
def wire() -> Iterator[RequestsMock]:
    with RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def desk(wire: RequestsMock) -> FakeDesk:
    return FakeDesk(wire)


def make_script(*kinds: Kind, complaints: int = 1) -> Script:
    """Return a day on which each complaint is written and then `kinds` happen, a minute apart."""
    ids = [f"c{number}" for number in range(complaints)]
    steps = [
        Step(at=NINE + timedelta(minutes=minute), kind=kind, complaint_id=name, text="words")
        for name in ids
        for minute, kind in enumerate((Kind.WRITES, *kinds))
    ]
    return Script(
        complaints=dict.fromkeys(ids, COMPLAINT),
        steps=tuple(sorted(steps, key=lambda step: step.at)),
        start=NINE,
        end=NINE + timedelta(hours=10),
    )


def no_pause(_seconds: float) -> None:
    """Wait for nothing."""


def test_customer_is_the_author_of_the_ticket_and_its_first_comment(desk: FakeDesk) -> None:
    played = play(make_script(), BASE)

    (sent,) = desk.said("POST", "/api/v2/tickets.json")
    assert played.tickets == {"c0": 1}
    assert sent["ticket"] == {
        "requester_id": 1000,
        "submitter_id": 1000,
        "subject": "Deposit",
        "comment": {"body": "words", "author_id": 1000},
    }


def test_text_without_a_title_is_sent_without_a_subject(desk: FakeDesk) -> None:
    untitled = {"c0": Complaint(id="c0", text="hello")}

    play(replace(make_script(), complaints=untitled), BASE)

    (sent,) = desk.said("POST", "/api/v2/tickets.json")
    assert "subject" not in sent["ticket"]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.REPLIES, {"comment": {"body": "words", "public": True, "author_id": AGENT}}),
        (
            Kind.ASKS,
            {
                "comment": {"body": "words", "public": True, "author_id": AGENT},
                "status": "pending",
            },
        ),
        (
            Kind.SOLVES,
            {"comment": {"body": "words", "public": True, "author_id": AGENT}, "status": "solved"},
        ),
        (Kind.WAITS, {"comment": {"body": "words", "public": True, "author_id": 1000}}),
        (
            Kind.ANSWERS,
            {"comment": {"body": "words", "public": True, "author_id": 1000}, "status": "open"},
        ),
        (
            Kind.REOPENS,
            {"comment": {"body": "words", "public": True, "author_id": 1000}, "status": "open"},
        ),
        (Kind.NOTES, {"comment": {"body": "words", "public": False, "author_id": SPECIALIST}}),
        (Kind.SPEAKS, {"comment": {"body": "words", "public": True, "author_id": SPECIALIST}}),
    ],
)
def test_step_changes_the_ticket_as_its_person_would(
    desk: FakeDesk, kind: Kind, changes: dict[str, Any]
) -> None:
    desk.group_id = SEC

    play(make_script(kind), BASE)

    assert desk.said("PUT", TICKET) == [{"ticket": changes}]


def test_silent_steps_say_nothing(desk: FakeDesk) -> None:
    later = NINE + timedelta(minutes=1)
    steps = (
        Step(at=NINE, kind=Kind.WRITES, complaint_id="c0", text="words"),
        Step(at=later, kind=Kind.CORRECTS, complaint_id="c0", priority="urgent"),
        Step(at=later, kind=Kind.SOLVES, complaint_id="c0"),
    )

    play(replace(make_script(), steps=steps), BASE)

    assert desk.said("PUT", TICKET) == [
        {"ticket": {"priority": "urgent"}},
        {"ticket": {"status": "solved"}},
    ]


def test_ticket_vanishes(desk: FakeDesk) -> None:
    play(make_script(Kind.VANISHES), BASE)

    assert len(desk.said("DELETE", TICKET)) == 1


def test_clock_is_set_before_each_step_and_to_the_end_of_the_day(desk: FakeDesk) -> None:
    play(make_script(Kind.REPLIES, complaints=2), BASE)

    clock = [body["now"] for body in desk.said("PUT", "/sandbox/clock")]
    assert clock == ["2026-03-03T01:00:00Z", "2026-03-03T01:01:00Z", "2026-03-03T11:00:00Z"]


def test_waits_for_room_before_each_step_and_reports_progress(desk: FakeDesk) -> None:
    seen: list[object] = []

    played = play(
        make_script(Kind.REPLIES),
        BASE,
        room=lambda: seen.append(len(desk.said("PUT", TICKET))),
        report=lambda done, total: seen.append((done, total)),
    )

    assert seen == [0, (1, 2), 0, (2, 2)]
    assert played.steps == 2


def test_refused_complaint_is_listed_once_and_the_day_goes_on(desk: FakeDesk) -> None:
    first = "/api/v2/tickets.json"
    desk.refuse = lambda _method, path, _body: (
        422 if path == first and not desk.said("POST", first) else 200
    )

    played = play(make_script(Kind.REPLIES, Kind.SOLVES, complaints=2), BASE)

    assert [(failure.complaint_id, failure.kind) for failure in played.failures] == [
        ("c0", Kind.WRITES)
    ]
    assert "422" in played.failures[0].why
    assert played.tickets == {"c1": 1}
    assert played.steps == 3


def test_busy_zendesk_gets_the_same_complaint_again_with_the_same_key(
    desk: FakeDesk, wire: RequestsMock
) -> None:
    path = "/api/v2/tickets.json"
    desk.refuse = lambda _method, where, _body: (
        429 if where == path and len(desk.said("POST", path)) < 2 else 200
    )

    played = play(make_script(), BASE, sleep=no_pause)

    keys = [
        call.request.headers["Idempotency-Key"]
        for call in wire.calls
        if "Idempotency-Key" in call.request.headers
    ]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert played.failures == []


def test_complaints_have_keys_of_their_own(desk: FakeDesk, wire: RequestsMock) -> None:
    play(make_script(complaints=2), BASE)

    keys = {call.request.headers.get("Idempotency-Key") for call in wire.calls} - {None}
    assert len(keys) == desk.tickets == 2


def test_account_whose_clock_cannot_be_set_is_not_played_on(desk: FakeDesk) -> None:
    desk.refuse = lambda _method, path, _body: 404 if path == "/sandbox/clock" else 200

    with pytest.raises(ServiceUnavailable, match="clock"):
        play(make_script(), BASE)

    assert desk.tickets == 0


def test_nobody_at_home_is_said_in_two_lines(wire: RequestsMock) -> None:
    wire.get(re.compile(BASE), body=requests.ConnectionError("refused"))

    with pytest.raises(ServiceUnavailable, match="No answer") as caught:
        play(make_script(), BASE, sleep=no_pause)

    assert "sandbox serve" in caught.value.hint


def test_webhook_is_subscribed_to_ticket_events_and_its_secret_returned(wire: RequestsMock) -> None:
    made = wire.post(BASE + "/api/v2/webhooks", status=201, json={"webhook": {"id": "01H"}})
    wire.get(
        BASE + "/api/v2/webhooks/01H/signing_secret",
        json={"signing_secret": {"secret": "c2VjcmV0", "algorithm": "SHA256"}},
    )

    assert create_webhook(BASE, "http://127.0.0.1:9/webhooks/zendesk") == "c2VjcmV0"
    sent = json.loads(made.calls[0].request.body)["webhook"]
    assert sent["endpoint"] == "http://127.0.0.1:9/webhooks/zendesk"
    assert (sent["http_method"], sent["request_format"]) == ("POST", "json")
    assert "zen:event-type:ticket.created" in sent["subscriptions"]
    assert "zen:event-type:ticket.soft_deleted" in sent["subscriptions"]
