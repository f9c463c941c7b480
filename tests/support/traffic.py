"""Random but valid-looking traffic of many agents at once, the same wishes for the same seed."""

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import requests

from tests.support.sandbox import ADMIN, TIMEOUT_S, Desk

if TYPE_CHECKING:
    from collections.abc import Callable

TAGS = ("riskdesk", "vip", "fraud", "withdrawal", "p2p", "kyc")
WORDS = ("frozen", "withdrawal", "stolen phone", "提现 冻结", "wrong address", "4111111111111111")
STATUSES = ("open", "pending", "hold", "solved")
PRIORITIES = ("low", "normal", "high", "urgent", None)
SEARCHES = ("type:ticket", "type:ticket status<solved", "tags:vip", "frozen", "type:user fang")


class Traffic:
    """One client that does what comes to its mind; `answers` counts what came back."""

    def __init__(self, desk: Desk, seed: int) -> None:
        state = desk.sandbox.state
        self.answers: Counter[int] = Counter()
        self.server_errors: list[str] = []
        self._url = desk.sandbox.url
        self._random = Random(seed)
        self._session = requests.Session()
        self._session.headers["Authorization"] = ADMIN
        self._groups = [one["id"] for one in state.groups.all()]
        self._agents = [one["id"] for one in state.users.all() if one["role"] != "end-user"]
        self._webhooks = [one["id"] for one in state.webhooks.store.all()]
        self._views = [one["id"] for one in state.views.all()]
        self._numbers = [case.id for case in state.living_tickets()] or [1]
        self._wishes: list[Callable[[], None]] = [
            *(self._create, self._create_many, self._update, self._update, self._update),
            *(self._update_many, self._merge, self._redact, self._delete, self._restore),
            *(self._purge, self._tag, self._search, self._look, self._export),
            *(self._side_conversation, self._people, self._webhook),
        ]

    def act(self) -> None:
        """Do one thing."""
        self._random.choice(self._wishes)()

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def call(self, method: str, path: str, json: Any = None, **query: Any) -> dict[str, Any]:
        """Send a request and return the body, or nothing when there is none or it went wrong."""
        url = self._url + (path if path.startswith("/") else f"/api/v2/{path}")
        try:
            answer = self._session.request(method, url, json=json, params=query, timeout=TIMEOUT_S)
        except requests.RequestException:
            self.answers[0] += 1  # a cut connection
            return {}
        self.answers[answer.status_code] += 1
        if answer.status_code >= requests.codes.server_error:
            self.server_errors.append(f"{method} {path} {json}: {answer.status_code}")
        try:
            body = answer.json() if answer.ok else {}
        except requests.JSONDecodeError:  # a page for people, no content, or a garbled answer
            return {}
        return body if isinstance(body, dict) else {}

    def _one(self) -> int:
        return self._random.choice(self._numbers)

    def _some(self) -> list[int]:
        return [self._one() for _ in range(self._random.randint(1, 6))]

    def _list(self) -> str:
        return ",".join(map(str, self._some()))

    def _wanted(self) -> dict[str, Any]:
        pick = self._random.choice
        wishes: list[dict[str, Any]] = [
            {"status": pick(STATUSES)},
            {"priority": pick(PRIORITIES)},
            {"tags": self._random.sample(TAGS, 2)},
            {"additional_tags": [pick(TAGS)]},
            {"remove_tags": [pick(TAGS)]},
            {"assignee_id": pick(self._agents)},
            {"group_id": pick(self._groups)},
            {"comment": {"body": pick(WORDS), "public": pick((True, False))}},
            {"subject": pick(WORDS)},
            {"type": pick(("problem", "incident", "question", "task"))},
            {"external_id": f"case-{self._random.randrange(50)}"},
        ]
        wanted: dict[str, Any] = {}
        for wish in self._random.sample(wishes, self._random.randint(1, 4)):
            wanted |= wish
        return wanted

    def _new(self) -> dict[str, Any]:
        name = f"customer{self._random.randrange(30)}"
        requester = {"name": name, "email": f"{name}@customer.example"}
        said = {"body": self._random.choice(WORDS)}
        return {"subject": "Complaint"} | self._wanted() | {"requester": requester, "comment": said}

    def _create(self) -> None:
        made = self.call("POST", "tickets.json", {"ticket": self._new()}).get("ticket")
        if made:
            self._numbers.append(made["id"])

    def _create_many(self) -> None:
        self.call("POST", "tickets/create_many", {"tickets": [self._new() for _ in range(4)]})

    def _update(self) -> None:
        self.call("PUT", f"tickets/{self._one()}", {"ticket": self._wanted()})

    def _update_many(self) -> None:
        if self._random.random() < 0.5:
            self.call("PUT", "tickets/update_many", {"ticket": self._wanted()}, ids=self._list())
        else:
            tickets = [{"id": number} | self._wanted() for number in self._some()]
            self.call("PUT", "tickets/update_many", {"tickets": tickets})

    def _merge(self) -> None:
        asked = {"ids": self._some(), "target_comment": "merged", "source_comment": "see there"}
        self.call("POST", f"tickets/{self._one()}/merge", asked)

    def _redact(self) -> None:
        number = self._one()
        for comment in self.call("GET", f"tickets/{number}/comments").get("comments", ())[:1]:
            body = comment["html_body"].replace("4111111111111111", "<redact>4111</redact>")
            asked = {"ticket_id": number, "html_body": body}
            self.call("PUT", f"comment_redactions/{comment['id']}", asked)
            place = f"tickets/{number}/comments/{comment['id']}"
            self.call("PUT", f"{place}/redact", {"text": "frozen"})

    def _delete(self) -> None:
        if self._random.random() < 0.5:
            self.call("DELETE", f"tickets/{self._one()}")
        else:
            self.call("DELETE", "tickets/destroy_many", ids=self._list())

    def _restore(self) -> None:
        for ticket in self.call("GET", "deleted_tickets").get("deleted_tickets", ())[:2]:
            self.call("PUT", f"deleted_tickets/{ticket['id']}/restore")

    def _purge(self) -> None:
        for ticket in self.call("GET", "deleted_tickets").get("deleted_tickets", ())[:1]:
            self.call("DELETE", f"deleted_tickets/{ticket['id']}")

    def _tag(self) -> None:
        method = self._random.choice(("PUT", "POST", "DELETE"))
        self.call(method, f"tickets/{self._one()}/tags", {"tags": [self._random.choice(TAGS)]})

    def _search(self) -> None:
        words = self._random.choice(SEARCHES)
        self.call("GET", "search", query=words)
        self.call("GET", "search/export", query=words, **{"filter[type]": "ticket"})

    def _look(self) -> None:
        number = self._one()
        for view in self._random.sample(self._views, min(1, len(self._views))):
            self.call("GET", f"views/{view}/execute")
            self.call("GET", f"views/{view}/count")
        self.call("GET", f"tickets/{number}", include="users,metric_sets,slas")
        self.call("GET", f"tickets/{number}/metric_events")
        self.call("GET", "/")
        self.call("GET", "/sandbox/state")

    def _export(self) -> None:
        name = self._random.choice(("tickets/cursor", "tickets", "ticket_events", "users"))
        self.call("GET", f"incremental/{name}", start_time=0, per_page=self._random.randint(1, 50))
        self.call("GET", "incremental/ticket_metric_events", start_time=0)
        self.call("GET", "ticket_audits", limit=20)

    def _side_conversation(self) -> None:
        place = f"tickets/{self._one()}/side_conversations"
        group = self._random.choice(self._groups)
        to = self._random.choice(({"email": "bank@partner.example"}, {"support_group_id": group}))
        message = {"subject": "Please check", "body": "Is it yours?", "to": [to]}
        begun = self.call("POST", place, {"message": message}).get("side_conversation")
        if begun:
            self.call(
                "POST", f"{place}/{begun['id']}/reply", {"message": {"body": "And?", "to": [to]}}
            )
            asked = {"side_conversation": {"state": "closed"}}
            self.call("PUT", f"{place}/{begun['id']}", asked)

    def _people(self) -> None:
        for user in self.call("GET", "search", query="type:user customer").get("results", ())[:1]:
            self.call("PUT", f"users/{user['id']}", {"user": {"notes": "seen"}})
            self.call("DELETE", f"users/{user['id']}")

    def _webhook(self) -> None:
        for webhook_id in self._webhooks:
            changed = {"description": f"seen {self._random.randrange(9)} times"}
            self.call("PATCH", f"webhooks/{webhook_id}", {"webhook": changed})
            self.call("GET", f"webhooks/{webhook_id}/invocations")
