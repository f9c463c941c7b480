"""A creation that is repeated with its idempotency key makes one ticket."""

from tests.support.sandbox import Desk


def test_same_idempotency_key_makes_one_ticket(desk: Desk) -> None:
    body = {"ticket": {"subject": "Frozen", "comment": {"body": "Why?"}}}
    first, second = (
        desk.call("POST", "tickets", json=body, headers={"Idempotency-Key": "k1"}) for _ in "12"
    )

    assert first.headers["x-idempotency-lookup"] == "miss"
    assert second.headers["x-idempotency-lookup"] == "hit"
    assert second.json() == first.json()
    assert desk.get("tickets")["count"] == 1


def test_a_repeated_creation_answers_as_it_did_although_words_were_redacted(desk: Desk) -> None:
    body = {"ticket": {"subject": "Frozen", "comment": "pin 1234"}}
    key = {"Idempotency-Key": "k1"}
    first = desk.call("POST", "tickets", json=body, headers=key).json()
    comment_id = first["audit"]["events"][0]["id"]
    desk.put(f"tickets/{first['ticket']['id']}/comments/{comment_id}/redact", {"text": "1234"})

    second = desk.call("POST", "tickets", json=body, headers=key)

    assert second.status_code == 201
    assert second.json() == first


def test_idempotency_keys_belong_to_who_asks(desk: Desk) -> None:
    body = {"ticket": {"subject": "Frozen", "comment": {"body": "Why?"}}}
    key = {"Idempotency-Key": "k1"}
    desk.call("POST", "tickets", json=body, headers=key)

    other = desk.call(
        "POST", "tickets", json=body, headers=key | {"X-On-Behalf-Of": "lin.wei@example.com"}
    )

    assert other.headers["x-idempotency-lookup"] == "miss"


def test_an_idempotency_key_has_no_more_than_255_characters(desk: Desk) -> None:
    body = {"ticket": {"subject": "Frozen", "comment": {"body": "Why?"}}}

    statuses = [
        desk.call("POST", "tickets", json=body, headers={"Idempotency-Key": "k" * length})
        for length in (255, 256)
    ]

    assert [answer.status_code for answer in statuses] == [201, 400]


def test_idempotency_key_for_another_request_is_refused(desk: Desk) -> None:
    for subject in ("a", "b"):
        answer = desk.call(
            "POST",
            "tickets",
            json={"ticket": {"subject": subject, "comment": {"body": "x"}}},
            headers={"Idempotency-Key": "k1"},
        )

    assert answer.status_code == 400
    assert answer.json()["error"] == "IdempotentRequestError"
