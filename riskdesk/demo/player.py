"""Plays a script against a Zendesk account, as the day's customers and agents would."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from integrations.runtime.clock import format_instant
from integrations.runtime.errors import (
    OutcomeUnknown,
    RiskdeskError,
    ServiceUnavailable,
    ZendeskRefused,
)
from integrations.webhooks.events import PREFIX, SUBSCRIBED_EVENTS
from riskdesk.demo.calls import Calls
from riskdesk.demo.people import Staff, customer_of, read_staff
from riskdesk.demo.script import Kind, Script, Step

EVENTS: Final = tuple(PREFIX + name for name in SUBSCRIBED_EVENTS)
LOOKS: Final = 4  # how often somebody looks whether a change was made and tries again
CUSTOMER_KINDS: Final = frozenset({Kind.WAITS, Kind.ANSWERS, Kind.REOPENS})
DEPARTMENT_KINDS: Final = frozenset({Kind.NOTES, Kind.SPEAKS})
STATUS: Final = {Kind.ASKS: "pending", Kind.SOLVES: "solved"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A step that Zendesk did not take, and why."""

    complaint_id: str
    kind: Kind
    why: str


@dataclass(slots=True)
class Played:
    """What was played: which complaint became which ticket, and what failed."""

    tickets: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    failures: list[Failure] = field(default_factory=list)


def play(
    script: Script,
    base_url: str,
    *,
    room: Callable[[], None] = lambda: None,
    report: Callable[[int, int], None] = lambda _done, _total: None,
    sleep: Callable[[float], object] = time.sleep,
) -> Played:
    """Play every step in order; `room` blocks while the desk lags behind, `report` hears progress.

    Raises ServiceUnavailable when the account does not answer at all.
    """
    calls = Calls(base_url, sleep=sleep)
    stage = _Stage(script, calls, read_staff(calls))
    for number, step in enumerate(script.steps, start=1):
        room()
        stage.move_clock(step.at)
        stage.perform(step)
        report(number, len(script.steps))
    stage.move_clock(script.end)
    return stage.played


def set_clock(calls: Calls, now: datetime) -> None:
    """Set the clock that the sandbox writes into its records; it only goes forwards."""
    calls.send("PUT", "/sandbox/clock", {"now": format_instant(now)}, may_repeat=True)


def create_webhook(base_url: str, endpoint: str, *, events: Sequence[str] = EVENTS) -> str:
    """Subscribe `endpoint` to the events of tickets, as an admin would, and return its secret."""
    calls = Calls(base_url)
    wanted = {
        "name": "riskdesk",
        "endpoint": endpoint,
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
        "subscriptions": list(events),
    }
    made = calls.send("POST", "/api/v2/webhooks", {"webhook": wanted}, may_repeat=False)
    secret = calls.get(f"/api/v2/webhooks/{made['webhook']['id']}/signing_secret")
    return str(secret["signing_secret"]["secret"])


