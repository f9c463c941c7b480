"""Copies one record of the mould many times, quickly and with little memory."""

from types import NoneType
from typing import Any

from integrations.sandbox.history.shift import MOVES, Shift
from integrations.sandbox.state.store import Record

SHARED = (str, int, float, NoneType, tuple, dict)


class Pattern:
    """A record of the mould, with what has to be made anew in each copy.

    What does not move is shared by all copies, so that they stay small; lists, empty objects and
    other containers are never shared, because they may be filled later.
    """

    def __init__(self, record: Record, probe: Shift) -> None:
        self._record = record
        self._moving = [
            (key, MOVES[type(value)], value)
            for key, value in record.items()
            if type(value) is not list and _is_made_anew(value, probe)
        ]
        lists = {id(value): value for value in record.values() if type(value) is list}
        named = {one: [key for key, value in record.items() if id(value) == one] for one in lists}
        self._still = [
            (keys, lists[one])
            for one, keys in named.items()
            if not any(_moves(item, probe) for item in lists[one])
        ]
        self._changing = [
            (keys, [(item, _moves(item, probe)) for item in lists[one]])
            for one, keys in named.items()
            if any(_moves(item, probe) for item in lists[one])
        ]

    def at(self, shift: Shift) -> Record:
        """Return the record of one copy."""
        made = dict(self._record)
        for key, move, value in self._moving:
            made[key] = move(shift, value)
        for keys, still in self._still:
            copied = still[:]
            for key in keys:
                made[key] = copied
        for keys, items in self._changing:
            copied = [shift.of(item) if moves else item for item, moves in items]
            for key in keys:
                made[key] = copied
        return made


def _is_made_anew(value: Any, probe: Shift) -> bool:
    may_be_shared = isinstance(value, SHARED) and value != {}
    return not may_be_shared or _moves(value, probe)


def _moves(value: Any, probe: Shift) -> bool:
    return bool(probe.of(value) != value)
