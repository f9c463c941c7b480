"""One audit of a ticket as rows: the audit, its comments, the values it gave to fields.

Audits come from `/tickets/{id}/audits` (events) and from the event export (child_events). Both name
the same events by the same ids, so both become the same rows here.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from integrations.runtime.clock import format_instant
from sync.warehouse.bulk import among
from sync.warehouse.records import Row, bad_record, row_of
from sync.warehouse.tables.bookkeeping import KNOWN
from sync.warehouse.tables.history import (
    comment_redactions,
    ticket_audits,
    ticket_comments,
    ticket_field_history,
)
from sync.warehouse.wording import as_text, channel_of

COMMENT_KINDS = frozenset({"Comment", "VoiceComment", "FacebookComment", "TweetComment"})
CHANGE_KINDS = frozenset({"Create", "Change"})
SCHEDULE_KIND, SCHEDULE_FIELD = "ScheduleAssignment", "schedule_id"  # a rule chose a schedule
PRIVACY = "privacy"
TAKEN_BACK = {  # what an event of this type takes back, for good
    "CommentRedactionEvent": "words",
    "AttachmentRedactionEvent": "attachment",
    "CommentPrivacyChange": PRIVACY,
}
CUSTOM_FIELDS = "custom_ticket_fields"
# Keys of an exported change that describe the event; the one that is left is the field.
NOT_A_FIELD = frozenset(
    {
        *("id", "event_type", "via", "via_reference_id", "previous_value", "audit_id"),
        *("author_id", "created_at", "added_tags", "removed_tags", "ticket_id"),
    }
)
LAST_SECOND = 253_402_300_799  # end of the year 9999
HISTORY_LOCK, LOCKS = 7_061_989, 16  # our own number among a database's advisory locks; how many
AUDIT_FIELDS = frozenset({*ticket_audits.c.keys(), *ticket_audits.info[KNOWN]})
ONLY_IN_EXPORT = frozenset({"event_type", "via", "via_reference_id", "created_at"})


@dataclass(slots=True)
class AuditRows:
    """Everything one audit adds to the warehouse."""

    audit: Row
    comments: list[Row] = field(default_factory=list)
    changes: list[Row] = field(default_factory=list)
    redactions: list[Row] = field(default_factory=list)

    @property
    def made_private(self) -> list[int]:
        """The ids of the comments that this audit made private."""
        private = (row for row in self.redactions if row["kind"] == PRIVACY)
        return [row["comment_id"] for row in private if row["comment_id"] is not None]


def audit_rows(record: Any) -> AuditRows:
    """Return the rows of an audit, whichever of the two places it came from.

    Raises BadRecord when the audit or one of its events cannot be read.
    """
    if not isinstance(record, dict):
        raise bad_record(ticket_audits.name, "the record is no object")
    audit = _normal_audit(record)
    rows = AuditRows(audit=row_of(ticket_audits, audit, _audit_values(audit)))
    for event in record.get("child_events", record.get("events")) or []:
        if not isinstance(event, dict):
            raise bad_record(ticket_audits.name, "an event is no object")
        kind = str(event.get("event_type") or event.get("type"))
        if kind in CHANGE_KINDS:
            rows.changes.extend(_change_rows(rows.audit, event))
        elif kind == SCHEDULE_KIND:
            rows.changes.extend(_change_rows(rows.audit, _schedule_change(event)))
        elif kind in COMMENT_KINDS and "body" in event:
            rows.comments.append(_comment_row(rows.audit, event, _merger(event, record)))
        elif kind in TAKEN_BACK and event.get("public") is not True:
            rows.redactions.append(_redaction_row(rows.audit, event, TAKEN_BACK[kind]))
    return rows


def hold_histories(connection: Connection, ticket_ids: Collection[int]) -> None:
    """Keep other writers from these tickets' histories until the transaction ends.

    Where a value ends is told from all that is stored, so two writers must not meet in one ticket.
    The tickets themselves may not be there yet, so there is no row to lock. SQLite has only one
    writer anyway.
    """
    if connection.dialect.name == "postgresql":
        for number in sorted({ticket_id % LOCKS for ticket_id in ticket_ids}):
            connection.execute(select(func.pg_advisory_xact_lock(HISTORY_LOCK, number)))


def end_earlier_values(connection: Connection, ticket_ids: Collection[int]) -> None:
    """Let every value of these tickets' fields end where the next one begins.

    Audits arrive in any order, so the ends are told from what is stored, not from what came.
    """
    history = ticket_field_history
    follows = func.lead(history.c.valid_from).over(
        partition_by=(history.c.ticket_id, history.c.field),
        order_by=(history.c.valid_from, history.c.event_id),
    )
    values = (
        select(history.c.event_id, history.c.field, follows.label("follows"))
        .where(among(connection, history.c.ticket_id, ticket_ids))
        .subquery()
    )
    connection.execute(
        update(history)
        .where(
            history.c.event_id == values.c.event_id,
            history.c.field == values.c.field,
            history.c.valid_until.is_distinct_from(values.c.follows),
        )
        .values(valid_until=values.c.follows)
    )


def _normal_audit(record: dict[str, Any]) -> dict[str, Any]:
    """Return the audit without its events, as `/tickets/{id}/audits` names its fields."""
    metadata = record.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    unknown = {name: value for name, value in record.items() if name not in AUDIT_FIELDS}
    return unknown | {
        "id": record.get("id"),
        "ticket_id": record.get("ticket_id"),
        "created_at": record.get("created_at") or _from_epoch(record.get("timestamp")),
        "author_id": record.get("author_id", record.get("updater_id")),
        "via": {"channel": channel_of(record)},
        "metadata": {"custom": {}, "system": record.get("system") or {}, **metadata},
    }


def _from_epoch(seconds: Any) -> str | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= LAST_SECOND:
        return None
    return format_instant(datetime.fromtimestamp(seconds, tz=UTC))


def _audit_values(audit: dict[str, Any]) -> dict[str, Any]:
    return {
        "via_channel": channel_of(audit),
        "custom_metadata": audit["metadata"]["custom"] or {},
    }


def _merger(*places: dict[str, Any]) -> dict[str, Any]:
    """Return which tickets a comment about a merger names, as `via`; not what they are about."""
    for place in places:
        via = place.get("via")
        source = via.get("source") if isinstance(via, dict) else None
        origin = source.get("from") if isinstance(source, dict) else None
        if isinstance(source, dict) and source.get("rel") == "merge" and isinstance(origin, dict):
            named = {key: origin[key] for key in ("ticket_id", "ticket_ids") if key in origin}
            return {"via": {"source": {"from": named, "rel": "merge"}}}
    return {}


def _comment_row(audit: Row, event: dict[str, Any], merger: dict[str, Any]) -> Row:
    raw = {key: value for key, value in event.items() if key not in ONLY_IN_EXPORT} | merger
    raw["type"] = event.get("type") or event.get("event_type")
    derived = {
        "ticket_id": audit["ticket_id"],
        "audit_id": audit["id"],
        "author_id": event.get("author_id") or audit["author_id"],
        "created_at": audit["created_at"],
        "via_channel": audit["via_channel"],
        "body": event.get("body") or "",
        "deleted_at": None,
    }
    return row_of(ticket_comments, event, derived) | {"raw": raw}


def _change_rows(audit: Row, event: dict[str, Any]) -> Iterator[Row]:
    previous = event.get("previous_value")
    created = (event.get("event_type") or event.get("type")) == "Create"
    for name, value in _fields_set(event):
        before = previous.get(name) if isinstance(previous, dict) and name.isdecimal() else previous
        derived = {
            "event_id": event.get("id"),
            "field": name,
            "ticket_id": audit["ticket_id"],
            "audit_id": audit["id"],
            "author_id": audit["author_id"],
            "valid_from": audit["created_at"],
            "via_channel": audit["via_channel"],
            "value": as_text(value),
            "previous_value": None if created else as_text(before),
        }
        row = row_of(ticket_field_history, event, derived)
        del row["raw"]
        yield row


def _schedule_change(event: dict[str, Any]) -> dict[str, Any]:
    """Return the choice of a schedule as a change of a field, though tickets do not show it."""
    return {
        "id": event.get("id"),
        "type": "Change",
        "field_name": SCHEDULE_FIELD,
        "value": event.get("new_schedule_id"),
        "previous_value": event.get("previous_schedule_id"),
    }


def _fields_set(event: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return name and value of the fields that a change sets, in either of Zendesk's spellings."""
    if "field_name" in event:
        return [(str(event["field_name"]), event.get("value"))]
    found = {key: value for key, value in event.items() if key not in NOT_A_FIELD}
    if found.get("type") in CHANGE_KINDS:  # the kind of event; else `type` is the ticket's field
        del found["type"]
    custom = found.pop(CUSTOM_FIELDS, None)
    if isinstance(custom, dict):
        found.update(custom)
    return [(str(key).removeprefix(f"{CUSTOM_FIELDS}."), value) for key, value in found.items()]


def _redaction_row(audit: Row, event: dict[str, Any], kind: str) -> Row:
    derived = {
        "event_id": event.get("id"),
        "ticket_id": audit["ticket_id"],
        "audit_id": audit["id"],
        "author_id": audit["author_id"],
        "kind": kind,
        "redacted_at": audit["created_at"],
    }
    row = row_of(comment_redactions, event, derived)
    del row["raw"]
    return row
