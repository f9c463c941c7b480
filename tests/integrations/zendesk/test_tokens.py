"""Tokens that several processes share: one renewal for all, and no way to be locked out."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import SecretStr

from integrations.runtime.errors import LoginRefused, ZendeskRetryable
from integrations.zendesk.auth import OAuthLogin
from integrations.zendesk.meeting_point import MeetingPoint, tokens
from integrations.zendesk.tokens import SharedTokens
from tests.support.budgets import shared_place
from tests.support.zendesk import Clock

__all__ = ["shared_place"]

SECRET = SecretStr("top-secret")


class Zendesk:
    """Issues numbered pairs; a refresh deletes the pair it was made with."""

    def __init__(self, *, refresh: str = "given-0", client_credentials: bool = True) -> None:
        self.grants: list[str] = []
        self.refresh: str | None = refresh
        self.client_credentials = client_credentials
        self.lose_answers = 0
        self._lock = threading.Lock()

    def ask(self, grant: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            kind = grant["grant_type"]
            self.grants.append(kind)
            refused = grant.get("refresh_token") != self.refresh
            if refused if kind == "refresh_token" else not self.client_credentials:
                raise LoginRefused("refused", hint="", status=400)
            self.refresh = f"refresh-{len(self.grants)}"
            if self.lose_answers:
                self.lose_answers -= 1
                raise ZendeskRetryable("lost", hint="")
            pair = {"access_token": f"access-{len(self.grants)}", "refresh_token": self.refresh}
            return pair | {"expires_in": 1000}

    @property
    def newest(self) -> str:
        return f"Bearer access-{len(self.grants)}"


def make_login(
    place: MeetingPoint, *, refresh: str | None = None, clock: Clock | None = None
) -> OAuthLogin:
    return OAuthLogin(
        "desk",
        SECRET,
        store=SharedTokens(place, "acme", "desk", SECRET),
        refresh_token=SecretStr(refresh) if refresh else None,
        monotonic=(clock or Clock()).monotonic,
    )


def test_a_second_process_takes_the_token_of_the_first(shared_place: MeetingPoint) -> None:
    zendesk = Zendesk()
    headers = {make_login(shared_place).authorization(zendesk.ask) for _ in range(3)}

    assert headers == {zendesk.newest}
    assert zendesk.grants == ["client_credentials"]


@pytest.mark.parametrize("refresh", [None, "given-0"], ids=["client credentials", "refresh"])
def test_a_dead_token_is_renewed_once_by_sixteen_threads_of_four_processes(
    shared_place: MeetingPoint, refresh: str | None
) -> None:
    zendesk = Zendesk()
    logins = [make_login(shared_place, refresh=refresh) for _ in range(4)]
    (dead,) = {login.authorization(zendesk.ask) for login in logins}
    before = len(zendesk.grants)
    with ThreadPoolExecutor(16) as threads:
        renewed = list(threads.map(lambda n: logins[n % 4].renew(dead, zendesk.ask), range(16)))

    assert all(renewed)
    assert len(zendesk.grants) == before + 1
    assert {login.authorization(zendesk.ask) for login in logins} == {zendesk.newest}


def test_a_refresh_uses_the_newest_pair_whoever_fetched_it(shared_place: MeetingPoint) -> None:
    zendesk = Zendesk(client_credentials=False)
    one, other = (make_login(shared_place, refresh="given-0") for _ in range(2))
    first = one.authorization(zendesk.ask)
    other.renew("", zendesk.ask)
    other.renew(first, zendesk.ask)
    third = one.renew(first, zendesk.ask) and one.authorization(zendesk.ask)

    assert zendesk.grants == ["refresh_token"] * 2
    assert third == zendesk.newest


def test_a_pair_lost_between_answer_and_store_does_not_lock_us_out(
    shared_place: MeetingPoint,
) -> None:
    zendesk = Zendesk()
    zendesk.lose_answers = 1
    login = make_login(shared_place, refresh="given-0")
    with pytest.raises(ZendeskRetryable):
        login.authorization(zendesk.ask)

    assert login.authorization(zendesk.ask) == zendesk.newest
    assert zendesk.grants == ["refresh_token", "refresh_token", "client_credentials"]


def test_a_new_refresh_token_of_the_operator_is_tried_when_the_kept_one_is_dead(
    shared_place: MeetingPoint,
) -> None:
    zendesk = Zendesk(client_credentials=False)
    make_login(shared_place, refresh="given-0").authorization(zendesk.ask)
    dead, zendesk.refresh = zendesk.newest, "given-1"
    login = make_login(shared_place, refresh="given-1")
    login.authorization(zendesk.ask)
    login.renew(dead, zendesk.ask)

    assert login.authorization(zendesk.ask) == zendesk.newest


def test_with_every_way_refused_the_operator_is_told(shared_place: MeetingPoint) -> None:
    zendesk = Zendesk(refresh="another", client_credentials=False)

    with pytest.raises(LoginRefused):
        make_login(shared_place, refresh="given-0").authorization(zendesk.ask)


def test_no_token_stands_in_the_table_in_clear(shared_place: MeetingPoint) -> None:
    make_login(shared_place).authorization(Zendesk().ask)
    with shared_place.open() as connection:
        assert connection is not None
        row = connection.execute(tokens.select()).one()

    assert not any("access-1" in str(value) or "refresh-1" in str(value) for value in row)


def test_a_token_under_an_older_secret_is_fetched_anew(shared_place: MeetingPoint) -> None:
    zendesk = Zendesk()
    make_login(shared_place).authorization(zendesk.ask)
    store = SharedTokens(shared_place, "acme", "desk", SecretStr("rotated"))
    login = OAuthLogin("desk", SecretStr("rotated"), store=store)

    assert login.authorization(zendesk.ask) == zendesk.newest
    assert len(zendesk.grants) == 2


def test_without_a_place_to_meet_a_process_logs_in_alone() -> None:
    zendesk = Zendesk()
    place = MeetingPoint("sqlite:///nowhere/at/all.db")

    assert make_login(place).authorization(zendesk.ask) == zendesk.newest


def test_an_unreachable_database_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    zendesk = Zendesk()
    place = MeetingPoint("postgresql://nobody:pass-word@127.0.0.1:9/none")
    login = make_login(place)

    assert login.authorization(zendesk.ask) == zendesk.newest
    assert "cannot share" in caplog.text
    assert "pass-word" not in caplog.text
