import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.webhooks.events import (
    SUBSCRIBED_EVENTS,
    TICKET_EVENTS,
    Mark,
    parse_delivery,
)
from tests.support.deliveries import FIXTURES, body_of, make_body, make_delivery
from tests.support.shared import shared_file

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_reads_a_body_that_zendesk_really_sent() -> None:
    samples = json.loads(shared_file("zendesk/recorded/webhook_samples.json").read_text("utf-8"))
    body = next(one["body"] for one in samples if "body" in one and "source" in one)

    delivery = parse_delivery(json.dumps(body, indent=3).encode())

    assert delivery.mark is Mark.EVENT
    assert delivery.event_type == "created"
    assert delivery.ticket_id == 5158
    assert delivery.actor_id == 8447388090494
    assert delivery.happened_at == datetime(2025, 1, 8, 10, 12, 7, 672717, tzinfo=UTC)
    assert delivery.dedupe_key == "event:cbe4028c-7239-495d-b020-f22348516046"


@pytest.mark.parametrize("event", sorted(path.stem for path in FIXTURES.glob("*.json")))
def test_reads_each_event_the_desk_subscribes_to(event: str) -> None:
    delivery = parse_delivery(body_of(event))

    assert delivery.mark is Mark.EVENT
    assert delivery.event_type in SUBSCRIBED_EVENTS
    assert delivery.ticket_id == 20417
    assert delivery.happened_at is not None


def test_the_desk_subscribes_only_to_events_it_knows() -> None:
    assert set(SUBSCRIBED_EVENTS) <= TICKET_EVENTS


def test_the_same_event_in_other_bytes_has_the_same_key() -> None:
    compact = json.dumps(json.loads(body_of("ticket_created"))).encode()

    assert (
        parse_delivery(compact).dedupe_key == parse_delivery(body_of("ticket_created")).dedupe_key
    )


def test_an_event_that_was_read_keeps_no_words_of_the_customer() -> None:
    assert parse_delivery(body_of("comment_added")).body == ""


def test_what_nobody_can_read_is_kept_as_it_came() -> None:
    body = body_of("comment_added").replace(b"ticket.comment_added", b"ticket.sang_a_song")

    assert parse_delivery(body).mark is Mark.UNKNOWN
    assert parse_delivery(body).body.encode() == body


def test_an_event_with_null_tags_is_an_event() -> None:
    delivery = make_delivery(detail={"id": "17", "actor_id": "501", "tags": None})

    assert (delivery.mark, delivery.ticket_id, delivery.actor_id) == (Mark.EVENT, 17, 501)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("zen:event-type:ticket.sang_a_song", id="ticket event of tomorrow"),
        pytest.param("zen:event-type:user.created", id="another subject"),
        pytest.param("ticket.created", id="no prefix"),
        pytest.param(17, id="a number"),
        pytest.param(None, id="no type"),
    ],
)
def test_an_unknown_type_is_marked_and_keeps_its_key(kind: Any) -> None:
    delivery = make_delivery("evt-7", type=kind)

    assert delivery.mark is Mark.UNKNOWN
    assert delivery.dedupe_key == "event:evt-7"
    assert delivery.ticket_id is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"hello", id="no JSON"),
        pytest.param(b'{"id": "evt-1"', id="cut off"),
        pytest.param(b'["evt-1"]', id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"type": "zen:event-type:ticket.created"}', id="no id"),
        pytest.param(b'{"id": 17}', id="id is a number"),
        pytest.param(b'{"id": ""}', id="id is empty"),
        pytest.param(b'{"id": "\xff\xfe"}', id="no UTF-8"),
        pytest.param(rb'{"id": "\ud800"}', id="half a character"),
        pytest.param(b"[" * 200_000, id="deep nesting"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="deep nesting, closed"),
        pytest.param(b"9" * 100_000, id="endless number"),
    ],
)
def test_a_body_that_cannot_be_read_is_marked_and_keyed_by_its_bytes(body: bytes) -> None:
    delivery = parse_delivery(body)

    assert delivery.mark is Mark.MALFORMED
    assert delivery.dedupe_key.startswith("sha256:")
    assert delivery.ticket_id is None
    assert delivery == parse_delivery(body)
    assert delivery.dedupe_key != parse_delivery(body + b" ").dedupe_key


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param("zen:user:17", id="no ticket"),
        pytest.param("zen:ticket:", id="no number"),
        pytest.param("zen:ticket:-17", id="negative"),
        pytest.param("zen:ticket:17\n", id="line break"),
        pytest.param("zen:ticket:٣", id="digits of another script"),
        pytest.param("zen:ticket:" + "9" * 19, id="beyond bigint"),
        pytest.param(["zen:ticket:17"], id="a list"),
        pytest.param(None, id="missing"),
    ],
)
def test_a_ticket_event_that_names_no_ticket_is_malformed(subject: Any) -> None:
    delivery = make_delivery("evt-7", subject=subject)

    assert delivery.mark is Mark.MALFORMED
    assert delivery.ticket_id is None


