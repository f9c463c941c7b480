"""Reads the taxonomy's data files and says what is wrong with them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from integrations.runtime.errors import ConfigError

TAXONOMY_DIR: Final = Path(__file__).with_name("taxonomy_data")
SEVERITIES: Final = ("S1", "S2", "S3", "S4")
DEPARTMENTS: Final = ("RC", "SEC", "CMP", "LGL", "P2P", "PAY", "TEC", "CS", "DPO", "IA")
UNKNOWN_FAMILY: Final = "?"
EVERYTHING: Final = "*"
_WITHOUT_QUESTIONS: Final = frozenset("NX")  # nothing is to be collected for them
_SHARED_FILES: Final = ("editions.toml", "facts.toml", "severity.toml", "complexity.toml")
_MOST_PROBLEMS: Final = 10


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    english: str = msgspec.field(name="en")
    chinese: str = msgspec.field(name="zh")


class Family(_Entry, frozen=True, kw_only=True):
    """A group of complaints; its severity and owner hold when no reason is known."""

    code: str
    severity: str
    owner: str
    complaint: bool | None = None  # in the regulatory sense; None: not by itself


class Reason(_Entry, frozen=True, kw_only=True):
    """Why somebody complains: how bad it is at least, who owns it, what the agent must collect."""

    code: str
    severity: str
    owner: str
    also: tuple[str, ...] = ()  # departments concerned, too
    complaint: bool | None = None  # None: as its family
    simple: bool = False  # the desk's own answer ends it
    required: tuple[str, ...] = ()  # codes of facts
    evidence: tuple[str, ...] = ()  # codes of facts
    answer_en: str  # what the first answer is for
    answer_zh: str

    @property
    def family(self) -> str:
        """The code of the family that the reason belongs to."""
        return self.code[0]


class Fact(_Entry, frozen=True, kw_only=True):
    """Something that reasons ask for, and the signal of triage that answers it."""

    signal: str | None = None


class Raise(_Entry, frozen=True, kw_only=True):
    """A fact that raises severity, with the families and reasons where it does."""

    one_level: tuple[str, ...] = ()
    to_s1: tuple[str, ...] = ()
    to_s2: tuple[str, ...] = ()


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From where on amounts, ages and numbers of reports count."""

    large_amount_usd: int
    fresh_hours: int
    linked_reports: int


class Point(_Entry, frozen=True, kw_only=True):
    """Something that makes a complaint complex, and how many points it counts."""

    points: int


class ComplexityLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From where on points, amounts, transactions and comments count."""

    complex_points: int
    considerable_amount_usd: int
    several_transactions: int
    long_history: int


class ComplexityRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What makes a complaint complex."""

    limits: ComplexityLimits
    points: dict[str, Point] = msgspec.field(name="point")