class _Stage:
    """The state of one performance: the clock, who is who, and what was played."""

    def __init__(self, script: Script, calls: Calls, staff: Staff) -> None:
        self.script = script
        self.calls = calls
        self.staff = staff
        self.played = Played()
        self.customers: dict[str, int] = {}
        self.clock: datetime | None = None

    def move_clock(self, now: datetime) -> None:
        """Set the clock that the sandbox writes into its records."""
        if now == self.clock:
            return
        try:
            set_clock(self.calls, now)
        except ZendeskRefused as error:
            raise ServiceUnavailable(
                f"{self.calls.base_url} does not let its clock be set (HTTP {error.status}).",
                hint="play only against a sandbox whose clock is before the day of the script.",
            ) from None
        self.clock = now

    def perform(self, step: Step) -> None:
        """Do one step; what Zendesk refuses is remembered and the day goes on."""
        if step.kind is not Kind.WRITES and step.complaint_id not in self.played.tickets:
            return  # its ticket could not be written, and that is on the list already
        try:
            self._request(step)
        except RiskdeskError as error:
            failure = Failure(complaint_id=step.complaint_id, kind=step.kind, why=error.message)
            self.played.failures.append(failure)
        else:
            self.played.steps += 1

    def _request(self, step: Step) -> None:
        if step.kind is Kind.WRITES:
            self._write(step)
            return
        ticket_id = self.played.tickets[step.complaint_id]
        author_id = self._author(step, ticket_id)
        for _ in range(LOOKS):
            try:
                self._change(step, ticket_id, author_id)
            except OutcomeUnknown:
                if self._is_done(step, ticket_id, author_id):
                    return
            else:
                return
        self._change(step, ticket_id, author_id)

    def _change(self, step: Step, ticket_id: int, author_id: int) -> None:
        path = f"/api/v2/tickets/{ticket_id}.json"
        if step.kind is Kind.VANISHES:
            self.calls.send("DELETE", path, may_repeat=False)
        else:
            changes = ticket_changes(step, author_id=author_id)
            self.calls.send("PUT", path, {"ticket": changes}, may_repeat=not step.text)

    def _is_done(self, step: Step, ticket_id: int, author_id: int) -> bool:
        """Look at the ticket as a person does whose browser showed an error."""
        try:
            page = self.calls.get(f"/api/v2/tickets/{ticket_id}/comments.json?page[size]=100")
        except ZendeskRefused:
            return step.kind is Kind.VANISHES  # a deleted ticket cannot be read
        moment = format_instant(step.at)
        return any(
            comment["author_id"] == author_id and comment["created_at"] == moment
            for comment in page["comments"]
        )

    def _write(self, step: Step) -> None:
        """Send the complaint; the key makes a repeated request find the same ticket."""
        complaint = self.script.complaints[step.complaint_id]
        customer = customer_of(complaint)
        user = {"name": customer.name, "email": customer.email}
        made = self.calls.send(
            "POST", "/api/v2/users/create_or_update.json", {"user": user}, may_repeat=True
        )
        customer_id = self.customers[step.complaint_id] = int(made["user"]["id"])
        # Through an admin's token the first comment would be the admin's, not the customer's.
        ticket: dict[str, Any] = {
            "requester_id": customer_id,
            "submitter_id": customer_id,
            "comment": {"body": step.text, "author_id": customer_id},
        }
        if complaint.subject:
            ticket["subject"] = complaint.subject
        written = self.calls.send(
            "POST",
            "/api/v2/tickets.json",
            {"ticket": ticket},
            may_repeat=True,
            headers={"Idempotency-Key": str(uuid4())},
        )
        self.played.tickets[step.complaint_id] = int(written["ticket"]["id"])

    def _author(self, step: Step, ticket_id: int) -> int:
        if step.kind in CUSTOMER_KINDS:
            return self.customers[step.complaint_id]
        if step.kind not in DEPARTMENT_KINDS:
            return self.staff.front_line(ticket_id)
        ticket = self.calls.get(f"/api/v2/tickets/{ticket_id}.json")["ticket"]
        family = self.script.complaints[step.complaint_id].family
        return self.staff.specialist(ticket_id, ticket["group_id"], family)


def ticket_changes(step: Step, *, author_id: int) -> Mapping[str, Any]:
    """Return what a step changes on its ticket, in Zendesk's words."""
    changes: dict[str, Any] = {}
    if step.text:
        public = step.kind is not Kind.NOTES
        changes["comment"] = {"body": step.text, "public": public, "author_id": author_id}
    if step.kind in STATUS:
        changes["status"] = STATUS[step.kind]
    if step.kind in (Kind.ANSWERS, Kind.REOPENS):
        changes["status"] = "open"  # a customer's mail would do so; a request by an admin may not
    if step.priority:
        changes["priority"] = step.priority
    return changes
