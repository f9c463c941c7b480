"""Compiles rule files into a book that reads a text once and tells which rules match."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import accumulate, islice
from pathlib import Path
from typing import Final, NamedTuple

from automations.triage.rules.gate import Gate
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
from automations.triage.rules.units import pieces_of, units_of
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
        walks = [
            walk
            for number, rule in enumerate(self.rules)
            for pattern in rule.patterns
            for walk in self._compiled(number, rule, pattern)
        ]
        # Only now all phrases are known, so that their automaton is built once.
        denials = {group for group in range(len(self._groups)) if self._is_denial(group)}
        self._walks = [
            walk._replace(denies=any(step.group in denials for step in walk.steps))
            for walk in walks
        ]
        self._gate = Gate(self._walks, self._groups, len(self._vocabulary))

    def find_hits(self, folded: str) -> list[Hit]:
        """Return every rule that matches folded text, strongest first."""
        pieces = pieces_of(folded)
        ends = accumulate(map(len, pieces))
        found = self._matches(pieces[1::2])
        places = list(islice(ends, 2 * max((last for _, _, last in found), default=0)))
        hits = [
            Hit(rule.code, rule.weight, places[2 * first], places[2 * last - 1])
            for number, first, last in found
            for rule in (self.rules[number],)
        ]
        return sorted(hits, key=lambda hit: -hit.weight)

    def matches(self, folded: str) -> list[tuple[int, int, int]]:
        """Return the number of every rule that matches, and its first and last unit."""
        return self._matches(units_of(folded))

    def _matches(self, units: Sequence[str]) -> list[tuple[int, int, int]]:
        phrases = self._vocabulary.find(units)
        reading = Reading(phrases, self._groups)
        denied = partial(reading.denied_starts, self._denial, self._link)
        found: dict[int, tuple[int, int, int]] = {}
        for number in self._gate.open_for(phrases.order):
            walk = self._walks[number]
            if walk.rule not in found and (span := first_match(walk, reading, denied)):
                found[walk.rule] = (walk.rule, *span)
        return list(found.values())

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
            denies=False,
        )

    def _is_denial(self, group: int) -> bool:
        """Tell whether a phrase of a group holds a denial: then the pattern looks for one."""
        for phrase in self._groups[group].phrases:
            units = [word.strip("*") for word in self._vocabulary.words(phrase)]
            found = self._vocabulary.find(units)
            if Reading(found, self._groups).occurrences(self._denial):
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
