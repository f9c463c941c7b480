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
        pytest.param("Bearer other", id="unknown token"),
        pytest.param("Bearer ", id="empty token"),
        pytest.param(basic("admin@example.com:sandbox"), id="password"),
        pytest.param("Basic %%%", id="no base64"),
        pytest.param("Bearer sändbox", id="not ASCII"),
    ],
)
def test_everything_else_is_refused(desk: Desk, header: str) -> None:
    answer = desk.call("GET", "tickets", headers={"Authorization": header.encode("latin-1")})

    assert answer.status_code == 401
    assert answer.json() == {"error": "Couldn't authenticate you"}


def test_client_credentials_are_the_integration(desk: Desk) -> None:
    issued = token(desk)

    assert me(desk, f"Bearer {issued['access_token']}") == (200, "riskdesk@example.com")
    assert issued["expires_in"] == 1800


def test_refreshing_ends_the_old_pair(desk: Desk) -> None:
    old = token(desk)
    refresh = {"grant_type": "refresh_token", "refresh_token": old["refresh_token"]}

    new = token(desk, **refresh)
    again = desk.call("POST", "/oauth/tokens", json=CLIENT | refresh)

    assert me(desk, f"Bearer {old['access_token']}")[0] == 401
    assert me(desk, f"Bearer {new['access_token']}")[0] == 200
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_an_expired_token_is_refused_and_can_be_refreshed(desk: Desk) -> None:
    old = token(desk)
    desk.post("/sandbox/expire_tokens")

    new = token(desk, grant_type="refresh_token", refresh_token=old["refresh_token"])

    assert me(desk, f"Bearer {old['access_token']}")[0] == 401
    assert me(desk, f"Bearer {new['access_token']}")[0] == 200


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        pytest.param({"client_secret": "x"}, 401, "invalid_client", id="wrong secret"),
        pytest.param({"grant_type": "password"}, 400, "unsupported_grant_type", id="password"),
        pytest.param({"expires_in": 5}, 400, "invalid_request", id="too short"),
        pytest.param(
            {"grant_type": "refresh_token", "refresh_token": "x"},
            400,
            "invalid_grant",
            id="made up",
        ),
    ],
)
def test_bad_token_requests_are_refused(
    desk: Desk, fields: dict[str, Any], status: int, error: str
) -> None:
    body = {"grant_type": "client_credentials", **CLIENT} | fields

    answer = desk.call("POST", "/oauth/tokens", json=body)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_form_bodies_are_understood(desk: Desk) -> None:
    answer = desk.call("POST", "/oauth/tokens", data={"grant_type": "client_credentials", **CLIENT})

    assert answer.json()["token_type"] == "bearer"


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


def test_the_integration_may_not_act_for_others(desk: Desk) -> None:
    issued = token(desk, scope="read write impersonate")

    found = me(
        desk,
        f"Bearer {issued['access_token']}",
        **{"X-On-Behalf-Of": "grace.lee@example.com"},
    )

    assert found[0] == 403


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
