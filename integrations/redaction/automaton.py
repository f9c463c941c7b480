"""Many patterns in one pass over bytes, in a time that depends on the bytes alone."""

import threading
from collections.abc import Sequence
from typing import Any

import hyperscan


class Automaton:
    """Patterns that are looked for together, whatever their case, over UTF-8."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH
        self._database.compile(
            expressions=[pattern.encode() for pattern in patterns],
            ids=list(range(len(patterns))),
            elements=len(patterns),
            flags=[flags | hyperscan.HS_FLAG_DOTALL] * len(patterns),
        )
        self._own = threading.local()  # working memory: threads must not share it

    def seen_in(self, data: bytes) -> list[int]:
        """Return the numbers of the patterns that match somewhere."""
        seen: list[int] = []
        try:
            scratch = self._own.scratch
        except AttributeError:
            scratch = self._own.scratch = hyperscan.Scratch(self._database)
        self._database.scan(data, match_event_handler=_note, context=seen, scratch=scratch)
        return seen


def words(*alternatives: str) -> str:
    """Return alternatives as a pattern over UTF-8 bytes."""
    return "|".join(
        each if each.isascii() else "".join(f"\\x{byte:02x}" for byte in each.encode())
        for each in alternatives
    )


def _note(number: int, _start: int, _end: int, _flags: int, seen: Any) -> None:
    seen.append(number)
