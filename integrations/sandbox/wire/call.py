"""What a route handler gets and gives: the call of a client, the answer, and the route itself."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from integrations.sandbox.state.account import Account
from integrations.sandbox.state.oauth import OAuth
from integrations.sandbox.state.refusals import bad_request, forbidden
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.kinds import checked, is_whole

if TYPE_CHECKING:
    from integrations.sandbox.deliveries.dispatch import Deliveries

JSON = "application/json; charset=utf-8"


@dataclass(slots=True, kw_only=True)
class Call:
    """One request to the API: who asks for what."""

    account: Account
    deliveries: "Deliveries"
    oauth: OAuth
    method: str
    base: str  # scheme and host as the client wrote them: links lead back to the same place
    path: str  # as asked, with or without .json
    query: dict[str, str]
    headers: Mapping[str, str]
    body: dict[str, Any]
    actor: Record
    export_lag: float
    content: bytes = b""  # the body as it came, for routes that take files
    params: list[Any] = field(default_factory=list)  # values of {id} and {key} in the path
    unpermitted: list[str] = field(default_factory=list)
    controller: str = ""
    action: str = ""

    @property
    def id(self) -> int:
        """The first number in the path."""
        return int(self.params[0])

    def url(self, *parts: object) -> str:
        """Return the address of a record; somebody anonymous has one without a number."""
        path = "/".join("" if part is None else str(part) for part in parts)
        return f"{self.base}/api/v2/{path}.json"

    def here(self, query: Mapping[str, str]) -> str:
        """Return the address that the client asked, with another query."""
        return f"{self.base}{self.path}?{urlencode(sorted(query.items()))}"

    def wrapped(self, key: str) -> dict[str, Any]:
        """Return the object inside the body's one key; a flat body is as good as empty."""
        inner = self.body.get(key)
        return checked(inner) if isinstance(inner, dict) else {}

    def full_agent(self) -> Record:
        """Return who asks; refuse light agents, who may only read and write internal notes."""
        if self.actor["only_private_comments"]:
            raise forbidden("You do not have access to this page. Please contact the account owner")
        return self.actor

    def words(self, name: str) -> list[str]:
        """Return a comma-separated list from the query; refuse more than a hundred."""
        words = [word for word in map(str.strip, self.query.get(name, "").split(",")) if word]
        if len(words) > MOST_IDS:
            raise too_many_values()
        return words

    def ids(self) -> list[int]:
        """Return the ids that the query lists."""
        return [int(word) for word in self.words("ids") if is_whole(word)]

    def number(self, name: str, default: int) -> int:
        """Return a number from the query, at least 1."""
        text = self.query.get(name, "")
        return max(1, int(text)) if is_whole(text) else default

    def includes(self, name: str) -> bool:
        """Return whether the client asks for this sideload."""
        return name in self.query.get("include", "").replace(" ", "").split(",")

    def warn(self, prefix: str, given: Mapping[str, Any], allowed: frozenset[str]) -> None:
        """Note the keys that are ignored."""
        self.unpermitted += [f"{prefix}.{key}" for key in given if key not in allowed]


MOST_IDS = 100


def too_many_values() -> Exception:
    """Say that a bulk request names more than 100 records (Zendesk's text has two spaces)."""
    return bad_request(
        "TooManyValues",
        f"Parameter  cannot specify more than {MOST_IDS} values",
        max_count=MOST_IDS,
    )


@dataclass(slots=True)
class Answer:
    """What goes back to the client."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = JSON


Handler = Callable[[Call], Answer | Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint: `{id}` in the pattern is a number, `{key}` any word."""

    method: str
    pattern: str
    handler: Handler
    controller: str = ""
    action: str = ""
    budget: str | None = None
    open_to_end_users: bool = False
    open_to_anonymous: bool = False
    takes_files: bool = False  # the body is a file, not JSON


def created(call: Call, key: str, record: Record, *place: object) -> Answer:
    """Answer a creation: 201 and the address of the new record."""
    return Answer({key: record}, 201, {"Location": call.url(*place)})


def no_content(content_type: str = JSON) -> Answer:
    """Answer a deletion."""
    return Answer(None, 204, content_type=content_type)