class Edition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One state of the taxonomy, what changed with it, and which codes it replaced."""

    number: str
    date: date
    changes: str
    moved: dict[str, str] = {}


class Taxonomy(msgspec.Struct, frozen=True, kw_only=True):
    """All that the files say."""

    editions: tuple[Edition, ...]
    families: dict[str, Family]
    reasons: dict[str, Reason]
    facts: dict[str, Fact]
    raises: dict[str, Raise]
    limits: Limits
    complexity: ComplexityRules

    @property
    def moved(self) -> dict[str, str]:
        """Every old code with the one that took its place, over all editions."""
        return {old: new for edition in self.editions for old, new in edition.moved.items()}

    def current_code(self, code: str) -> str | None:
        """Return the present code of a family or reason; None for what no edition knew."""
        moved = self.moved
        for _ in range(len(moved) + 1):
            if code in self.reasons or code in self.families:
                return code
            if code not in moved:
                return None
            code = moved[code]
        return None


def read_taxonomy(folder: Path = TAXONOMY_DIR) -> Taxonomy:
    """Return the checked taxonomy; ConfigError names the file or entry that is wrong."""
    editions, facts, severity, complexity = (_parsed(folder / name) for name in _SHARED_FILES)
    families, reasons = _families(folder)
    taxonomy = _converted(
        {
            "editions": editions.get("edition", []),
            "families": families,
            "reasons": reasons,
            "facts": facts.get("required", {}) | facts.get("evidence", {}),
            "raises": severity.get("raise", {}),
            "limits": severity.get("limits", {}),
            "complexity": complexity,
        },
        folder,
    )
    problems = list(problems_of(taxonomy))
    if problems:
        raise _unusable(folder, problems)
    return taxonomy


def problems_of(taxonomy: Taxonomy) -> Iterator[str]:
    """Yield what is missing or contradicts itself, one line each."""
    for letter, family in taxonomy.families.items():
        yield from _entry_problems(letter, family)
    for code, reason in taxonomy.reasons.items():
        yield from _entry_problems(code, reason)
        yield from _reason_problems(code, reason, taxonomy)
    for code, found in taxonomy.raises.items():
        codes = {*found.one_level, *found.to_s1, *found.to_s2}
        known = {*taxonomy.families, *taxonomy.reasons, UNKNOWN_FAMILY, EVERYTHING}
        for unknown in sorted(codes - known):
            yield f"raise {code} names {unknown}, which is no family or reason"
    yield from _edition_problems(taxonomy)


def _entry_problems(code: str, entry: Family | Reason) -> Iterator[str]:
    if entry.severity not in SEVERITIES:
        yield f"{code} has the unknown severity {entry.severity}"
    if entry.owner not in DEPARTMENTS:
        yield f"{code} has the unknown owner {entry.owner}"
    if not entry.english.isascii() or not any("一" <= sign <= "鿿" for sign in entry.chinese):
        yield f"{code} needs an English and a Chinese name"


def _reason_problems(code: str, reason: Reason, taxonomy: Taxonomy) -> Iterator[str]:
    for asked in (*reason.required, *reason.evidence):
        if asked not in taxonomy.facts:
            yield f"{code} asks for {asked}, which facts.toml does not have"
    for department in reason.also:
        if department not in DEPARTMENTS:
            yield f"{code} names the unknown department {department}"
    if not reason.answer_en or not reason.answer_zh:
        yield f"{code} does not say what the first answer is for"
    if not reason.required and reason.family not in _WITHOUT_QUESTIONS:
        yield f"{code} requires nothing"


def _edition_problems(taxonomy: Taxonomy) -> Iterator[str]:
    dates = [edition.date for edition in taxonomy.editions]
    if not dates or dates != sorted(set(dates)):
        yield "editions do not follow one another by date"
    if len({edition.number for edition in taxonomy.editions}) != len(dates):
        yield "two editions have the same number"
    for old in taxonomy.moved:
        if old in taxonomy.reasons or old in taxonomy.families:
            yield f"{old} has moved and is still there"
        elif taxonomy.current_code(old) is None:
            yield f"{old} has moved to a code that does not exist"


def _families(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    families: dict[str, Any] = {}
    reasons: dict[str, Any] = {}
    problems = []
    for path in sorted(folder.glob("*_*.toml")):
        content = _parsed(path)
        family = content.pop("family", {})
        letter = str(family.get("code", ""))
        if not letter or letter in families:
            problems.append(f"{path.name} has no family of its own")
        families[letter] = family
        for code, reason in content.items():
            if code[:1] != letter or not code[1:].isdigit():
                problems.append(f"{path.name} has {code}, which is no reason of family {letter}")
            reasons[code] = {"code": code, **reason}
    if problems:
        raise _unusable(folder, problems)
    return families, reasons


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(
            f"The taxonomy's file {path.name} cannot be read: {reason}.",
            hint="mend the file at the place that is named.",
        ) from None


def _converted(content: Mapping[str, Any], folder: Path) -> Taxonomy:
    try:
        return msgspec.convert(content, Taxonomy)
    except msgspec.ValidationError as error:
        raise _unusable(folder, [str(error)]) from None


def _unusable(folder: Path, problems: Sequence[str]) -> ConfigError:
    return ConfigError(
        f"The taxonomy in {folder.name} cannot be used: {'; '.join(problems[:_MOST_PROBLEMS])}.",
        hint="mend the entries that are named; the files themselves say what each field means.",
    )
