"""The cursor of a search export: where it stands, and for which search and how long it holds."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from integrations.runtime.clock import parse_instant
from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Record

LIFE = timedelta(hours=1)
SALT = "search export"
CANNOT_BE_READ = (
    *(ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError),
    *(RecursionError, binascii.Error),
)
ORDER = {"field": "created_at", "desc": True, "tieBreakField": "id", "tieBreakDesc": False}

Place = tuple[int, int]  # smaller comes first: minus the millisecond of creation, then the id


@dataclass(frozen=True, slots=True)
class Session:
    """One export: since when it runs and how many records it gave."""

    start: datetime
    exported: int


def place_of(record: Record) -> Place:
    """Return where a record stands in an export."""
    return -_milliseconds(parse_instant(record["created_at"])), int(record["id"])


def write(session: Session, asked: str, last: Record, now: datetime) -> str:
    """Return the cursor that leads on behind a record."""
    place = place_of(last)
    content: dict[str, Any] = {
        **ORDER,
        "sortValues": [-place[0], place[1]],
        "exportedThusFar": session.exported,
        "sessionStart": _milliseconds(session.start),
        "createdAt": _milliseconds(now),
        "saltedRequestHash": _salted(asked),
    }
    content["saltedCursorHash"] = _salted(_written(content))
    return base64.b64encode(_written(content).encode()).decode()


def read(cursor: str, asked: str, now: datetime) -> tuple[Session, Place]:
    """Return session and place of a cursor; refuse one that is too old or not of this search."""
    try:
        content = json.loads(base64.b64decode(cursor, validate=True))
        seal = content.pop("saltedCursorHash")
        is_ours = seal == _salted(_written(content))
        is_ours = is_ours and content["saltedRequestHash"] == _salted(asked)
        is_young = _milliseconds(now - LIFE) <= content["createdAt"]
        start = datetime.fromtimestamp(content["sessionStart"] / 1000, UTC)
        created, record_id = map(int, content["sortValues"])
        session = Session(start, int(content["exportedThusFar"]))
    except CANNOT_BE_READ:
        is_ours = is_young = False
    if not (is_ours and is_young):
        raise bad_request("InvalidPaginationParameter", "page[after] is not valid")
    return session, (-created, record_id)


def _written(content: dict[str, Any]) -> str:
    return json.dumps(content, separators=(",", ":"))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _salted(text: str) -> int:
    """Return a hash as Zendesk writes it: 32 bits, with a sign."""
    value = crc32(f"{SALT} {text}".encode("utf-8", "replace"))
    return value - 2**32 if value >= 2**31 else value
