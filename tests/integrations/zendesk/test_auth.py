"""Credentials: which are chosen, how tokens are renewed, and that nothing shows them."""

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import responses
from pydantic import SecretStr
from requests import PreparedRequest

from integrations.runtime.errors import ConfigError, LoginRefused, ZendeskRetryable
from integrations.runtime.settings import Settings
from integrations.zendesk.auth import FixedLogin, OAuthLogin, choose_login
from tests.support.zendesk import ACCOUNT, Clock, make_oauth, make_session

TICKET = f"{ACCOUNT}/api/v2/tickets/7.json"
TOKENS = f"{ACCOUNT}/oauth/tokens"


def make_settings(**values: Any) -> Settings:
    empty = dict.fromkeys(
        ("client_id", "client_secret", "access_token", "email", "api_token"), None
    )
    return Settings(**{f"zendesk_{name}": value for name, value in (empty | values).items()})


class TokenDesk:
    """Plays Zendesk: issues numbered tokens and accepts only the newest one."""

    def __init__(self, expires_in: int | None = 1000) -> None:
        self.issued = 0
        self.expires_in = expires_in
        self.grants: list[dict[str, Any]] = []
        responses.add_callback("POST", TOKENS, self.issue)
        responses.add_callback("GET", TICKET, self.show)
        responses.add_callback("PUT", TICKET, self.show)

    def issue(self, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        assert "Authorization" not in request.headers
        self.issued += 1
        self.grants.append(json.loads(request.body or b"{}"))
        token = {"access_token": f"token-{self.issued}", "token_type": "bearer"}
        return 201, {}, json.dumps(token | {"expires_in": self.expires_in})

    def show(self, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        accepted = request.headers["Authorization"] == f"Bearer token-{self.issued}"
        return (200, {}, "{}") if accepted else (401, {}, '{"error":"invalid_token"}')


@responses.activate
def test_one_token_serves_many_calls() -> None:
    desk, clock = TokenDesk(), Clock()
    session = make_session(clock=clock, login=make_oauth(clock))
    session.get(TICKET)
    session.get(TICKET)

    assert desk.issued == 1
    assert desk.grants[0]["grant_type"] == "client_credentials"
    assert desk.grants[0]["client_secret"] == "top-secret"


@responses.activate
@pytest.mark.parametrize(
    ("later", "issued"),
    [pytest.param(939, 1, id="still good"), pytest.param(940, 2, id="a minute before its end")],
)
def test_a_token_is_renewed_before_it_expires(later: float, issued: int) -> None:
    desk, clock = TokenDesk(expires_in=1000), Clock()
    session = make_session(clock=clock, login=make_oauth(clock))
    session.get(TICKET)
    clock.now += later
    session.get(TICKET)

    assert desk.issued == issued


@responses.activate
def test_a_token_without_an_end_is_kept() -> None:
    desk, clock = TokenDesk(expires_in=None), Clock()
    session = make_session(clock=clock, login=make_oauth(clock))
    session.get(TICKET)
    clock.now += 10_000_000
    session.get(TICKET)

    assert desk.issued == 1


@responses.activate
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_revoked_token_is_replaced_once_and_the_call_repeated(method: str) -> None:
    desk, clock = TokenDesk(), Clock()
    session = make_session(clock=clock, login=make_oauth(clock))
    session.get(TICKET)
    desk.issued += 1  # Zendesk revoked token-1

    assert session.request(method, TICKET).status_code == 200
    assert desk.issued == 3


@responses.activate
def test_credentials_that_stay_refused_are_not_asked_for_in_a_loop() -> None:
    responses.post(TOKENS, json={"access_token": "weak"}, status=201)
    responses.get(TICKET, status=401)
    clock = Clock()

    with pytest.raises(LoginRefused):
        make_session(clock=clock, login=make_oauth(clock)).get(TICKET)

    assert len(responses.calls) == 4


def test_threads_share_one_renewal() -> None:
    login, rejected = make_oauth(Clock()), "Bearer token-1"
    asked: list[int] = []
    gate = threading.Event()

    def ask(_grant: dict[str, Any]) -> dict[str, Any]:
        gate.wait(5 if asked else 0)  # the second request stays open while the threads pile up
        asked.append(1)
        return {"access_token": f"token-{len(asked)}"}

    assert login.authorization(ask) == rejected
    with ThreadPoolExecutor(8) as threads:
        renewals = [threads.submit(login.renew, rejected, ask) for _ in range(8)]
        gate.set()
        assert all(renewal.result(5) for renewal in renewals)

    assert len(asked) == 2
    assert login.authorization(ask) == "Bearer token-2"


@responses.activate
def test_a_busy_token_endpoint_is_asked_again_even_for_a_write() -> None:
    responses.post(TOKENS, status=502)
    desk, clock = TokenDesk(), Clock()

    assert make_session(clock=clock, login=make_oauth(clock)).put(TICKET, json={}).ok
    assert desk.issued == 1


@responses.activate
def test_a_dead_token_endpoint_leaves_no_doubt_about_the_ticket() -> None:
    responses.post(TOKENS, status=500)
    responses.put(TICKET, json={})
    clock = Clock()

    with pytest.raises(ZendeskRetryable) as caught:
        make_session(clock=clock, login=make_oauth(clock)).put(TICKET, json={})

    assert type(caught.value) is ZendeskRetryable
    assert all(call.request.url == TOKENS for call in responses.calls)


@responses.activate
@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refused_client_is_told_which_settings_to_check(status: int) -> None:
    responses.post(TOKENS, status=status, json={"error": "invalid_client"})
    clock = Clock()

    with pytest.raises(LoginRefused) as caught:
        make_session(clock=clock, login=make_oauth(clock)).get(TICKET)

    assert "_CLIENT_ID" in caught.value.hint
    assert "top-secret" not in str(caught.value)


@responses.activate
@pytest.mark.parametrize("token", [None, "", 7, "two words", "中文", "line\nbreak"])
def test_an_unusable_token_is_refused(token: object) -> None:
    responses.post(TOKENS, status=201, json={"access_token": token})
    clock = Clock()

    with pytest.raises(LoginRefused, match="usable access token"):
        make_session(clock=clock, login=make_oauth(clock)).get(TICKET)


def test_oauth_goes_before_every_other_login() -> None:
    settings = make_settings(client_id="desk", client_secret="s", access_token="t")

    assert isinstance(choose_login(settings), OAuthLogin)


def test_half_an_oauth_client_is_a_config_error_that_names_the_other_half() -> None:
    with pytest.raises(ConfigError, match="RISKDESK_ZENDESK_CLIENT_SECRET"):
        choose_login(make_settings(client_id="desk"))


def test_an_api_token_still_works_and_warns_of_its_end(caplog: pytest.LogCaptureFixture) -> None:
    login = choose_login(make_settings(email="ana@example.com", api_token="old"))

    assert login.authorization(lambda _: {}) == "Basic YW5hQGV4YW1wbGUuY29tL3Rva2VuOm9sZA=="
    assert "30 April 2027" in caplog.text
    assert "old" not in caplog.text.replace("April", "")


def test_an_access_token_loses_its_line_break() -> None:
    login = choose_login(make_settings(access_token="sandbox\n"))

    assert login.authorization(lambda _: {}) == "Bearer sandbox"


@pytest.mark.parametrize("token", ["two words", "中文", "“quoted”"])
def test_a_token_that_cannot_be_one_is_a_config_error_without_the_token(token: str) -> None:
    with pytest.raises(ConfigError, match="ACCESS_TOKEN") as caught:
        choose_login(make_settings(access_token=token))

    assert token not in str(caught.value)


def test_no_credentials_at_all_are_a_config_error() -> None:
    with pytest.raises(ConfigError, match="No Zendesk credentials"):
        choose_login(make_settings())


@pytest.mark.parametrize(
    "login",
    [
        FixedLogin("Bearer top-secret"),
        OAuthLogin("desk", SecretStr("top-secret")),
    ],
    ids=["fixed", "oauth"],
)
def test_a_login_does_not_show_its_secret(login: object, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("%r %r", login, vars(login))

    assert "top-secret" not in caplog.text
