"""A Zendesk account that a test can change, its mirror, and looks at what a comparison says."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from integrations.runtime.errors import RecordGone
from integrations.zendesk.export import Page
from sync.mirror import engine as mirror
from sync.streams.registry import STREAMS
from sync.streams.stream import Paging, Stream
from sync.verification.check import check
from sync.verification.result import Verification
from tests.support.mirror import (
    NOON,
    Record,
    as_ticket_event,
    at,
    established,
    exported,
    make_audit,
    make_change,
    make_comment,
    make_group,
    make_ticket,
    make_user,
    raws,
)

PAGE = 3  # records of a page here; Zendesk's have a thousand
COPIED, VERIFIED = NOON + timedelta(hours=1), NOON + timedelta(hours=2)


def make_metrics(ticket_id: int = 7, **changes: Any) -> Record:
    minutes = {"calendar": 30, "business": 20}
    return {
        "id": 5000 + ticket_id,
        "ticket_id": ticket_id,
        "reopens": 0,
        "replies": 1,
        "reply_time_in_minutes": minutes,
        "created_at": at(-60),
        "updated_at": at(),
    } | changes


def make_field(**changes: Any) -> Record:
    options = [{"id": 1, "name": "Risk: F1", "value": "risk_f1"}]
    return {
        "id": 360001,
        "title": "Risk",
        "type": "tagger",
        "custom_field_options": options,
        "updated_at": at(-600),
    } | changes


def first_audit() -> Record:
    events = [
        make_comment(71, "secret words"),
        make_change(72, "status", "open", "new"),
        make_change(73, "priority", "normal", None),
    ]
    return make_audit(70, events)


def second_audit() -> Record:
    later = {"created_at": at(-10)}
    return make_audit(80, [make_change(82, "status", "pending", "open")]) | later


def make_metric_event(**changes: Any) -> Record:
    return {
        "id": 900,
        "ticket_id": 7,
        "metric": "reply_time",
        "instance_id": 1,
        "type": "breach",
        "time": at(600),  # lies ahead
        "deleted": False,
    } | changes


def make_conversation() -> list[Record]:
    """Return the events of one side conversation: begun, then closed."""
    person = {"user_id": 9002, "name": "Ana", "email": "ana@example.com"}
    common = {
        "side_conversation_id": "c-1",
        "ticket_id": 7,
        "actor": person,
        "via": "support",
        "message": None,
        "updates": {},
    }
    message = {"subject": "Please check", "body": "Is it a scam?", "from": person, "to": [person]}
    begun = {"id": "e-1", "type": "create", "message": message, "created_at": at(-20)}
    closed = {"id": "e-2", "type": "update", "updates": {"state": "closed"}, "created_at": at(-5)}
    return [common | begun, common | closed]


@dataclass
class Account:
    """Zendesk as a test wants it: its exports, its lists and its single reads, all counted.

    `on_page` is called before each page, so that a test changes something while pages are read.
    """

    tickets: dict[int, Record] = field(default_factory=lambda: {7: make_ticket()})
    metrics: dict[int, Record] = field(default_factory=lambda: {7: make_metrics()})
    audits: list[Record] = field(default_factory=lambda: [first_audit(), second_audit()])
    users: list[Record] = field(default_factory=lambda: [make_user()])
    groups: list[Record] = field(default_factory=lambda: [make_group()])
    metric_events: list[Record] = field(default_factory=lambda: [make_metric_event()])
    conversations: list[Record] = field(default_factory=make_conversation)
    fields: list[Record] = field(default_factory=lambda: [make_field()])
    too_new_to_export: set[int] = field(default_factory=set)
    now: datetime = COPIED
    requests: int = 0
    page_size: int = PAGE
    pages_read: Counter[str] = field(default_factory=Counter)
    singles_read: Counter[int] = field(default_factory=Counter)
    on_page: Callable[[str, int], None] = lambda _stream, _number: None

    def server_time(self) -> datetime:
        return self.now

    def count(self, _stream: Stream) -> int | None:
        return None

    def pages(
        self, stream: Stream, path: str, *, cursor: str | None, start: datetime, spare: bool = False
    ) -> Iterator[Page]:
        assert not spare, "there is no past to copy"
        assert "{" not in path
        assert start.tzinfo is not None
        begin = int(cursor or 0) if stream.paging is not Paging.FULL_LIST else 0
        while True:
            self.pages_read[stream.name] += 1
            self.on_page(stream.name, self.pages_read[stream.name])
            found = self._shown(stream)
            some = found[begin : begin + self.page_size]
            begin += len(some)
            yield Page(
                records=raws(*some),
                sideloads={},
                cursor=None if stream.paging is Paging.FULL_LIST else str(begin),
                end=begin >= len(found),
                server_time=self.now,
            )
            if begin >= len(found):
                return

    def _shown(self, stream: Stream) -> list[Record]:
        old = [ticket for n, ticket in self.tickets.items() if n not in self.too_new_to_export]
        by_stream: dict[str, list[Record]] = {
            "tickets": [
                exported(ticket, generated=0) | {"metric_set": self.metrics.get(ticket["id"])}
                for ticket in old
            ],
            "ticket_events": [as_ticket_event(audit) for audit in self.audits],
            "users": self.users,
            "groups": self.groups,
            "ticket_metric_events": self.metric_events,
            "side_conversation_events": self.conversations,
            "ticket_fields": self.fields,
        }
        return by_stream.get(stream.name, [])

    def ticket(self, ticket_id: int) -> Record:
        self.singles_read[ticket_id] += 1
        if ticket_id not in self.tickets or self.tickets[ticket_id]["status"] == "deleted":
            raise RecordGone("gone", hint="none")
        return self.tickets[ticket_id]

    def audits_of(self, ticket_id: int) -> list[Record]:
        return [audit for audit in self.audits if audit["ticket_id"] == ticket_id]


@dataclass
class Reader:
    """Reads single tickets of the account."""

    account: Account

    def ticket(self, ticket_id: int) -> Record:
        return self.account.ticket(ticket_id)

    def audits(self, ticket_id: int) -> list[Record]:
        return self.account.audits_of(ticket_id)


def copy(engine: Engine, account: Account) -> None:
    established(engine, *STREAMS)
    results = mirror.run(engine, account, STREAMS, now=account.now)
    assert [result.error for result in results] == [None] * len(STREAMS)


def verified(engine: Engine, account: Account, **options: Any) -> Verification:
    account.now = VERIFIED
    account.pages_read.clear()
    account.singles_read.clear()
    return check(engine, Reader(account), account, **options)


def found(engine: Engine, account: Account, **options: Any) -> list[tuple[str, str, str]]:
    differences = verified(engine, account, **options).differences
    return [(each.table, each.id, each.field) for each in differences]
