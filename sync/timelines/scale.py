"""Where an instant lies on a line of limited width: long stretches without events are squeezed."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

SQUEEZE = 0.42  # a gap a hundred times as long is seven times as wide
DAY = 86_400


class Scale:
    """Maps instants to places between `left` and `right`; between two events it is even.

    A ticket's first answer takes minutes and its solution weeks: on an even line the minutes would
    not be seen. So the width of a gap between two events grows slower than its length.
    """

    def __init__(self, moments: Iterable[int], *, left: float, right: float) -> None:
        self._moments = sorted(set(moments))
        gaps = [b - a for a, b in zip(self._moments, self._moments[1:], strict=False)]
        weights = [gap**SQUEEZE for gap in gaps]
        whole = sum(weights) or 1.0
        self._places = [left]
        for weight in weights:
            self._places.append(self._places[-1] + weight / whole * (right - left))

    @property
    def start(self) -> int:
        """Return the first instant on the line."""
        return self._moments[0]

    @property
    def end(self) -> int:
        """Return the last instant on the line."""
        return self._moments[-1]

    def place(self, at: int) -> float:
        """Return where an instant lies; what is outside the line lies at its nearer end."""
        index = bisect_right(self._moments, at) - 1
        if index < 0:
            return self._places[0]
        if index >= len(self._moments) - 1:
            return self._places[-1]
        since, until = self._moments[index : index + 2]
        low, high = self._places[index : index + 2]
        return low + (at - since) / (until - since) * (high - low)

    def midnights(self) -> list[int]:
        """Return the beginnings of days (UTC) on the line."""
        return list(range(-(-self.start // DAY) * DAY, self.end + 1, DAY))


def spaced(
    places: Sequence[tuple[float, int]], *, apart: float, taken: Sequence[float] = ()
) -> list[tuple[float, int]]:
    """Return those of these (place, instant) that lie at least so far apart, earlier ones first.

    Places that are taken keep their distance too.
    """
    kept: list[tuple[float, int]] = []
    used = list(taken)
    for place, at in places:
        if all(abs(place - other) >= apart for other in used):
            used.append(place)
            kept.append((place, at))
    return kept
