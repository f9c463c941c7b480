"""What may go wrong with a request to the API: rules that say which request, and what happens."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import Literal

import msgspec

REFUSALS, SERVER_ERRORS = range(400, 500), range(500, 600)
LONGEST_WAIT_S = 600.0
API = "/api/v2/"


class Request(msgspec.Struct, frozen=True):
    """As much of a request as rules look at."""

    method: str
    path: str
    query: Mapping[str, str]

    def page_size(self) -> int:
        """Return how many records the request asks for, or gets without asking."""
        usual = "1000" if self.path.startswith(f"{API}incremental") else "100"
        text = self.query.get("per_page") or self.query.get("page[size]") or usual
        return int(text) if text.isascii() and text.isdigit() and len(text) < len("1" * 9) else 0


class Rule(
    msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, tag_field="fault"
):
    """Which requests are struck: by method, path, size of the page, chance and count.

    A path without a slash in front is below /api/v2; `*` stands for anything; `.json` is ignored.
    """

    method: str | None = None
    path: str = "*"
    page_over: int | None = None  # only requests for more records than this
    skip: int = 0  # so many matching requests pass first
    count: int | None = None  # no more are struck than this
    rate: float = 1.0

    def matches(self, request: Request) -> bool:
        """Return whether a request is of the kind that this rule strikes."""
        pattern = self.path if self.path.startswith("/") else API + self.path
        return (
            self.method in (None, request.method)
            and fnmatchcase(request.path.removesuffix(".json"), pattern.removesuffix(".json"))
            and (self.page_over is None or request.page_size() > self.page_over)
        )

    def complaint(self) -> str | None:
        """Return what is wrong with the rule itself, or None."""
        if not 0 <= self.rate <= 1:
            return "`rate` must lie between 0 and 1"
        if self.skip < 0 or (self.count is not None and self.count < 1):
            return "`skip` must be 0 or more, `count` 1 or more"
        return None


class TooManyRequests(Rule, frozen=True, tag="too_many_requests"):
    """Refused with 429; `retry_after` is sent as it is, as an HTTP date so far ahead, or not."""

    retry_after: int | float | str | None = 1
    as_date: bool = False

    def complaint(self) -> str | None:
        """Return what is wrong with the rule itself, or None."""
        if self.as_date and not isinstance(self.retry_after, int | float):
            return "`as_date` needs a number of seconds in `retry_after`"
        return _header_complaint(self.retry_after) or super().complaint()


class Refused(Rule, frozen=True, tag="refused"):
    """Refused for good: 403 as an account that may not do this, or another 4xx."""

    status: int = 403

    def complaint(self) -> str | None:
        """Return what is wrong with the rule itself, or None."""
        if self.status not in REFUSALS or self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return "`status` must be a status from 400 to 499, and not 429"
        return super().complaint()


class ServerError(Rule, frozen=True, tag="server_error"):
    """Fails with one of the statuses; `done`: after it was carried out. 503 has `retry_after`."""

    statuses: tuple[int, ...] = (500, 502, 503)
    retry_after: int | float | str | None = None
    body: Literal["json", "html", "empty"] = "json"
    done: bool = False

    def complaint(self) -> str | None:
        """Return what is wrong with the rule itself, or None."""
        if not self.statuses or not all(status in SERVER_ERRORS for status in self.statuses):
            return "`statuses` must be statuses from 500 to 599"
        return _header_complaint(self.retry_after) or super().complaint()


class _Waiting(Rule, frozen=True):
    seconds: float = 1.0

    def complaint(self) -> str | None:
        """Return what is wrong with the rule itself, or None."""
        if not 0 <= self.seconds <= LONGEST_WAIT_S:
            return f"`seconds` must lie between 0 and {LONGEST_WAIT_S:.0f}"
        return super().complaint()


class Slow(_Waiting, frozen=True, tag="slow"):
    """Answered as always, but so many seconds later."""


class Timeout(_Waiting, frozen=True, tag="timeout"):
    """The connection is held for so many seconds, or until the client goes; nothing ever comes."""

    seconds: float = LONGEST_WAIT_S
    done: bool = False


class Cut(Rule, frozen=True, tag="cut"):
    """The connection ends before a byte came, after the headers, or in the middle of the body."""

    after: Literal["nothing", "headers", "half"] = "half"
    done: bool = True  # whether it was carried out when nothing came; else it always was

    def complaint(self) -> str | None:
        """Return what is wrong with the rule itself, or None."""
        if not self.done and self.after != "nothing":
            return "what was answered in part was `done`"
        return super().complaint()


class Garbled(Rule, frozen=True, tag="garbled"):
    """Carried out and answered with the right status, but with half the JSON or with a page."""

    body: Literal["half_json", "html"] = "half_json"


class ExpiredToken(Rule, frozen=True, tag="expired_token"):
    """The issued token of the request expires now; credentials that never expire do not."""


AnyRule = TooManyRequests | Refused | ServerError | Slow | Timeout | Cut | Garbled | ExpiredToken


def _header_complaint(value: float | str | None) -> str | None:
    text = str(value)
    fits = text.isascii() and text.isprintable()
    return None if fits else "`retry_after` must be a number or one line of plain characters"
