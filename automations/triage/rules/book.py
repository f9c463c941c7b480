"""Compiles rule files into a book that reads a text once and tells which rules match."""

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, NamedTuple

from automations.triage.rules.matching import Group, Reading, Step, Walk, first_match
from automations.triage.rules.syntax import (
    END,
    START,
    Concept,
    Element,
    Pattern,
    Place,
    Rule,
    read_concepts,
    read_rules,
)
from automations.triage.rules.units import places_of, units_of
from automations.triage.rules.vocabulary import ANY, BUILT_IN, LATIN, Vocabulary, patterns_of

RULES_DIR: Final = Path(__file__).parent.with_name("rules_data")
DENIAL: Final = "denial"  # concepts that the language itself knows
DENIAL_LINK: Final = "denial link"
# Events can be denied; other rules are about states that are themselves negative ("not arrived").
DENIABLE: Final = frozenset("ABC?")

_CONCEPT: Final = re.compile(r"\{([^{}]+)\}")


class Hit(NamedTuple):
    """A rule that matched, and where, in characters."""

    code: str
    weight: float
    start: int
    end: int


class Book:
    """All rules, ready to read texts."""

    def __init__(self, concepts: Iterable[Concept], rules: Iterable[Rule]) -> None:
        self.rules = list(rules)
        self._vocabulary = Vocabulary()
        self._groups: list[Group] = []
        self._numbers: dict[Group, int] = {}
        self._concepts = _by_name(concepts)
        self._resolved: dict[str, frozenset[int]] = {}
        nothing = Group(frozenset(), frozenset())
        self._denial, self._link = (
            self._number(self._named(name) if name in self._concepts else nothing)
            for name in (DENIAL, DENIAL_LINK)
        )
        self._walks = [
            walk
            for number, rule in enumerate(self.rules)
            for pattern in rule.patterns
            for walk in self._compiled(number, rule, pattern)
        ]
        self._bits = self._bits_of_phrases()
        self._anchored: dict[int, list[int]] = {}
        for number, walk in enumerate(self._walks):
            for phrase in self._groups[self._anchor(walk)].phrases:
                self._anchored.setdefault(phrase, []).append(number)

    def find_hits(self, folded: str) -> list[Hit]:
        """Return every rule that matches folded text, strongest first."""
        found = self.matches(folded)
        if not found:
            return []
        places = places_of(folded, max(end for _, _, end in found))
        hits = [
            Hit(rule.code, rule.weight, places[start][0], places[end - 1][1])
            for number, start, end in found
            for rule in (self.rules[number],)
        ]
        return sorted(hits, key=lambda hit: -hit.weight)

    def matches(self, folded: str) -> list[tuple[int, int, int]]:
        """Return the number of every rule that matches, and its first and last unit."""
        units = units_of(folded)
        spans = self._vocabulary.find(units)
        candidates: set[int] = set()
        standing = 0
        for phrase in spans:
            candidates.update(self._anchored.get(phrase, ()))
            standing |= self._bits.get(phrase, 0)
        reading = Reading(units, spans, self._groups)
        denied = partial(reading.denied_starts, self._denial, self._link)
        found: dict[int, tuple[int, int, int]] = {}
        for number in sorted(candidates):
            walk = self._walks[number]
            if walk.needs & ~standing or walk.rule in found:
                continue
            if span := first_match(walk, reading, denied):
                found[walk.rule] = (walk.rule, *span)
        return list(found.values())

    def _bits_of_phrases(self) -> dict[int, int]:
        """Return for each phrase one bit for every group that it belongs to."""
        bits: dict[int, int] = {}
        for number, group in enumerate(self._groups):
            for phrase in group.phrases:
                bits[phrase] = bits.get(phrase, 0) | 1 << number
        return bits

    def _compiled(self, number: int, rule: Rule, pattern: Pattern) -> list[Walk]:
        """Return one walk, or several where elements are optional."""
        choices: list[list[Element]] = [[]]
        for element in pattern.elements:
            without = [list(each) for each in choices] if element.optional else []
            choices = [[*each, element] for each in choices] + without
        return [self._walk(number, rule, pattern, elements) for elements in choices]

    def _walk(self, number: int, rule: Rule, pattern: Pattern, elements: list[Element]) -> Walk:
        place = pattern.place
        from_start = elements[0].options == (START,)
        at_end = elements[-1].options == (END,)
        inner = elements[from_start : len(elements) - at_end]
        if any({START, END} & set(element.options) for element in inner):
            raise place.error(
                "^ or $ stands in the middle", "write ^ first and $ last in a pattern"
            )
        steps = tuple(self._step(element, place) for element in inner)
        return Walk(
            number,
            steps,
            from_start=from_start,
            at_end=at_end,
            unless_followed=self._condition(pattern.unless_followed, place),
            unless_preceded=self._condition(pattern.unless_preceded, place),
            only_beside=(
                self._step(pattern.only_beside, place).group if pattern.only_beside else None
            ),
            respects_denial=rule.code[0] in DENIABLE and not pattern.even_if_denied,
            denies=any(self._is_denial(step.group) for step in steps),
            needs=sum(1 << group for group in {step.group for step in steps}),
        )

    def _is_denial(self, group: int) -> bool:
        """Tell whether a phrase of a group holds a denial: then the pattern looks for one."""
        for phrase in self._groups[group].phrases:
            units = [word.strip("*") for word in self._vocabulary.words(phrase)]
            spans = self._vocabulary.find(units)
            if spans and Reading(units, spans, self._groups).occurrences(self._denial):
                return True
        return False

    def _condition(self, element: Element | None, place: Place) -> Step | None:
        return None if element is None else self._step(element, place)

    def _step(self, element: Element, place: Place) -> Step:
        named = _CONCEPT.fullmatch(element.options[0]) if len(element.options) == 1 else None
        if named and named[1] in self._concepts:  # exceptions count only for a concept alone
            return Step(self._number(self._named(named[1])), element.gap, element.across)
        phrases = frozenset(
            phrase for option in element.options for phrase in self._phrases(option, place)
        )
        return Step(self._number(Group(phrases, frozenset())), element.gap, element.across)

    def _number(self, group: Group) -> int:
        if group not in self._numbers:
            self._numbers[group] = len(self._groups)
            self._groups.append(group)
        return self._numbers[group]

    def _named(self, name: str) -> Group:
        phrases = self._resolve(name, ())
        return Group(
            phrases,
            frozenset(
                phrase
                for concept in self._concepts[name]
                for option in concept.exceptions
                for phrase in self._phrases(option, concept.place)
            ),
        )

    def _resolve(self, name: str, path: tuple[str, ...]) -> frozenset[int]:
        """Return the phrases of a concept and of those that it names."""
        if name not in self._resolved:
            self._resolved[name] = frozenset(
                phrase
                for concept in self._concepts[name]
                for option in concept.options
                for phrase in self._phrases(option, concept.place, (*path, name))
            )
        return self._resolved[name]

    def _phrases(self, option: str, place: Place, path: tuple[str, ...] = ()) -> Iterable[int]:
        if option not in BUILT_IN and (named := _CONCEPT.fullmatch(option)):
            name = named[1]
            if name in path:
                raise place.error(f"{option} names itself", "take it out of its own list")
            if name not in self._concepts:
                raise place.error(
                    f"there is no concept {option}", "write it in a .concepts file or correct it"
                )
            return self._resolve(name, path)
        words = patterns_of(option)
        if words != (LATIN,) and set(words) <= {ANY, LATIN}:
            raise place.error(f"{option!r} holds no word", "write words, or a gap such as ..3")
        if any("{" in word and word not in BUILT_IN for word in option.split()):
            raise place.error(
                f"{option!r} mixes words and a concept",
                "write the concept as an element of its own",
            )
        return (self._vocabulary.add(option),)

    def _anchor(self, walk: Walk) -> int:
        """Return the group that stands in the fewest texts: the walk is tried only there."""
        return min((step.group for step in walk.steps), key=self._commonness)

    def _commonness(self, group: int) -> int:
        return sum(self._vocabulary.commonness(each) for each in self._groups[group].phrases)


@lru_cache(maxsize=1)
def load_book() -> Book:
    """Return the shipped rules, compiled once."""
    return read_book(RULES_DIR)


def read_book(folder: Path) -> Book:
    """Compile the concepts and rules of a folder."""
    concepts = [each for path in sorted(folder.glob("*.concepts")) for each in read_concepts(path)]
    rules = [each for path in sorted(folder.glob("*.rules")) for each in read_rules(path)]
    return Book(concepts, rules)


def find_hits(folded: str) -> list[Hit]:
    """Return every shipped rule that matches folded text, strongest first."""
    return load_book().find_hits(folded)


def _by_name(concepts: Iterable[Concept]) -> dict[str, list[Concept]]:
    """Collect concepts by name; a second language may go on with a name in its own file."""
    named: dict[str, list[Concept]] = {}
    for concept in concepts:
        for other in named.setdefault(concept.name, []):
            if other.place.file == concept.place.file:
                raise concept.place.error(
                    f"{concept.name} stands already in line {other.place.line}",
                    "join the two lists",
                )
        named[concept.name].append(concept)
    return named
