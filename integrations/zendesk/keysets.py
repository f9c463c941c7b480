"""Cursors of Zendesk's lists: the order of a list, and the values of the record before the page.

A cursor is base64 of `{"o": "updated_at,id", "v": …}`, where `v` packs the values: `d` and epoch
seconds, or `i` and a number, each of eight bytes, the lowest first. Zendesk documents none of it,
but gives the same page for a cursor that a client wrote, and refuses one that it cannot use.
"""

import base64
import binascii
import struct
from datetime import UTC, datetime

import msgspec

BY_UPDATE = "updated_at,id"
BY_CREATION = "created_at,id"
CANNOT_BE_READ = (ValueError, OverflowError, OSError, struct.error, binascii.Error)

Value = datetime | int


class _Cursor(msgspec.Struct):
    o: str
    v: str


def at_instant(order: str, moment: datetime) -> str:
    """Return the cursor of a page that begins with the first record of a second."""
    return written(order, [moment, 0])


def written(order: str, values: list[Value]) -> str:
    """Return the cursor that stands behind a record with these values."""
    packed = base64.b64encode(b"".join(map(_pack, values))).decode()
    return base64.b64encode(msgspec.json.encode(_Cursor(order, packed))).decode()


def values_of(cursor: str | None) -> list[Value]:
    """Return the values in a cursor; none when it is written in another way."""
    try:
        content = msgspec.json.decode(base64.b64decode(cursor or "", validate=True), type=_Cursor)
        return _unpack(base64.b64decode(content.v, validate=True))
    except CANNOT_BE_READ:
        return []


def instant_of(cursor: str | None) -> datetime | None:
    """Return the time of the record before the page; None when the cursor names none."""
    return next((one for one in values_of(cursor) if isinstance(one, datetime)), None)


def _pack(value: Value) -> bytes:
    if isinstance(value, datetime):
        return b"d" + struct.pack("<q", int(value.timestamp()))
    return b"i" + struct.pack("<q", value)


def _unpack(packed: bytes) -> list[Value]:
    found: list[Value] = []
    for kind, number in struct.iter_unpack("<cq", packed):
        if kind not in (b"d", b"i"):
            raise ValueError(kind)
        found.append(datetime.fromtimestamp(number, UTC) if kind == b"d" else number)
    return found
