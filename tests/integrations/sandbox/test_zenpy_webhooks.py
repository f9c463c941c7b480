"""zenpy's whole webhook API against the sandbox, unmodified."""

from typing import Any

from zenpy.lib.api_objects import Webhook

from tests.support.sandbox import Desk, Receiver


def described(endpoint: str, **fields: Any) -> Webhook:
    """Return a webhook as zenpy describes it."""
    return Webhook(
        **{
            "name": "desk",
            "endpoint": endpoint,
            "http_method": "POST",
            "request_format": "json",
            "status": "active",
            "subscriptions": ["zen:event-type:ticket.created"],
            "authentication": {
                "type": "basic_auth",
                "data": {"username": "ana", "password": "t0p"},
                "add_position": "header",
            },
        }
        | fields
    )


def test_webhooks_are_created_listed_shown_and_deleted(zenpy: Any) -> None:
    first = zenpy.webhooks.create(described("http://127.0.0.1:9/", name="Alpha"))
    second = zenpy.webhooks.create(described("http://127.0.0.1:9/", name="Beta"))

    assert [one.name for one in zenpy.webhooks.list()] == ["Beta", "Alpha"]
    assert [one.id for one in zenpy.webhooks.list(filter="alph")] == [first.id]
    assert zenpy.webhooks(id=second.id).name == "Beta"
    zenpy.webhooks.delete(second)
    assert [one.id for one in zenpy.webhooks.list()] == [first.id]


def test_webhooks_are_paged(zenpy: Any) -> None:
    made = [zenpy.webhooks.create(described("http://127.0.0.1:9/")).id for _ in range(5)]

    assert [one.id for one in zenpy.webhooks.list(page_size=2)] == made[::-1]


def test_webhooks_are_updated_and_patched(zenpy: Any) -> None:
    webhook = zenpy.webhooks.create(described("http://127.0.0.1:9/", description="d"))

    zenpy.webhooks.update(webhook.id, described("http://127.0.0.1:9/", name="updated"))
    after_update = zenpy.webhooks(id=webhook.id)
    webhook.name = "patched"
    zenpy.webhooks.patch(webhook)

    assert (after_update.name, after_update.description) == ("updated", None)
    assert zenpy.webhooks(id=webhook.id).name == "patched"


def test_a_webhook_is_cloned(zenpy: Any) -> None:
    webhook = zenpy.webhooks.create(described("http://127.0.0.1:9/"))

    clone = zenpy.webhooks.clone(webhook)

    assert (clone.name, clone.id != webhook.id) == ("desk (copy)", True)


def test_a_secret_is_shown_and_reset(zenpy: Any) -> None:
    webhook = zenpy.webhooks.create(described("http://127.0.0.1:9/"))
    old = zenpy.webhooks.show_secret(webhook)

    new = zenpy.webhooks.reset_secret(webhook)

    assert old.algorithm == "SHA256"
    assert zenpy.webhooks.show_secret(webhook).secret == new.secret != old.secret


def test_webhooks_are_tested_with_and_without_being_made(zenpy: Any, receiver: Receiver) -> None:
    webhook = zenpy.webhooks.create(described("http://127.0.0.1:9/"))
    request = {"endpoint": receiver.url, "request_format": "json", "http_method": "GET"}

    made = zenpy.webhooks.test(webhook, request={"endpoint": receiver.url})
    described_only = zenpy.webhooks.test(request=request)

    assert (made.status_code, described_only.status_code) == (200, 200)
    assert [delivery.method for delivery in receiver.deliveries] == ["POST", "GET"]


def test_invocations_and_attempts_are_read(zenpy: Any, desk: Desk, receiver: Receiver) -> None:
    webhook = zenpy.webhooks.create(described(receiver.url))
    receiver.answers = [(403, {})]
    for _ in range(3):
        desk.ticket()
        desk.settle()

    invocations = list(zenpy.webhooks.invocations(webhook))
    failed = list(zenpy.webhooks.invocations(webhook, **{"filter[status]": "terminated"}))
    attempts = list(zenpy.webhooks.invocation_attempts(webhook.id, failed[0].id))

    assert [one.status for one in invocations] == ["success", "success", "terminated"]
    assert [one.id for one in failed] == [invocations[2].id]
    assert [attempt.status_code for attempt in attempts] == [403]
