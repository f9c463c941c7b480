"""Walks compiled patterns over the places where their concepts stand; time is linear in the text.

For each element only the nearest end of the elements before it matters, so every list of
occurrences is passed once: no backtracking, whatever the text.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from operator import itemgetter
from typing import Final, NamedTuple

from automations.triage.rules.units import STOPS
from automations.triage.rules.vocabulary import Found

Span = tuple[int, int]
_MOST_LINKS: Final = 4  # "never" + "been" + "even" + "one" + "of": denies what follows


class Group(NamedTuple):
    """A compiled concept or list of words: numbers of its phrases."""

    phrases: frozenset[int]
    exceptions: frozenset[int]


class Step(NamedTuple):
    """A group that must follow the steps before it within some units."""

    group: int
    gap: int
    across: bool  # a sentence may end in the gap


class Walk(NamedTuple):
    """A compiled pattern."""

    rule: int
    steps: tuple[Step, ...]
    from_start: bool  # the first step stands within its gap from the start of the text
    at_end: bool  # the last step ends the text
    unless_followed: Step | None
    unless_preceded: Step | None
    only_beside: int | None
    respects_denial: bool
    denies: bool  # the pattern itself looks for a denial


class Reading:
    """One text as the rules see it: units, sentences, and where phrases stand."""

    def __init__(self, found: Found, groups: Sequence[Group]) -> None:
        units = found.units
        self._found = found
        self._groups = groups
        self._occurrences: dict[int, list[Span]] = {}
        self._denied: set[int] | None = None
        self.size = len(units)  # without stops at the end
        stops = list(map(STOPS.__contains__, map(itemgetter(0), units)))
        while self.size and stops[self.size - 1]:
            self.size -= 1
        self.stops = sum(stops[: self.size])
        self._sentence = [0, *accumulate(stops)]

    def occurrences(self, group: int) -> list[Span]:
        """Return where a group stands, in order, without what its exceptions cover."""
        found = self._occurrences.get(group)
        if found is None:
            phrases, exceptions = self._groups[group]
            found = self._spans_of(phrases)
            if exceptions and (covers := self._spans_of(exceptions)):
                found = _without(found, covers)
            self._occurrences[group] = found
        return found

    def _spans_of(self, phrases: frozenset[int]) -> list[Span]:
        lists = [self._found.spans(phrase) for phrase in phrases & self._found.phrases]
        return lists[0] if len(lists) == 1 else sorted(chain.from_iterable(lists))

    def starts(self, group: int) -> set[int]:
        """Return the units at which a group begins."""
        return {start for start, _ in self.occurrences(group)}

    def ends(self, group: int) -> set[int]:
        """Return the units after which a group ended."""
        return {end for _, end in self.occurrences(group)}

    def denied_starts(self, denial: int, link: int) -> set[int]:
        """Return the units before which a denial stands, perhaps with linking words between."""
        if self._denied is None:
            ends: dict[int, list[int]] = {}
            for start, end in self.occurrences(link):
                ends.setdefault(start, []).append(end)
            self._denied = set()
            layer = {end for _, end in self.occurrences(denial)}
            for _ in range(_MOST_LINKS):
                self._denied |= layer
                layer = {end for at in layer for end in ends.get(at, ())}
            self._denied |= layer
        return self._denied

    def same_sentence(self, first: int, last: int) -> bool:
        """Tell whether no sentence ends between two units."""
        return self._sentence[first] == self._sentence[last]


def first_match(walk: Walk, reading: Reading, denied: Callable[[], set[int]]) -> Span | None:
    """Return the first place where the whole pattern stands, affirmed and unhindered."""
    # Spans from the start of the pattern to the end of its latest step.
    ends: list[Span] = [(0, 0)] if walk.from_start else []
    barred = denied() if walk.respects_denial else None
    for number, step in enumerate(walk.steps):
        spans = reading.occurrences(step.group)
        if barred and (number == 0 or not walk.denies):
            spans = [span for span in spans if span[0] not in barred]
        if number or walk.from_start:
            spans = _joined(ends, spans, step, reading)
        ends = spans
        if not ends:
            return None
    if walk.at_end:
        ends = [span for span in ends if span[1] == reading.size]
    if walk.unless_followed is not None:
        ends = [span for span in ends if not _followed(span, walk.unless_followed, reading)]
    if walk.unless_preceded is not None:
        ends = [span for span in ends if not _preceded(span, walk.unless_preceded, reading)]
    if not ends:
        return None
    beside = walk.only_beside
    return ends[0] if beside is None or _is_alone(walk, beside, reading) else None


def _joined(ends: list[Span], spans: list[Span], step: Step, reading: Reading) -> list[Span]:
    """Return the spans that follow one of the ends closely enough, with the pattern's start."""
    joined = []
    ends = sorted(ends, key=itemgetter(1)) if len(ends) > 1 else ends
    at, last = 0, len(ends)
    for start, end in spans:
        while at < last and ends[at][1] <= start:
            at += 1
        if at and start - ends[at - 1][1] <= step.gap:
            before = ends[at - 1]
            if step.across or reading.same_sentence(before[1] - 1 if before[1] else 0, start):
                joined.append((before[0], end))
    return joined


def _without(spans: list[Span], covers: list[Span]) -> list[Span]:
    """Drop the spans that lie inside a cover."""
    reach: dict[int, int] = {}
    for start, end in covers:
        for unit in range(start, end):
            reach[unit] = max(reach.get(unit, 0), end)
    return [(start, end) for start, end in spans if reach.get(start, 0) < end]


def _followed(span: Span, step: Step, reading: Reading) -> bool:
    starts = reading.starts(step.group)
    return any(
        at in starts and reading.same_sentence(span[1] - 1, at)
        for at in range(span[1], span[1] + step.gap + 1)
    )


def _preceded(span: Span, step: Step, reading: Reading) -> bool:
    ends = reading.ends(step.group)
    return any(
        at in ends and reading.same_sentence(at - 1, span[0])
        for at in range(max(1, span[0] - step.gap), span[0] + 1)
    )


def _is_alone(walk: Walk, beside: int, reading: Reading) -> bool:
    """Tell whether the rest of the text is nothing but the words that may stand beside."""
    groups = [step.group for step in walk.steps if step.group is not None]
    covered: set[int] = set()
    for group in (*groups, beside):
        for start, end in reading.occurrences(group):
            covered.update(range(start, end))
    return len(covered) + reading.stops >= reading.size
