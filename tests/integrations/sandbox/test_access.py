"""Who may ask: fixed credentials, OAuth tokens, scopes, impersonation."""

import base64
from typing import Any

import pytest

from tests.support.sandbox import Desk

CLIENT = {"client_id": "riskdesk", "client_secret": "sandbox-secret"}


def basic(pair: str) -> str:
    """Return the header of Basic authentication."""
    return "Basic " + base64.b64encode(pair.encode()).decode()


def token(desk: Desk, **fields: Any) -> dict[str, Any]:
    """Return the answer to a token request."""
    body: dict[str, Any] = desk.post(
        "/oauth/tokens", {"grant_type": "client_credentials", **CLIENT, **fields}
    )
    return body


def me(desk: Desk, header: str, **headers: str) -> Any:
    """Return the status and the address of whoever a header stands for."""
    answer = desk.call("GET", "users/me.json", headers={"Authorization": header} | headers)
    return answer.status_code, answer.json().get("user", answer.json()).get("email")


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("Bearer sandbox", id="fixed token"),
        pytest.param(basic("admin@example.com/token:sandbox"), id="API token"),
    ],
)
def test_fixed_credentials_are_the_administrator(desk: Desk, header: str) -> None:
    assert me(desk, header) == (200, "admin@example.com")


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="none"),
        pytest.param(basic("admin@example.com:sandbox"), id="password"),
        pytest.param("Basic %%%", id="no base64"),
    ],
)
def test_everything_else_is_refused(desk: Desk, header: str) -> None:
    answer = desk.call("GET", "tickets", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.json() == {"error": "Couldn't authenticate you"}


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("Bearer other", id="unknown token"),
        pytest.param("Bearer ", id="empty token"),
        pytest.param("Bearer sändbox", id="not ASCII"),
    ],
)
@pytest.mark.parametrize("path", ["tickets", "users/me"])
def test_unknown_tokens_are_refused_everywhere(desk: Desk, header: str, path: str) -> None:
    answer = desk.call("GET", path, headers={"Authorization": header.encode("latin-1")})

    assert answer.status_code == 401
    assert answer.json() == {
        "error": "invalid_token",
        "error_description": "The access token provided is expired, revoked, malformed or "
        "invalid for other reasons.",
    }


def test_a_wrong_api_token_is_refused_even_where_anybody_may_ask(desk: Desk) -> None:
    header = basic("admin@example.com/token:x")

    answer = desk.call("GET", "users/me", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.json() == {"error": "Couldn't authenticate you"}


@pytest.mark.parametrize(
    "header",
    [pytest.param("", id="none"), pytest.param(basic("admin@example.com:x"), id="wrong password")],
)
def test_without_credentials_one_is_anonymous(desk: Desk, header: str) -> None:
    answer = desk.call("GET", "users/me", headers={"Authorization": header})

    user = answer.json()["user"]
    assert answer.status_code == 200
    assert (user["id"], user["name"], user["role"]) == (None, "Anonymous user", "end-user")
    assert user["url"] is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "incremental/tickets/cursor?start_time=0", id="exports"),
        pytest.param("GET", "webhooks", id="webhooks"),
        pytest.param("GET", "slas/policies", id="SLA policies"),
        pytest.param("POST", "groups", id="a new group"),
        pytest.param("GET", "oauth/tokens", id="tokens"),
    ],
)
def test_agents_may_not_do_what_needs_an_administrator(desk: Desk, method: str, path: str) -> None:
    answer = desk.call(method, path, headers={"X-On-Behalf-Of": "grace.lee@example.com"})

    assert answer.status_code == 403
    assert answer.json()["error"]["title"] == "Forbidden"
    assert desk.call("GET", path, headers={}).status_code == 200


def test_a_light_agent_speaks_to_colleagues_only(desk: Desk) -> None:
    ticket = desk.ticket()

    answer = desk.put(
        f"tickets/{ticket['id']}",
        {"ticket": {"comment": {"body": "Hello", "public": True}}},
        headers={"X-On-Behalf-Of": "nina.patel@example.com"},
    )

    said = [event for event in answer["audit"]["events"] if event["type"] == "Comment"]
    assert [event["public"] for event in said] == [False]


def test_the_suspended_are_refused(desk: Desk) -> None:
    desk.put(f"users/{desk.user_id('grace.lee@example.com')}", {"user": {"suspended": True}})

    found = me(desk, "Bearer sandbox", **{"X-On-Behalf-Of": "grace.lee@example.com"})

    assert found[0] == 401


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        pytest.param("read", "GET", "tickets", 200, id="read may read"),
        pytest.param("read", "DELETE", "tickets/1", 403, id="read may not write"),
        pytest.param("tickets:read", "GET", "tickets", 200, id="tickets:read reads tickets"),
        pytest.param("tickets:read", "GET", "users", 403, id="tickets:read reads no users"),
        pytest.param("nonsense", "GET", "tickets", 403, id="an unknown scope may nothing"),
    ],
)
def test_scopes_are_checked_at_every_call(
    desk: Desk, scope: str, method: str, path: str, status: int
) -> None:
    issued = token(desk, scope=scope)

    answer = desk.call(method, path, headers={"Authorization": f"Bearer {issued['access_token']}"})

    assert answer.status_code == status


def test_the_administrator_may_act_for_others(desk: Desk) -> None:
    found = me(desk, "Bearer sandbox", **{"X-On-Behalf-Of": "grace.lee@example.com"})

    assert found == (200, "grace.lee@example.com")


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        pytest.param("read write", 403, id="without the scope"),
        pytest.param("read write impersonate", 200, id="with the scope"),
    ],
)
def test_acting_for_others_needs_a_scope_of_its_own(desk: Desk, scope: str, status: int) -> None:
    issued = token(desk, scope=scope)

    found = me(
        desk,
        f"Bearer {issued['access_token']}",
        **{"X-On-Behalf-Of": "grace.lee@example.com"},
    )

    assert found[0] == status


def test_customers_have_requests_and_not_the_tickets_of_others(desk: Desk) -> None:
    desk.ticket(requester={"name": "Other", "email": "other@customer.example"})
    desk.ticket()
    as_customer = {"X-On-Behalf-Of": "wang.fang@customer.example"}

    mine = desk.get("requests", headers=as_customer)["requests"]
    answer = desk.call("GET", "tickets/1", headers=as_customer)

    assert [request["id"] for request in mine] == [2]
    assert desk.call("GET", "requests/1", headers=as_customer).status_code == 404
    assert answer.status_code == 403


def test_a_customer_opens_and_answers_a_request(desk: Desk) -> None:
    desk.post("users", {"user": {"name": "Bo", "email": "bo@customer.example"}})
    as_customer = {"X-On-Behalf-Of": "bo@customer.example"}
    made = desk.post(
        "requests",
        {"request": {"subject": "Frozen", "comment": {"body": "Why?"}}},
        headers=as_customer,
    )["request"]
    desk.update(made["id"], status="pending", comment={"body": "a note", "public": False})

    desk.put(
        f"requests/{made['id']}",
        {"request": {"comment": {"body": "Hello?", "public": False}}},
        headers=as_customer,
    )

    said = desk.get(f"requests/{made['id']}/comments", headers=as_customer)["comments"]
    assert [comment["body"] for comment in said] == ["Why?", "Hello?"]
    assert desk.get(f"tickets/{made['id']}")["ticket"]["status"] == "open"
