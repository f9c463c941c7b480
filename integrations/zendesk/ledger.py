"""Which turns of a budget are taken: a ledger of this process, and what a shared one must do."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Protocol

LOOK_AGAIN_S = 0.25  # a turn that should be free is still out: its answer is on the way
LONGEST_SILENCE_S = 65.0  # no request is out longer; what a dead process took is free after it


@dataclass(frozen=True, slots=True)
class Entry:
    """Turns that count until `until`; a request still out should come back by `expected`."""

    id: int
    amount: int
    expected: float
    until: float


@dataclass(frozen=True, slots=True)
class Taken:
    """The turns that were free, under an id to settle them; none, and for how long to wait."""

    amount: int
    id: int = 0
    wait_s: float = 0.0


class Ledger(Protocol):
    """Remembers the turns that were taken; forgets them once they no longer count."""

    def take(self, name: str, limit: int, wanted: int, *, holds_s: float) -> Taken:
        """Take up to `wanted` turns that are expected to count for so long."""

    def settle(self, name: str, taken: int, amount: int, *, holds_s: float) -> None:
        """Say how many of the turns were used, and for how long they still count."""

    def pause(self, name: str, limit: int, *, holds_s: float) -> None:
        """Let nobody take a turn for so long."""


def free_turns(entries: Iterable[Entry], limit: int, now: float) -> tuple[int, float]:
    """Return how many turns are free and, when none is, how long to wait for the next."""
    counting = sorted((entry for entry in entries if entry.until > now), key=lambda e: e.expected)
    used = sum(entry.amount for entry in counting)
    if used < limit:
        return limit - used, 0.0
    for entry in counting:
        used -= entry.amount
        if used < limit:
            return 0, max(entry.expected - now, 0.0) or LOOK_AGAIN_S
    return 0, LOOK_AGAIN_S


class OwnLedger:
    """The ledger of one process; what other processes take, it does not know."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._ids = count(1)
        self._entries: dict[str, list[Entry]] = {}

    def take(self, name: str, limit: int, wanted: int, *, holds_s: float) -> Taken:
        """Take up to `wanted` turns that are expected to count for so long."""
        with self._lock:
            now = self._monotonic()
            entries = self._counting(name, now)
            free, wait = free_turns(entries, limit, now)
            if not free:
                return Taken(0, wait_s=wait)
            amount, expected = min(free, wanted), now + holds_s
            entry = Entry(next(self._ids), amount, expected, expected + LONGEST_SILENCE_S)
            entries.append(entry)
            return Taken(amount, entry.id)

    def settle(self, name: str, taken: int, amount: int, *, holds_s: float) -> None:
        """Say how many of the turns were used, and for how long they still count."""
        with self._lock:
            until = self._monotonic() + holds_s
            others = [entry for entry in self._entries.get(name, ()) if entry.id != taken]
            self._entries[name] = [*others, Entry(taken, amount, until, until)]

    def pause(self, name: str, limit: int, *, holds_s: float) -> None:
        """Let nobody take a turn for so long."""
        with self._lock:
            until = self._monotonic() + holds_s
            entries = self._entries.setdefault(name, [])
            if not any(entry.amount >= limit and entry.until >= until for entry in entries):
                entries.append(Entry(next(self._ids), limit, until, until))

    def _counting(self, name: str, now: float) -> list[Entry]:
        """Forget what no longer counts; return the rest."""
        for old in [key for key, entries in self._entries.items() if _are_over(entries, now)]:
            del self._entries[old]
        entries = [entry for entry in self._entries.get(name, ()) if entry.until > now]
        self._entries[name] = entries
        return entries


def _are_over(entries: list[Entry], now: float) -> bool:
    return all(entry.until <= now for entry in entries)
