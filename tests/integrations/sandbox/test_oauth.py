"""OAuth: how tokens are issued, refreshed, listed and revoked, and how clients are registered."""

from typing import Any

import pytest

from tests.support.sandbox import Desk

CLIENT = {"client_id": "riskdesk", "client_secret": "sandbox-secret"}
GRANT = {"grant_type": "client_credentials", **CLIENT}


def token(desk: Desk, **fields: Any) -> dict[str, Any]:
    """Return the answer to a token request."""
    body: dict[str, Any] = desk.post("/oauth/tokens", GRANT | fields)
    return body


def bearer(access: str) -> dict[str, str]:
    """Return the headers of a request with a token."""
    return {"Authorization": f"Bearer {access}"}


def me(desk: Desk, header: str) -> Any:
    """Return the status and the address of whoever a header stands for."""
    answer = desk.call("GET", "users/me.json", headers={"Authorization": header})
    return answer.status_code, answer.json().get("user", answer.json()).get("email")


def test_client_credentials_are_the_integration(desk: Desk) -> None:
    issued = token(desk)

    assert me(desk, f"Bearer {issued['access_token']}") == (200, "riskdesk@example.com")
    assert issued["token_type"] == "bearer"
    assert (issued["scope"], issued["expires_in"]) == ("read write", 1800)


def test_issuing_answers_201_and_is_not_to_be_stored(desk: Desk) -> None:
    answer = desk.call("POST", "/oauth/tokens", json=GRANT)

    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"


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
        pytest.param({"expires_in": 300}, 400, "invalid_request", id="too short"),
        pytest.param({"expires_in": 172_800}, 400, "invalid_request", id="too long"),
        pytest.param({"expires_in": True}, 400, "invalid_request", id="no number"),
        pytest.param({"expires_in": "9" * 5000}, 400, "invalid_request", id="endless"),
        pytest.param(
            {"refresh_token_expires_in": 604_799}, 400, "invalid_request", id="refresh too short"
        ),
        pytest.param({"scope": ["read"]}, 400, "invalid_scope", id="a list of scopes"),
        pytest.param({"client_id": {}}, 401, "invalid_client", id="no client"),
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
    answer = desk.call("POST", "/oauth/tokens", json=GRANT | fields)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_form_bodies_are_understood(desk: Desk) -> None:
    answer = desk.call("POST", "/oauth/tokens", data=GRANT)

    assert answer.json()["token_type"] == "bearer"


def test_a_refused_wish_does_not_use_up_the_refresh_token(desk: Desk) -> None:
    old = token(desk)
    refresh = {"grant_type": "refresh_token", "refresh_token": old["refresh_token"]}

    answer = desk.call("POST", "/oauth/tokens", json=CLIENT | refresh | {"expires_in": 5})

    assert answer.status_code == 400
    assert token(desk, **refresh)["access_token"] != old["access_token"]


def test_a_refreshed_token_keeps_scopes_and_life(desk: Desk) -> None:
    old = token(desk, scope="tickets:read", expires_in=600)

    new = token(desk, grant_type="refresh_token", refresh_token=old["refresh_token"])

    assert (new["scope"], new["expires_in"]) == ("tickets:read", 600)


def test_tokens_are_listed_without_their_secrets(desk: Desk) -> None:
    issued = token(desk)

    mine = desk.get("oauth/tokens", headers=bearer(issued["access_token"]))["tokens"]

    assert [one["token"] for one in mine] == [issued["access_token"][:10]]
    assert mine[0]["refresh_token"] == issued["refresh_token"][:10]
    assert mine[0]["scopes"] == ["read", "write"]
    assert desk.get("oauth/tokens")["tokens"] == []
    assert len(desk.get("oauth/tokens?all=true")["tokens"]) == 1


def test_a_token_shows_itself(desk: Desk) -> None:
    issued = token(desk)["access_token"]

    shown = desk.get("oauth/tokens/current.json", headers=bearer(issued))["token"]

    assert shown == desk.get(f"oauth/tokens/{shown['id']}")["token"]
    assert shown["user_id"] == desk.user_id("riskdesk@example.com")
    assert shown["used_at"] is not None


@pytest.mark.parametrize("path", ["oauth/tokens/current", "oauth/tokens/{id}"])
def test_a_token_can_be_revoked(desk: Desk, path: str) -> None:
    issued = token(desk)
    shown = desk.get("oauth/tokens/current", headers=bearer(issued["access_token"]))["token"]

    answer = desk.call(
        "DELETE", path.format(id=shown["id"]), headers=bearer(issued["access_token"])
    )

    refresh = {"grant_type": "refresh_token", "refresh_token": issued["refresh_token"]}
    assert answer.status_code == 204
    assert me(desk, f"Bearer {issued['access_token']}")[0] == 401
    assert desk.call("POST", "/oauth/tokens", json=CLIENT | refresh).status_code == 400


def test_the_fixed_credentials_are_no_token(desk: Desk) -> None:
    assert desk.call("GET", "oauth/tokens/current").status_code == 404


def test_an_administrator_makes_a_token_that_never_expires(desk: Desk) -> None:
    client = desk.get("oauth/clients")["clients"][0]

    made = desk.post(
        "oauth/tokens", {"token": {"client_id": client["id"], "scopes": ["tickets:read"]}}
    )["token"]
    desk.post("/sandbox/expire_tokens")

    assert made["full_token"].startswith(made["token"])
    assert made["expires_at"] is None
    assert desk.call("GET", "tickets", headers=bearer(made["full_token"])).status_code == 200
    assert desk.call("GET", "users", headers=bearer(made["full_token"])).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"client_id": 1, "scopes": ["read"]}, id="no such client"),
        pytest.param({"client_id": [], "scopes": ["read"]}, id="no id"),
        pytest.param({"client_id": "riskdesk", "scopes": ["read"]}, id="a name"),
    ],
)
def test_a_token_for_nobody_is_refused(desk: Desk, asked: dict[str, Any]) -> None:
    assert desk.call("POST", "oauth/tokens", json={"token": asked}).status_code == 422


def test_clients_can_be_registered_and_act_for_whoever_did_it(desk: Desk) -> None:
    client = desk.post("oauth/clients", {"client": {"name": "Reports", "identifier": "reports"}})
    secret = client["client"]["secret"]

    issued = token(desk, client_id="reports", client_secret=secret)

    assert me(desk, f"Bearer {issued['access_token']}") == (200, "admin@example.com")
    assert desk.get(f"oauth/clients/{client['client']['id']}")["client"]["secret"] == secret[:10]


def test_a_refresh_token_belongs_to_its_client(desk: Desk) -> None:
    client = desk.post("oauth/clients", {"client": {"name": "Reports", "identifier": "reports"}})
    other = {"client_id": "reports", "client_secret": client["client"]["secret"]}
    refresh = {"grant_type": "refresh_token", "refresh_token": token(desk)["refresh_token"]}

    assert desk.call("POST", "/oauth/tokens", json=other | refresh).status_code == 400
    assert desk.call("POST", "/oauth/tokens", json=CLIENT | refresh).status_code == 201


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"name": "x"}, id="no identifier"),
        pytest.param({"name": "", "identifier": "x"}, id="no name"),
        pytest.param({"name": "x", "identifier": "riskdesk"}, id="taken"),
    ],
)
def test_an_unusable_client_is_refused(desk: Desk, asked: dict[str, Any]) -> None:
    assert desk.call("POST", "oauth/clients", json={"client": asked}).status_code == 422
