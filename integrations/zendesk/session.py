"""The one HTTP session under everything that talks to Zendesk."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from msgspec import Raw
from requests.adapters import HTTPAdapter

from integrations.runtime.errors import LoginRefused, ZendeskRefused, ZendeskRetryable
from integrations.zendesk.addresses import check_address, is_loopback, within
from integrations.zendesk.answers import read_answer, read_parts
from integrations.zendesk.auth import TOKEN_PATH, Login
from integrations.zendesk.budgets import Budget
from integrations.zendesk.errands import present_errand
from integrations.zendesk.failures import READS, failure, http_date, silence
from integrations.zendesk.ledger import Ledger, OwnLedger
from integrations.zendesk.pacing import Pacer
from integrations.zendesk.retries import Patience

T = TypeVar("T")

TIMEOUT_S = (5.0, 60.0)  # to connect; between two pieces of an answer (large exports are slow)
CONNECTIONS = 16


class ZendeskSession(requests.Session):
    """Adds address, login, pacing, retries and typed errors to every request of one account.

    `request` returns only 2xx answers; everything else is an error of the project. Paths and
    absolute addresses of the account are both accepted; no other host ever sees a request.
    """

    def __init__(
        self,
        base_url: str,
        login: Login,
        *,
        budgets: Mapping[str, Budget],
        ledger: Ledger | None = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        super().__init__()
        self.base = check_address(base_url)
        self._dates = threading.local()  # of each thread's newest answer
        self._newest_date: datetime | None = None
        self.patience = Patience(sleep=sleep, jitter=jitter)
        self.pacer = Pacer(
            self.base.netloc,
            budgets,
            ledger or OwnLedger(monotonic),
            sleep=self.patience.sleep,
            monotonic=monotonic,
        )
        self._login = login
        self.headers["User-Agent"] = f"riskdesk/{version('riskdesk')}"
        self.headers["Accept"] = "application/json"
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # the login is enough
        self.mount(f"{self.base.scheme}://", HTTPAdapter(CONNECTIONS, CONNECTIONS))
        self.trust_env = not is_loopback(self.base)  # a proxy cannot reach our own machine

    @property
    def server_time(self) -> datetime | None:
        """Zendesk's own clock: the Date of this thread's newest answer, or else of anybody's.

        What a thread has read was true then, however much later others were answered.
        """
        return getattr(self._dates, "newest", self._newest_date)

    def __repr__(self) -> str:
        return f"<ZendeskSession {self.base.geturl()}>"

    def request(
        self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Return the 2xx answer, after as many waits and attempts as are safe for the method."""
        verb = (method.decode() if isinstance(method, bytes) else method).upper()
        address = within(self.base, url.decode() if isinstance(url, bytes) else url)
        send = partial(self._signed, verb, address, *args, **kwargs)
        return self.patience.trying(idempotent=verb in READS)(send)

    def read(
        self, path: str, params: Mapping[str, str | int] | None = None, *, even_slow: bool = True
    ) -> dict[str, Any]:
        """GET a path and return the JSON object in the answer.

        Without `even_slow`, an answer that takes too long is not asked for again: AnswerTooSlow.
        """
        return self._asked(
            "GET", path, read_answer, idempotent=True, even_slow=even_slow, params=params
        )

    def read_parts(
        self, path: str, params: Mapping[str, str | int] | None = None, *, even_slow: bool = True
    ) -> dict[str, Raw]:
        """GET a path and return the JSON object in the answer with its values still undecoded."""
        return self._asked(
            "GET", path, read_parts, idempotent=True, even_slow=even_slow, params=params
        )

    def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        idempotent: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send a change and return the JSON object in the answer, empty when there is none.

        `idempotent`: done twice it is as if done once, so it may be sent until an answer comes.
        """
        return self._asked(
            method, path, read_answer, idempotent=idempotent, json=body, headers=headers
        )

    def _asked(
        self,
        method: str,
        path: str,
        read: Callable[[requests.Response], dict[str, T]],
        *,
        idempotent: bool,
        even_slow: bool = True,
        **kwargs: Any,
    ) -> dict[str, T]:
        """Send until there is an answer that can be read."""
        address = within(self.base, path)

        def send() -> dict[str, T]:
            answer = self._signed(method, address, **kwargs)
            return {} if answer.status_code == HTTPStatus.NO_CONTENT else read(answer)

        return self.patience.trying(idempotent=idempotent, even_slow=even_slow)(send)

    def _signed(self, method: str, address: str, *args: Any, **kwargs: Any) -> requests.Response:
        """Send with the login; if the token was refused, send once more with a new one."""
        header = self._login.authorization(self._ask_token)
        response = self._sent(method, address, header, *args, **kwargs)
        if response.status_code == HTTPStatus.UNAUTHORIZED and self._login.renew(
            header, self._ask_token
        ):
            header = self._login.authorization(self._ask_token)
            response = self._sent(method, address, header, *args, **kwargs)
        return _accepted(method, response)

    def _ask_token(self, grant: dict[str, Any]) -> Mapping[str, Any]:
        """POST to the token endpoint; no failure here has touched a ticket."""
        try:
            response = self._sent("POST", within(self.base, TOKEN_PATH), None, json=grant)
            return read_answer(_accepted("POST", response))
        except ZendeskRetryable as error:
            problem = f"answered {error.status}" if error.status else "cannot be reached"
            raise ZendeskRetryable(
                f"Zendesk's token endpoint at {self.base.netloc} {problem}.",
                hint="it is tried again later; check RISKDESK_ZENDESK_URL if it repeats.",
                retry_after_s=error.retry_after_s,
            ) from None
        except ZendeskRefused as error:
            raise LoginRefused(
                f"Zendesk's token endpoint refused the OAuth client (status {error.status}).",
                hint="check RISKDESK_ZENDESK_URL, _CLIENT_ID, _CLIENT_SECRET and _REFRESH_TOKEN.",
                status=error.status,
            ) from None

    def _sent(
        self, method: str, address: str, header: str | None, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Wait for a turn, send once, and note what the answer says about time and budgets."""
        path = urlsplit(address).path
        kwargs["allow_redirects"] = False  # they could lead the credentials to another host
        kwargs["auth"] = partial(_authorize, header)
        kwargs.setdefault("timeout", TIMEOUT_S)
        errand = present_errand()
        with self.pacer.turn(method, path, leave=errand.leave) as turn:
            errand.sent += 1
            try:
                response = super().request(method, address, *args, **kwargs)
            except requests.RequestException as cause:
                raise silence(method, path, cause) from None
            turn.note(response.status_code, response.headers)
        self._note_date(response.headers.get("Date", ""))
        return response

    def _note_date(self, text: str) -> None:
        date = http_date(text)
        if date is not None:
            self._dates.newest = self._newest_date = date


def _authorize(header: str | None, request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Sign the request; as an `auth` hook, so that no .netrc entry can replace the header."""
    if header:
        request.headers["Authorization"] = header
    return request


def _accepted(method: str, response: requests.Response) -> requests.Response:
    """Return a 2xx answer and raise the error for any other."""
    if HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES:
        return response
    path = response.request.path_url.partition("?")[0]
    raise failure(method, path, response.status_code, response.headers, response.content)
