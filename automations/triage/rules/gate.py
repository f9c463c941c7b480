"""Tells which walks may match a text, by the order in which the phrases of all rules stand in it.

Nearly all walks fail here: a group of theirs is nowhere, or stands only behind a later one.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from automations.triage.rules.matching import Group, Walk


class Gate:
    """The groups of all phrases and walks, as arrays that are looked at together."""

    def __init__(self, walks: Sequence[Walk], groups: Sequence[Group], phrases: int) -> None:
        of_phrases: list[list[int]] = [[] for _ in range(phrases)]
        for number, group in enumerate(groups):
            for phrase in group.phrases:
                of_phrases[phrase].append(number)
        self._groups = [np.array(each, np.intp).tobytes() for each in of_phrases]
        self._size = len(groups)
        # Each walk as pairs of neighbouring groups; a lonely group is its own neighbour.
        numbers = [[step.group for step in walk.steps] for walk in walks]
        pairs = [list(pairwise(each)) or [(each[0], each[0])] for each in numbers]
        self._before, self._after = np.array(
            [pair for each in pairs for pair in each], np.intp
        ).T.copy()
        self._starts = np.cumsum([0, *map(len, pairs[:-1])])

    def open_for(self, order: Iterable[int]) -> list[int]:
        """Return the walks that may match where phrases end in this order."""
        groups = np.frombuffer(b"".join(map(self._groups.__getitem__, order)), np.intp)
        places = np.arange(groups.size)
        first = np.full(self._size, groups.size)
        first[groups[::-1]] = places[::-1]  # of what is written twice the last counts
        last = np.full(self._size, -1)
        last[groups] = places
        follow = first[self._before] <= last[self._after]
        walks: list[int] = np.flatnonzero(np.logical_and.reduceat(follow, self._starts)).tolist()
        return walks