def test_a_ticket_number_may_have_eighteen_digits() -> None:
    assert make_delivery(subject="zen:ticket:" + "9" * 18).ticket_id == 10**18 - 1


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        pytest.param("8447388090494", 8447388090494, id="as text"),
        pytest.param(8447388090494, 8447388090494, id="as number"),
        pytest.param(2**63 - 1, 2**63 - 1, id="largest bigint"),
        pytest.param(2**63, None, id="beyond bigint"),
        pytest.param("9" * 4000, None, id="endless"),
        pytest.param("-1", None, id="the system"),
        pytest.param("٣", None, id="digits of another script"),
        pytest.param(1.5, None, id="a fraction"),
        pytest.param({}, None, id="an object"),
    ],
)
def test_an_actor_is_an_id_or_nobody(actor: Any, expected: int | None) -> None:
    delivery = make_delivery(detail={"actor_id": actor})

    assert (delivery.mark, delivery.actor_id) == (Mark.EVENT, expected)


@pytest.mark.parametrize("detail", [None, [], "text", {}], ids=["missing", "list", "text", "empty"])
def test_an_event_without_details_is_still_an_event(detail: Any) -> None:
    delivery = make_delivery(detail=detail)

    assert (delivery.mark, delivery.actor_id) == (Mark.EVENT, None)


@pytest.mark.parametrize(
    "time", ["soon", 1772539200, "0001-01-01T00:00:00+14:00", None, "2026-03-03T12:00:00"]
)
def test_an_event_without_a_readable_time_is_still_an_event(time: Any) -> None:
    delivery = make_delivery(time=time)

    assert (delivery.mark, delivery.happened_at) == (Mark.EVENT, None)


def test_an_id_too_long_for_the_key_is_keyed_by_the_bytes() -> None:
    assert make_delivery("x" * 100).dedupe_key == "event:" + "x" * 100
    assert make_delivery("x" * 101).dedupe_key.startswith("sha256:")


def test_nul_bytes_are_replaced_because_postgresql_stores_none() -> None:
    delivery = parse_delivery(make_body("evt\x00-1") + b"\x00")

    assert "\x00" not in delivery.body + delivery.dedupe_key


def check_storable(body: bytes) -> None:
    delivery = parse_delivery(body)
    written = delivery.body + delivery.dedupe_key + (delivery.event_type or "")

    assert "\x00" not in written
    assert written.encode()
    assert len(delivery.dedupe_key) <= 120
    assert (delivery.ticket_id is not None) == (delivery.mark is Mark.EVENT)


@given(st.binary(max_size=300))
def test_any_bytes_become_a_delivery_that_can_be_stored(body: bytes) -> None:
    check_storable(body)


@given(event=st.dictionaries(st.sampled_from(["id", "type", "subject", "time", "detail"]), JSON))
def test_any_json_becomes_a_delivery_that_can_be_stored(event: dict[str, Any]) -> None:
    check_storable(json.dumps(event).encode())


@given(event_id=st.text(min_size=1), subject=JSON | st.from_regex(r"zen:ticket:\d+"), detail=JSON)
def test_any_content_of_a_known_event_can_be_stored(
    event_id: str, subject: Any, detail: Any
) -> None:
    check_storable(make_body(event_id, subject=subject, detail=detail))
