"""What was taken back from comments stays taken back, in whatever order pages arrive.

Zendesk exports a redaction as a new event; the audit with the old words is not exported again. So
the words are withheld as soon as the event is stored, and the ticket is noted to be read anew.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from integrations.runtime.database import insert_into
from sync.warehouse.bulk import among
from sync.warehouse.history import PRIVACY, AuditRows
from sync.warehouse.records import Row
from sync.warehouse.tables.history import comment_redactions, ticket_comments
from sync.warehouse.tables.rereads import ticket_rereads

# What was read so much later than a redaction shows the comment without the words: longer than
# any answer takes, and than any clock of Zendesk's differs from another.
SETTLED = timedelta(minutes=2)
BLACK = "\N{LOWER SEVEN EIGHTHS BLOCK}"  # what Zendesk puts in the place of redacted characters
WITHHELD = BLACK * 3
REASON = "redaction"


@dataclass(slots=True)
class TakenBack:
    """What is known about one comment: whether it is private, its redactions and the newest one."""

    is_private: bool = False
    events: set[int] = field(default_factory=set)
    newest: datetime | None = None

    def is_past(self, read_at: datetime) -> bool:
        """Tell whether a reading is so late that it has seen every redaction."""
        return self.newest is None or read_at > self.newest + SETTLED


def still_said(
    connection: Connection, audits: Sequence[AuditRows], *, read_at: datetime
) -> list[Row]:
    """Return the comments of these audits that may be stored, private ones as such.

    The redactions among the audits must be stored already. A comment that was redacted is stored
    when the audits tell of it, or were read long after it; else the ticket is noted to be read
    anew, because this may be the state from before.
    """
    comments = [row for rows in audits for row in rows.comments]
    known = _known(connection, {row["id"] for row in comments})
    told = {row["event_id"] for rows in audits for row in rows.redactions}
    stored: list[Row] = []
    doubtful: set[int] = set()
    for row in comments:
        taken_back = known.get(row["id"])
        if taken_back is None:
            stored.append(row)
        elif taken_back.is_past(read_at) or taken_back.events <= told:
            stored.append(as_private(row) if taken_back.is_private else row)
        else:
            doubtful.add(row["ticket_id"])
    note_rereads(connection, doubtful, reason=REASON, now=read_at)
    return stored


def withhold(connection: Connection, audits: Sequence[AuditRows], *, read_at: datetime) -> None:
    """Take back from stored comments what these audits say: words and files, or publicity."""
    redactions = [row for rows in audits for row in rows.redactions]
    if not redactions:
        return
    _make_private(connection, {id_ for rows in audits for id_ in rows.made_private})
    came = {row["id"] for rows in audits for row in rows.comments}
    older = [row for row in _readable(connection, redactions) if row.id not in came]
    black: Row = {
        "body": WITHHELD,
        "html_body": None,
        "attachments": [],
        "raw": bindparam("kept"),
    }
    if older:
        connection.execute(
            update(ticket_comments)
            .where(ticket_comments.c.id == bindparam("comment"))
            .values(black),
            [{"comment": row.id, "kept": {"id": row.id, "withheld": True}} for row in older],
        )
    tickets = {row.ticket_id for row in older}
    note_rereads(connection, tickets, reason=REASON, now=read_at)


def as_private(row: Row) -> Row:
    """Return a comment as the internal note it became."""
    raw = row["raw"]
    return row | {"public": False, "raw": raw | {"public": False} if "public" in raw else raw}


def note_rereads(
    connection: Connection, ticket_ids: Collection[int], *, reason: str, now: datetime
) -> None:
    """Note tickets whose comments are to be read anew."""
    if not ticket_ids:
        return
    statement = insert_into(connection, ticket_rereads)
    again = {name: statement.excluded[name] for name in ("reason", "noted_at")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["ticket_id"], set_=again),
        [{"ticket_id": id_, "reason": reason, "noted_at": now} for id_ in sorted(ticket_ids)],
    )


def _known(connection: Connection, ids: Collection[int]) -> Mapping[int, TakenBack]:
    """Return what was taken back from these comments, whenever it was told."""
    if not ids:
        return {}
    told = comment_redactions.c
    query = select(told.comment_id, told.event_id, told.kind, told.redacted_at)
    found: dict[int, TakenBack] = {}
    for comment_id, event_id, kind, moment in connection.execute(
        query.where(among(connection, told.comment_id, ids))
    ):
        taken_back = found.setdefault(comment_id, TakenBack())
        if kind == PRIVACY:
            taken_back.is_private = True
            continue
        taken_back.events.add(event_id)
        taken_back.newest = max(taken_back.newest or moment, moment)
    return found


def _readable(connection: Connection, redactions: Iterable[Row]) -> list[Any]:
    """Return the stored comments that may still show what these redactions took back."""
    found: dict[int, Any] = {}
    said = ticket_comments.c
    for row in redactions:
        if row["kind"] == PRIVACY:
            continue
        number = row["comment_id"]
        meant = said.ticket_id == row["ticket_id"] if number is None else said.id == number
        query = select(said.id, said.ticket_id).where(
            meant,
            said["_synced_at"] <= row["redacted_at"] + SETTLED,
            or_(said.body != WITHHELD, said.html_body.is_not(None)),
        )
        found |= {each.id: each for each in connection.execute(query)}
    return list(found.values())


def _make_private(connection: Connection, ids: Collection[int]) -> None:
    """Let comments be internal notes, in their raw records too."""
    said = ticket_comments.c
    query = select(said.id, said.raw).where(among(connection, said.id, ids), said.public)
    changed = [
        {"comment": row.id, "kept": as_private({"raw": row.raw})["raw"]}
        for row in connection.execute(query)
    ]
    if changed:
        private = update(ticket_comments).where(said.id == bindparam("comment"))
        connection.execute(private.values(public=False, raw=bindparam("kept")), changed)
