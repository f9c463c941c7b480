"""Webhooks as records: what may be kept, what is shown, test requests and the log's pages."""

from typing import Any

import pytest

from tests.support.sandbox import Desk, Receiver, desk_on

ASKED = {
    "name": "n",
    "endpoint": "http://127.0.0.1:9/",
    "http_method": "POST",
    "request_format": "json",
    "status": "active",
    "subscriptions": ["zen:event-type:ticket.created"],
}
CONDITIONAL = "conditional_ticket_events"


def made(desk: Desk, **fields: Any) -> Any:
    """Create a webhook and return it."""
    return desk.post("webhooks", {"webhook": ASKED | fields})["webhook"]


@pytest.mark.parametrize(
    ("authentication", "shown", "header"),
    [
        pytest.param(
            {"type": "bearer_token", "data": {"token": "t0p"}, "add_position": "header"},
            {},
            ("Authorization", "Bearer t0p"),
            id="token",
        ),
        pytest.param(
            {"type": "basic_auth", "data": {"username": "ana", "password": "t0p"}},
            {"username": "ana"},
            ("Authorization", "Basic YW5hOnQwcA=="),
            id="password",
        ),
        pytest.param(
            {"type": "api_key", "data": {"name": "X-Key", "value": "t0p"}},
            {"name": "X-Key"},
            ("X-Key", "t0p"),
            id="key",
        ),
    ],
)
def test_credentials_are_sent_but_never_shown(
    desk: Desk,
    receiver: Receiver,
    authentication: dict[str, Any],
    shown: dict[str, str],
    header: tuple[str, str],
) -> None:
    webhook = desk.subscribe(receiver.url, "created", authentication=authentication)

    desk.ticket()
    desk.settle()

    path = f"webhooks/{webhook['id']}"
    (invocation,) = desk.get(f"{path}/invocations")["invocations"]
    log = desk.call("GET", f"{path}/invocations/{invocation['id']}/attempts").text
    assert receiver.deliveries[0].headers[header[0]] == header[1]
    assert webhook["authentication"]["data"] == shown
    assert "t0p" not in desk.call("GET", path).text
    assert header[1] not in log


@pytest.mark.parametrize(
    "authentication",
    [
        pytest.param({"type": "magic", "data": {"token": "t"}}, id="unknown type"),
        pytest.param({"data": {"token": "t"}}, id="no type"),
        pytest.param({"type": "bearer_token"}, id="no token"),
        pytest.param({"type": "bearer_token", "data": {"token": 7}}, id="token is a number"),
        pytest.param({"type": "bearer_token", "data": {"token": "a\nb"}}, id="two lines"),
        pytest.param({"type": "basic_auth", "data": {"username": "ana"}}, id="no password"),
        pytest.param(
            {"type": "api_key", "data": {"name": "Host", "value": "x"}}, id="standing header"
        ),
        pytest.param(
            {"type": "bearer_token", "data": {"token": "t"}, "add_position": "query"}, id="place"
        ),
    ],
)
def test_impossible_credentials_are_refused(desk: Desk, authentication: dict[str, Any]) -> None:
    answer = desk.call(
        "POST", "webhooks", json={"webhook": ASKED | {"authentication": authentication}}
    )

    assert answer.status_code == 422


def test_a_webhook_is_cloned_with_its_credentials(desk: Desk, receiver: Receiver) -> None:
    secret = {"type": "bearer_token", "data": {"token": "t0p"}}
    webhook = desk.subscribe(receiver.url, "created", authentication=secret)

    clone = desk.post(f"webhooks?clone_webhook_id={webhook['id']}")["webhook"]
    desk.delete(f"webhooks/{webhook['id']}")
    desk.ticket()
    desk.settle()

    (delivery,) = receiver.deliveries
    assert clone["name"] == "test (copy)"
    assert delivery.headers["X-Zendesk-Webhook-Id"] == clone["id"]
    assert delivery.headers["Authorization"] == "Bearer t0p"


def test_a_patch_changes_only_what_it_names(desk: Desk) -> None:
    webhook = made(desk, description="d")
    path = f"webhooks/{webhook['id']}"

    answer = desk.call("PATCH", path, json={"webhook": {"name": "renamed"}})

    changed = desk.get(path)["webhook"]
    assert answer.status_code == 204
    assert (changed["name"], changed["description"]) == ("renamed", "d")
    assert changed["updated_by"] == webhook["created_by"]


def test_a_put_replaces_what_may_be_left_out(desk: Desk) -> None:
    secret = {"type": "bearer_token", "data": {"token": "t0p"}}
    webhook = made(desk, description="d", authentication=secret, custom_headers={"X-A": "1"})
    path = f"webhooks/{webhook['id']}"

    answer = desk.call("PUT", path, json={"webhook": ASKED | {"name": "renamed"}})

    changed = desk.get(path)["webhook"]
    assert answer.status_code == 204
    assert set(changed) == set(ASKED) | {"id"} | {
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
    }


