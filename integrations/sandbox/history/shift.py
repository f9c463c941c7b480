"""Moves what happened in one period into another: numbers, ids, instants, and texts with them.

The period that is copied, the mould, is played with numbers that nothing else has. They are known
by their size wherever they stand, also inside texts, so nobody who adds to a ticket has to say
what of it moves.
"""

import re
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from random import Random
from types import NoneType
from typing import Any

from integrations.sandbox.state.metric_events import shifted

FIRST_TICKET = 8_000_000_001
FIRST_RECORD = 7_500_000_000_000
FIRST_CUSTOMER = 20_000_000_000  # stands for the number of a customer at the exchange
MOST = 1_000_000_000  # of each kind
LAST_SECOND = 4_000_000_000
UIDS, UID_STRIDE, FIRST_UID = 90_000_000, 48_271, 10_000_000
MOVING_TEXT = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"(?P<day>\d{4}-\d\d-\d\d)(?!\d)"
    r"|(?P<number>\d{10,13})(?![0-9A-Za-z])"
    r"|(?P<hash>[0-9a-f]{64})(?![0-9A-Za-z])"
    r"|(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9A-Za-z])"
    r")"
)
SHORTEST_MOVING = len("2026-01-01")
AN_INSTANT = "2026-01-01T00:00:00Z"
HASH_BITS, UUID_BITS = 256, 128
UUID_FIXED = 0xF << 76 | 0x3 << 62  # version and variant


def exchange_uid(customer: int) -> str:
    """Return the number that the exchange gave to its n-th customer: eight digits, scattered."""
    return str(FIRST_UID + customer * UID_STRIDE % UIDS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a period begins: its first ticket, record id, customer and instant."""

    ticket: int
    record: int
    customer: int
    start: datetime


class Shift:
    """The way from the mould to one period."""

    def __init__(self, mould_start: datetime, place: Place) -> None:
        self.delta = place.start - mould_start
        if self.delta % timedelta(days=7):
            raise ValueError("periods lie whole weeks apart")
        self.seconds = int(self.delta.total_seconds())
        self.place = place
        self._first_second = int(mould_start.timestamp())
        self._first_day = mould_start.date().isoformat()
        self._days: dict[str, str] = {}
        self._key = Random(place.ticket).getrandbits(HASH_BITS)  # noqa: S311 - repeatable

    def number(self, value: int) -> int:
        """Return a ticket number, record id or epoch second of the mould as it is here."""
        if value < self._first_second:
            return value
        if value < LAST_SECOND:
            return value + self.seconds
        if 0 <= value - FIRST_TICKET < MOST:
            return value - FIRST_TICKET + self.place.ticket
        if 0 <= value - FIRST_RECORD < MOST:
            return value - FIRST_RECORD + self.place.record
        return value

    def text(self, text: str) -> str:
        """Return a text with its numbers, days and hashes moved."""
        if len(text) < SHORTEST_MOVING:
            return text
        if len(text) == len(AN_INSTANT) and text[10] == "T" and text[-1] == "Z":
            return self._day(text[:10]) + text[10:]
        return MOVING_TEXT.sub(self._moved, text)

    def of(self, value: Any) -> Any:
        """Return a copy of anything a ticket is made of, moved."""
        return MOVES[type(value)](self, value)

    def _moved(self, found: re.Match[str]) -> str:
        text, kind = found[0], found.lastgroup
        if kind == "day":
            return self._day(text)
        if kind == "number":
            customer = int(text) - FIRST_CUSTOMER
            if 0 <= customer < MOST:
                return exchange_uid(self.place.customer + customer)
            return str(self.number(int(text)))
        if kind == "hash":
            return f"{int(text, 16) ^ self._key:064x}"
        key = self._key >> UUID_BITS & ~UUID_FIXED
        digits = f"{int(text.replace('-', ''), 16) ^ key:032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def _day(self, text: str) -> str:
        if text < self._first_day:
            return text
        day = self._days.get(text)
        if day is None:
            try:
                day = (date.fromisoformat(text) + self.delta).isoformat()
            except (ValueError, OverflowError):  # digits that look like a day
                day = text
            self._days[text] = day
        return day


Move = Callable[[Shift, Any], Any]


class _Moves(dict[type, Move]):
    """How each kind of value is moved."""

    def __missing__(self, kind: type) -> Move:
        self[kind] = move = _mover_of(kind)
        return move


def _dict(shift: Shift, value: Mapping[Any, Any]) -> dict[Any, Any]:
    return {
        shift.number(key) if type(key) is int else key: MOVES[type(inner)](shift, inner)
        for key, inner in value.items()
    }


def _list(shift: Shift, value: list[Any]) -> list[Any]:
    return [MOVES[type(one)](shift, one) for one in value]


def _tuple(shift: Shift, value: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple([MOVES[type(one)](shift, one) for one in value])


def _float(shift: Shift, value: float) -> float:
    return value if shift.number(int(value)) == int(value) else value + shift.seconds


def _same(_: Shift, value: Any) -> Any:
    return value


def _mover_of(kind: type) -> Move:
    """Return how a kind of value is moved that is none of the usual ones."""
    if is_dataclass(kind):
        names = [one.name for one in fields(kind)]
        return lambda shift, value: kind(**{name: shift.of(getattr(value, name)) for name in names})
    if issubclass(kind, tuple):
        return lambda shift, value: kind(*map(shift.of, value))
    if issubclass(kind, Enum):
        return _same
    raise TypeError(f"nobody said how a {kind.__name__} moves to another period")


def _metric_events(shift: Shift, packed: "array[int]") -> "array[int]":
    ids_by = shift.place.record - FIRST_RECORD
    return shifted(packed, ids_by=ids_by, seconds=shift.seconds)


MOVES = _Moves(
    {
        str: Shift.text,
        int: Shift.number,
        float: _float,
        bool: _same,
        NoneType: _same,
        datetime: lambda shift, value: value + shift.delta,
        dict: _dict,
        list: _list,
        tuple: _tuple,
        set: lambda shift, value: set(_tuple(shift, value)),
        array: _metric_events,
    }
)
