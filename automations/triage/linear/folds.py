"""Divides texts into folds: a group stays together, and classes are spread evenly."""

import hashlib
from collections import Counter
from collections.abc import Sequence


def fold_numbers(labels: Sequence[str], groups: Sequence[str], folds: int) -> list[int]:
    """Return the fold of each text; the same input always gives the same folds.

    Random splits look far better than they are when near-identical texts fall on both sides.
    """
    members: dict[str, list[int]] = {}
    for i, group in enumerate(groups):
        members.setdefault(group, []).append(i)
    filled: dict[str, list[int]] = {}
    numbers = [0] * len(labels)
    for group in sorted(members, key=lambda name: (-len(members[name]), _order(name))):
        (label, _), *_ = Counter(labels[i] for i in members[group]).most_common(1)
        sizes = filled.setdefault(label, [0] * folds)
        # A hash decides among equals, or small classes would all begin with the first fold.
        shift = _order(label)
        number = min(range(folds), key=lambda k: (sizes[k], (k + shift) % folds))
        sizes[number] += len(members[group])
        for i in members[group]:
            numbers[i] = number
    return numbers


def _order(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:8], "big")
