"""Cursors as Zendesk writes them: base64 of JSON with the order and the packed values."""

import base64
import binascii
import json
import struct
from collections.abc import Sequence
from datetime import UTC, datetime

from integrations.sandbox.state.refusals import Refusal, bad_request

Value = int | str | datetime


def encode(order: str, values: Sequence[Value]) -> str:
    """Return the cursor that stands behind a record with these sort values."""
    packed = base64.b64encode(b"".join(map(_pack, values))).decode()
    text = json.dumps({"o": order, "v": packed}, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def decode(cursor: str, order: str, parameter: str) -> tuple[Value, ...]:
    """Return the sort values of a cursor; refuse one that is broken or made for another order."""
    try:
        content = json.loads(base64.b64decode(cursor, validate=True))
        values = tuple(_unpack(base64.b64decode(content["v"], validate=True)))
        is_ours = content["o"] == order and len(values) == len(order.split(","))
    except (ValueError, KeyError, TypeError, OverflowError, struct.error, binascii.Error):
        is_ours, values = False, ()
    if not is_ours:
        raise unusable(parameter)
    return values


def unusable(parameter: str) -> Refusal:
    """Say that a cursor leads nowhere."""
    return bad_request("InvalidPaginationParameter", f"{parameter} is not valid")


def _pack(value: Value) -> bytes:
    if isinstance(value, datetime):
        return b"d" + struct.pack("<q", int(value.timestamp()))
    if isinstance(value, int):
        return b"i" + struct.pack("<q", value)
    text = value.encode()
    return b"s" + struct.pack("<I", len(text)) + text


def _unpack(packed: bytes) -> list[Value]:
    values: list[Value] = []
    while packed:
        kind, packed = packed[:1], packed[1:]
        if kind == b"s":
            (length,) = struct.unpack("<I", packed[:4])
            text, packed = packed[4 : 4 + length], packed[4 + length :]
            values.append(text.decode())
            continue
        (number,) = struct.unpack("<q", packed[:8])
        packed = packed[8:]
        values.append(datetime.fromtimestamp(number, UTC) if kind == b"d" else number)
    return values
