"""Tickets by the value of one field: what a question about that field is answered from."""

from collections.abc import Hashable


class Grouping:
    """Numbers of tickets by value; a ticket that changes moves, one without a value is left out."""

    def __init__(self) -> None:
        self._values: dict[int, Hashable] = {}
        self._numbers: dict[Hashable, set[int]] = {}

    def move(self, number: int, value: Hashable) -> None:
        """Put a ticket, old or new, to its present value."""
        old = self._values.get(number)
        if old == value:
            return
        if old is not None:
            self._numbers[old].discard(number)
            if not self._numbers[old]:
                del self._numbers[old]
            del self._values[number]
        if value is not None:
            self._values[number] = value
            self._numbers.setdefault(value, set()).add(number)

    def having(self, value: Hashable) -> list[int]:
        """Return the numbers of the tickets with a value, rising."""
        return sorted(self._numbers.get(value, ()))