def test_credentials_shown_and_sent_back_stay_as_they_were(desk: Desk, receiver: Receiver) -> None:
    secret = {"type": "basic_auth", "data": {"username": "ana", "password": "t0p"}}
    webhook = desk.subscribe(receiver.url, "created", authentication=secret)
    path = f"webhooks/{webhook['id']}"

    desk.call("PUT", path, json=desk.get(path))
    desk.ticket()
    desk.settle()

    assert receiver.deliveries[0].headers["Authorization"] == "Basic YW5hOnQwcA=="


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"name": ""}, id="no name"),
        pytest.param({"endpoint": None}, id="no endpoint"),
        pytest.param({"endpoint": "ftp://127.0.0.1/"}, id="no web address"),
        pytest.param({"endpoint": "http://[::1"}, id="half an address"),
        pytest.param({"endpoint": "http://127.0.0.1:99999/"}, id="no port"),
        pytest.param({"status": "sleepy"}, id="unknown status"),
        pytest.param({"http_method": "HEAD"}, id="unknown method"),
        pytest.param({"request_format": "yaml"}, id="unknown format"),
        pytest.param({"http_method": "GET"}, id="events by GET"),
        pytest.param({"request_format": "xml"}, id="events as xml"),
        pytest.param({"subscriptions": []}, id="no subscriptions"),
        pytest.param({"subscriptions": ["zen:event-type:ticket.updated"]}, id="unknown event"),
        pytest.param({"subscriptions": ["ticket.created"]}, id="short event"),
        pytest.param({"subscriptions": ["zen:event-type:moon.rises"]}, id="unknown domain"),
        pytest.param(
            {"subscriptions": [CONDITIONAL, "zen:event-type:ticket.created"]}, id="mixed kinds"
        ),
        pytest.param({"custom_headers": {f"X-{n}": "1" for n in range(6)}}, id="six headers"),
        pytest.param({"custom_headers": {"X-Zendesk-Webhook-Id": "1"}}, id="standing header"),
        pytest.param({"custom_headers": {"a b": "1"}}, id="no header name"),
        pytest.param({"custom_headers": {"X-A": "x" * 1001}}, id="long header"),
    ],
)
def test_impossible_webhooks_are_refused(desk: Desk, changes: dict[str, Any]) -> None:
    answer = desk.call("POST", "webhooks", json={"webhook": ASKED | changes})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "event", ["user.deleted", "community_post.changed", "organization.created"]
)
def test_events_of_other_domains_may_be_wanted(desk: Desk, event: str) -> None:
    wanted = [f"zen:event-type:{event}"]

    assert made(desk, subscriptions=wanted)["subscriptions"] == wanted


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(ASKED["subscriptions"], [CONDITIONAL], id="events to triggers"),
        pytest.param([CONDITIONAL], ASKED["subscriptions"], id="triggers to events"),
    ],
)
def test_a_subscription_cannot_change_its_kind(
    desk: Desk, before: list[str], after: list[str]
) -> None:
    webhook = made(desk, subscriptions=before)

    answer = desk.call(
        "PATCH", f"webhooks/{webhook['id']}", json={"webhook": {"subscriptions": after}}
    )

    assert answer.status_code == 422


def test_custom_headers_are_sent(desk: Desk, receiver: Receiver) -> None:
    desk.subscribe(receiver.url, "created", custom_headers={"X-Desk": "risk"})

    desk.ticket()
    desk.settle()

    assert receiver.deliveries[0].headers["X-Desk"] == "risk"


def test_a_trial_account_has_ten_webhooks_at_most() -> None:
    with desk_on(trial=True) as desk:
        for _ in range(10):
            made(desk)

        answer = desk.call("POST", "webhooks", json={"webhook": ASKED})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param({}, ["Beta", "alpha desk", "Alpha"], id="newest first"),
        pytest.param({"filter[name_contains]": "ALPHA"}, ["alpha desk", "Alpha"], id="by name"),
        pytest.param({"filter[status]": "inactive"}, ["Beta"], id="by status"),
        pytest.param({"sort": "name"}, ["Alpha", "Beta", "alpha desk"], id="sorted"),
        pytest.param({"sort": "-name"}, ["alpha desk", "Beta", "Alpha"], id="sorted down"),
    ],
)
def test_webhooks_are_listed(desk: Desk, query: dict[str, str], names: list[str]) -> None:
    made(desk, name="Alpha")
    made(desk, name="alpha desk")
    made(desk, name="Beta", status="inactive")

    page = desk.get("webhooks", params=query)

    assert [webhook["name"] for webhook in page["webhooks"]] == names
    assert page["meta"] == {"has_more": False}


def test_webhooks_are_paged_forth_and_back(desk: Desk) -> None:
    for number in range(5):
        made(desk, name=str(number))

    first = desk.get("webhooks", params={"page[size]": "2"})
    second = desk.session.get(first["links"]["next"], timeout=10).json()
    back = desk.session.get(second["links"]["prev"], timeout=10).json()

    assert [one["name"] for one in first["webhooks"]] == ["4", "3"]
    assert first["meta"]["after_cursor"] == f"{first['webhooks'][1]['id']},desc"
    assert [one["name"] for one in second["webhooks"]] == ["2", "1"]
    assert back["webhooks"] == first["webhooks"]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        pytest.param({"sort": "endpoint"}, "InvalidSortParameter", id="sort"),
        pytest.param({"page[after]": "x"}, "InvalidPaginationParameter", id="cursor"),
        pytest.param({"page[size]": "101"}, "InvalidPaginationParameter", id="size"),
    ],
)
def test_bad_queries_are_refused(desk: Desk, query: dict[str, str], error: str) -> None:
    answer = desk.call("GET", "webhooks", params=query)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_delivery_under_way_never_sees_a_webhook_half_changed(desk: Desk) -> None:
    webhook_id = desk.subscribe("http://127.0.0.1:1/old", "created")["id"]
    webhooks = desk.sandbox.state.webhooks.store
    seen_by_delivery = webhooks.get(webhook_id)

    desk.call("PATCH", f"webhooks/{webhook_id}", json={"webhook": {"endpoint": "http://[::1]/new"}})

    assert seen_by_delivery["endpoint"] == "http://127.0.0.1:1/old"
    assert webhooks.get(webhook_id)["endpoint"] == "http://[::1]/new"
