"""A tour of the whole API: for every operation a request that succeeds, on records made for it."""

from typing import Any

from tests.support.sandbox import Desk
from tests.support.tour_requests import (
    AS_CUSTOMER,
    BODIES,
    BY_CUSTOMERS,
    ISSUE,
    NEW,
    PATHS,
    PLACES,
    QUERIES,
    Json,
)


class Tour:
    """Prepares each operation at one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ticket_to_redact: int = 0
        self._numbers = iter(range(1, 1_000_000))

    def new(self, plural: str) -> Any:
        """Make a record and return its id."""
        made = self.desk.post(plural, NEW[plural](next(self._numbers)))
        return next(record["id"] for record in made.values() if isinstance(record, dict))

    def content(self, method: str, pattern: str) -> Json:
        """Return what the operation sends, as arguments of a request."""
        if f"{method} {pattern}" == "POST uploads":
            return {"data": b"a file"}
        headers = AS_CUSTOMER if f"{method} {pattern}" in BY_CUSTOMERS else {}
        return {"json": self._body(method, pattern), "headers": headers}

    def _body(self, method: str, pattern: str) -> Any:
        special = BODIES.get(f"{method} {pattern}")
        if special is not None:
            return special(self)
        plural = pattern.removesuffix("/{id}").removesuffix("/{key}")
        if method in ("POST", "PUT", "PATCH") and plural in NEW:
            return NEW[plural](next(self._numbers))
        return None

    def query(self, method: str, pattern: str) -> Json:
        """Return what the operation wants in its query."""
        name = f"{method} {pattern}"
        if name in QUERIES:
            return QUERIES[name]
        if pattern.startswith("incremental/"):
            return {"start_time": "0"}
        last = pattern.rsplit("/", 1)[-1]
        if last in ("show_many", "count_many", "destroy_many", "restore_many", "mark_many_as_spam"):
            return {"ids": ",".join(str(self._for_bulk(pattern)) for _ in range(2))}
        return {}

    def _for_bulk(self, pattern: str) -> Any:
        if pattern == "tickets/mark_many_as_spam":
            return self.spam()
        plural = pattern.rsplit("/", 1)[0]
        maker = PLACES.get(f"{plural}/{{id}}") or PLACES.get(f"{plural}/{{key}}")
        return maker(self) if maker else self.new(plural)

    def path(self, pattern: str) -> str:
        """Return the path of an operation on records made for it."""
        if pattern in PATHS:
            return PATHS[pattern](self)
        place = ""
        parents: list[Any] = []
        for word in pattern.split("/"):
            before, place = place, f"{place}/{word}".lstrip("/")
            if word.startswith("{"):
                maker = PLACES.get(place)
                parents.append(maker(self, *parents) if maker else self.new(before))
        values = iter(parents)
        words = (str(next(values)) if w.startswith("{") else w for w in pattern.split("/"))
        return "/".join(words)

    def first(self, path: str, key: str, **query: Any) -> Any:
        """Return the first record of a list."""
        return self.desk.get(path, params=query)[key][0]

    def all(self, path: str) -> list[Any]:
        """Return the ids of a whole short list, to which one was added just now."""
        self.new(path)
        records = next(found for found in self.desk.get(path).values() if isinstance(found, list))
        return [record["id"] for record in records]

    def triggers_of_one_category(self) -> list[int]:
        """Return all triggers when nothing but the first category is left: else no reordering."""
        for category in self.desk.get("trigger_categories")["trigger_categories"][1:]:
            self.desk.delete(f"trigger_categories/{category['id']}")
        return self.all("triggers")

    def upload(self) -> str:
        """Upload a file and return its token."""
        answer = self.desk.call("POST", "uploads", params={"filename": "a.txt"}, data=b"text")
        token: str = answer.json()["upload"]["token"]
        return token

    def attached(self) -> tuple[int, int, int]:
        """Return ticket, comment and attachment of a new comment with a file."""
        asked = {"subject": "File", "comment": {"body": "Why?", "uploads": [self.upload()]}}
        ticket = self.desk.post("tickets", {"ticket": asked})["ticket"]["id"]
        comment = self.first(f"tickets/{ticket}/comments", "comments")
        return ticket, comment["id"], comment["attachments"][0]["id"]

    def comment_to_redact(self) -> int:
        """Return a comment, and remember its ticket for the body."""
        self.ticket_to_redact, comment, _ = self.attached()
        return comment

    def job(self) -> str:
        """Start a job and return its id."""
        asked = {"tickets": [ISSUE | {"subject": "Bulk"}]}
        job: str = self.desk.post("tickets/create_many", asked)["job_status"]["id"]
        return job

    def activity(self) -> int:
        """Let a customer write on a ticket of who asks, and return what that agent is told."""
        ticket = self.desk.ticket(assignee_id=self.desk.get("users/me")["user"]["id"])
        said = {"body": "Any news?", "author_id": ticket["requester_id"]}
        self.desk.update(ticket["id"], comment=said)
        activity: int = self.first("activities", "activities")["id"]
        return activity

    def deleted_ticket(self) -> int:
        """Return a ticket in the bin."""
        ticket: int = self.new("tickets")
        self.desk.delete(f"tickets/{ticket}")
        return ticket

    def deleted_user(self) -> int:
        """Return a user who was deleted."""
        user: int = self.new("users")
        self.desk.delete(f"users/{user}")
        return user

    def member(self) -> int:
        """Return a group membership."""
        made = self.desk.post("group_memberships", self.membership_asked())
        membership: int = made["group_membership"]["id"]
        return membership

    def address(self) -> str:
        """Return an e-mail address that nobody has."""
        return f"new{next(self._numbers)}@customer.example"

    def solved(self) -> int:
        """Return a ticket that its customer may rate."""
        ticket: int = self.new("tickets")
        self.desk.update(ticket, status="solved")
        return ticket

    def spam(self) -> int:
        """Return a ticket whose customer will be suspended."""
        spammer = {"requester": {"name": "Spammer", "email": self.address()}}
        made = self.desk.post("tickets", {"ticket": ISSUE | spammer})
        ticket: int = made["ticket"]["id"]
        return ticket

    def erased_user(self) -> int:
        """Return a user who was deleted for good."""
        user = self.deleted_user()
        self.desk.delete(f"deleted_users/{user}")
        return user

    def metric(self) -> int:
        """Return the id of a ticket's metrics."""
        metrics = self.desk.get(f"tickets/{self.new('tickets')}/metrics")["ticket_metric"]
        metric: int = metrics["id"]
        return metric

    def rated(self) -> int:
        """Return a rating that a customer gave."""
        ticket = self.solved()
        asked = {"satisfaction_rating": {"score": "good"}}
        path = f"tickets/{ticket}/satisfaction_rating"
        made = self.desk.post(path, asked, headers=AS_CUSTOMER)
        rating: int = made["satisfaction_rating"]["id"]
        return rating

    def option(self, fields: str, field: int) -> int:
        """Return an option of a drop-down field."""
        options = self.desk.get(f"{fields}/{field}/options")["custom_field_options"]
        option: int = options[0]["id"]
        return option

    def identity(self, user: int) -> int:
        """Return a further address of a user."""
        asked = {"identity": {"type": "email", "value": self.address()}}
        made: int = self.desk.post(f"users/{user}/identities", asked)["identity"]["id"]
        return made

    def agent(self) -> int:
        """Return a new agent."""
        asked = {"user": {"name": "Bo", "email": self.address(), "role": "agent"}}
        made: int = self.desk.post("users", asked)["user"]["id"]
        return made

    def membership_asked(self) -> Json:
        """Return the wish to put an agent into a group."""
        return {"group_membership": {"user_id": self.agent(), "group_id": self.new("groups")}}

    def membership_of(self, user: int) -> int:
        """Put a user into a group."""
        self.desk.put(f"users/{user}", {"user": {"role": "agent"}})
        asked = {"group_membership": {"user_id": user, "group_id": self.new("groups")}}
        made: int = self.desk.post("group_memberships", asked)["group_membership"]["id"]
        return made

    def joining_asked(self) -> Json:
        """Return the wish to put a user into an organization."""
        pair = {"user_id": self.new("users"), "organization_id": self.new("organizations")}
        return {"organization_membership": pair}

    def joined(self) -> tuple[int, int]:
        """Put a user into an organization; return the user and the membership."""
        made = self.desk.post("organization_memberships", self.joining_asked())
        membership = made["organization_membership"]
        return membership["user_id"], membership["id"]

    def organization_of(self, user: int) -> int:
        """Put a user into an organization and return its id."""
        organization: int = self.new("organizations")
        pair = {"user_id": user, "organization_id": organization}
        self.desk.post("organization_memberships", {"organization_membership": pair})
        return organization
