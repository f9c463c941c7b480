"""Builders of Zendesk records for the mirror's tests, and small looks into the warehouse."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Raw
from sqlalchemy import Connection, Engine, Table, select

from integrations.runtime.clock import format_instant
from integrations.runtime.database import reading, transaction
from integrations.zendesk.export import Page
from sync.mirror import cursors
from sync.mirror.lanes import BEGINNING
from sync.streams.stream import Stream
from sync.warehouse.records import as_raw

NOON = datetime(2025, 3, 3, 12, 0, tzinfo=UTC)
Record = dict[str, Any]


def at(minutes: float = 0) -> str:
    return format_instant(NOON + timedelta(minutes=minutes))


def epoch(minutes: float = 0) -> int:
    return int((NOON + timedelta(minutes=minutes)).timestamp())


def make_ticket(ticket_id: int = 7, *, updated: float = 0, **changes: Any) -> Record:
    return {
        "id": ticket_id,
        "subject": "Withdrawal is stuck",
        "description": "My withdrawal has been pending for two days.",
        "status": "open",
        "priority": "normal",
        "type": None,
        "requester_id": 9001,
        "submitter_id": 9001,
        "assignee_id": None,
        "group_id": 501,
        "organization_id": None,
        "via": {"channel": "email", "source": {"from": {}, "to": {}, "rel": None}},
        "is_public": True,
        "tags": ["vip", "withdrawal"],
        "custom_fields": [{"id": 360001, "value": "risk_f1"}, {"id": 360002, "value": None}],
        "created_at": at(-60),
        "updated_at": at(updated),
    } | changes


def raws(*records: Any) -> list[Raw]:
    """Return records as pages hold them: the JSON of each."""
    return [as_raw(record) for record in records]


def exported(ticket: Record, *, generated: float) -> Record:
    return ticket | {"generated_timestamp": epoch(generated)}


def make_audit(audit_id: int, events: Sequence[Record], *, ticket_id: int = 7) -> Record:
    return {
        "id": audit_id,
        "ticket_id": ticket_id,
        "created_at": at(-30),
        "author_id": 9001,
        "metadata": {"custom": {}, "system": {"client": "curl"}},
        "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
        "events": list(events),
    }


def make_comment(event_id: int, body: str = "Hello", *, public: bool = True) -> Record:
    return {
        "id": event_id,
        "type": "Comment",
        "author_id": 9001,
        "body": body,
        "html_body": f"<p>{body}</p>",
        "plain_body": body,
        "public": public,
        "attachments": [],
    }


def make_creation(event_id: int, field: str, value: Any) -> Record:
    return {"id": event_id, "type": "Create", "field_name": field, "value": value}


def make_change(event_id: int, field: str, value: Any, before: Any) -> Record:
    return {
        "id": event_id,
        "type": "Change",
        "field_name": field,
        "value": value,
        "previous_value": before,
    }


def as_ticket_event(audit: Record, *, flat: bool = False) -> Record:
    """Spell an audit as the event export does: field names as keys, kinds as event_type.

    `flat` puts the number of a custom field into the key instead of an object.
    """
    return {
        "id": audit["id"],
        "ticket_id": audit["ticket_id"],
        "created_at": audit["created_at"],
        "timestamp": epoch(-30),
        "updater_id": audit["author_id"],
        "via": {"web": "Web form", "api": "Web service"}[audit["via"]["channel"]],
        "system": audit["metadata"]["system"],
        "metadata": {"custom": audit["metadata"]["custom"]},
        "event_type": "Audit",
        "child_events": [_as_child(event, audit, flat=flat) for event in audit["events"]],
    }


def _as_child(event: Record, audit: Record, *, flat: bool) -> Record:
    extra = {"via": "Web form", "via_reference_id": None, "event_type": event["type"]}
    if event["type"] == "Comment":
        return event | extra | {"created_at": audit["created_at"]}
    if "field_name" not in event:
        return event | extra
    field, value = event["field_name"], event["value"]
    kept = {key: event[key] for key in ("id", "previous_value") if key in event}
    if field.isdecimal() and flat:
        return kept | extra | {f"custom_ticket_fields.{field}": value}
    if field.isdecimal():
        return kept | extra | {"custom_ticket_fields": {field: value}}
    return kept | extra | {field: int(value) if field.endswith("_id") else value}


def make_user(user_id: int = 9001, *, updated: float = 0, **changes: Any) -> Record:
    return {
        "id": user_id,
        "role": "end-user",
        "name": "Wei Chen",
        "email": f"user{user_id}@example.com",
        "active": True,
        "suspended": False,
        "tags": [],
        "user_fields": {},
        "created_at": at(-600),
        "updated_at": at(updated),
    } | changes


def make_group(group_id: int = 501, **changes: Any) -> Record:
    times = {"created_at": at(-600), "updated_at": at(-600)}
    return {"id": group_id, "name": "Risk Control", "description": ""} | times | changes


def rows(source: Engine | Connection, table: Table) -> list[Mapping[str, Any]]:
    """Return all rows of a table in order of its key."""
    query = select(table).order_by(*table.primary_key.columns)
    if isinstance(source, Connection):
        return [dict(row) for row in source.execute(query).mappings()]
    with reading(source) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def make_page(
    *records: Any, cursor: str | None = None, end: bool = False, minutes: float = 0, **more: Any
) -> Page:
    return Page(
        records=raws(*records),
        sideloads={name: raws(*listed) for name, listed in more.items()},
        cursor=cursor,
        end=end,
        server_time=NOON + timedelta(minutes=minutes),
    )


@dataclass
class WrittenPages:
    """Hands out pages by path; an error among them is raised when its turn comes."""

    by_path: dict[str, Sequence[Page | Exception]]
    after_page: Callable[[], None] = lambda: None
    asked: list[tuple[str, str | None, datetime]] = field(default_factory=list)
    requests: int = 0
    counted: int | None = None

    def server_time(self) -> datetime:
        return NOON

    def count(self, _stream: Stream) -> int | None:
        return self.counted

    def pages(
        self, stream: Stream, path: str, *, cursor: str | None, start: datetime, spare: bool = False
    ) -> Iterator[Page]:
        self.asked.append((stream.name, cursor, start))
        for page in self._of(path, spare=spare):
            self.requests += 1
            if isinstance(page, Exception):
                raise page
            yield page
            self.after_page()

    def _of(self, path: str, *, spare: bool) -> Sequence[Page | Exception]:
        """Return the pages of a path; those of the past may have a list of their own."""
        past = self.by_path.get(f"{path} past")
        return past if spare and past is not None else self.by_path.get(path, ())


def established(engine: Engine, *streams: Stream) -> None:
    """Let the first run of streams be long ago: they have a live lane and no past to copy."""
    with transaction(engine) as connection:
        cursors.create(
            connection,
            [
                cursors.Position(stream.name, start_at=BEGINNING)
                for stream in streams
                if stream.tells_changes
            ],
        )
