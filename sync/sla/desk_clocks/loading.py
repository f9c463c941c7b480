"""Reads the rules file over the shipped rules; whatever is wrong is told with its entry's name."""

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import yaml

from integrations.runtime.errors import ConfigError
from sync.sla.desk_clocks.book import DeskRules
from sync.sla.desk_clocks.compiling import Compiler
from sync.sla.desk_clocks.editions import kept_entry, same_figures
from sync.sla.desk_clocks.entries import (
    Answers,
    Code,
    Complaints,
    DepartmentEntry,
    JurisdictionEntry,
    Marks,
    Reminders,
    RuleEntry,
    SeverityEntry,
)
from sync.sla.desk_clocks.places import unknown_holidays

SHIPPED = Path(__file__).parent / "shipped"
MOST_BYTES = 1_000_000
MOST_PROBLEMS = 10
# Sections that are a list: the type of an entry and what tells one entry from another.
LISTS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "severity": (SeverityEntry, ("edition",)),
    "departments": (DepartmentEntry, ("code", "edition")),
    "rules": (RuleEntry, ("id", "edition")),
}
# Sections of which a file may replace single values.
SINGLES: Mapping[str, Any] = {
    "marks": Marks,
    "complaints": Complaints,
    "answers": Answers,
    "reminders": Reminders,
}
JURISDICTIONS = "jurisdictions"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's is seven times as fast


@dataclass(slots=True)
class Entries:
    """What the files say, entry by entry; an entry read later replaces one of the same name."""

    singles: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {section: {} for section in SINGLES}
    )
    lists: dict[str, dict[Hashable, Any]] = field(
        default_factory=lambda: {section: {} for section in LISTS}
    )
    jurisdictions: dict[str, JurisdictionEntry] = field(default_factory=dict)


Kept = frozenset[tuple[str, str]]  # policy id and JSON record of editions that were followed


class RulesFile(NamedTuple):
    """A rules file as it was read; `where` names it in errors."""

    text: str
    where: str


SHIPPED_ONLY = RulesFile("{}", "the shipped rules")


def read_rules_file(path: Path | None) -> RulesFile:
    """Return a file's text; without a file only the shipped rules hold. Raises ConfigError."""
    return SHIPPED_ONLY if path is None else RulesFile(_text_of(path), str(path))


@lru_cache(maxsize=8)
def load_desk_rules(file: RulesFile = SHIPPED_ONLY, kept: Kept = frozenset()) -> DeskRules:
    """Return the shipped rules with a file's over them, and the kept editions as they were.

    Raises ConfigError that names the file and every entry that cannot be used.
    """
    text, where = file
    entries = Entries()
    for shipped in sorted(SHIPPED.glob("*.yaml")):
        _take(entries, shipped.read_text("utf-8"), shipped.name)
    known = dict(entries.jurisdictions)
    _take(entries, text, where)
    changed = _keep(entries, kept)
    compiler = Compiler(
        jurisdictions=entries.jurisdictions,
        singles={name: msgspec.convert(entries.singles[name], SINGLES[name]) for name in SINGLES},
        changed=changed,
        **{section: list(found.values()) for section, found in entries.lists.items()},
    )
    rules = compiler.run()
    added = {code: e for code, e in entries.jurisdictions.items() if known.get(code) is not e}
    if problems := [*compiler.problems, *unknown_holidays(added)]:
        raise _unusable(where, problems)
    return rules


def _keep(entries: Entries, kept: Kept) -> tuple[str, ...]:
    """Put kept editions in the place of what the file says; return those with other figures."""
    changed = []
    for policy_id, record in sorted(kept):
        found = kept_entry(json.loads(record))
        if found is None:
            continue
        section, entry = found
        key = tuple(getattr(entry, name) for name in LISTS[section][1])
        said = entries.lists[section].get(key)
        if said is None or not same_figures(said, entry):
            entries.lists[section][key] = entry
            changed.append(policy_id)
    return tuple(changed)


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _unusable(str(path), [f"it is larger than {MOST_BYTES} bytes"])
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(str(path), [_reason(error)]) from None


def _take(entries: Entries, text: str, where: str) -> None:
    """Add what a file says; raises ConfigError that names each entry that cannot be read."""
    try:
        file = yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe loaders
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unusable(where, [_reason(error)]) from None
    if not isinstance(file, dict):
        raise _unusable(where, ["it has no sections"])
    problems = [
        problem for section, said in file.items() for problem in _add(entries, section, said)
    ]
    if problems:
        raise _unusable(where, problems)


def _add(entries: Entries, section: object, said: Any) -> Iterator[str]:
    """Add one section; yield what is wrong with it."""
    if section in LISTS and isinstance(said, list):
        yield from _add_list(entries.lists[str(section)], str(section), said)
    elif section in SINGLES and isinstance(said, dict):
        yield from _add_singles(entries.singles[str(section)], str(section), said)
    elif section == JURISDICTIONS and isinstance(said, dict):
        yield from _add_jurisdictions(entries.jurisdictions, said)
    elif section in {*LISTS, *SINGLES, JURISDICTIONS}:
        kind = "a list" if section in LISTS else "names with values"
        yield f"section {section}: it must be {kind}"
    else:
        known = ", ".join(sorted({*LISTS, *SINGLES, JURISDICTIONS}))
        yield f"section {str(section)[:40]!r} is unknown; known are {known}"


def _add_list(known: dict[Hashable, Any], section: str, said: Sequence[Any]) -> Iterator[str]:
    kind, names = LISTS[section]
    seen = set()
    for number, raw in enumerate(said, start=1):
        name = _name(section, number, raw, names)
        try:
            entry = msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            yield f"{name}: {_plain(error)}"
            continue
        key = tuple(getattr(entry, one) for one in names)
        if key in seen:
            yield f"{name}: the same entry stands here twice; give one a higher edition"
        seen.add(key)
        known[key] = entry


def _add_singles(known: dict[str, Any], section: str, said: Mapping[Any, Any]) -> Iterator[str]:
    kind = SINGLES[section]
    for name, value in said.items():
        try:
            msgspec.convert({name: value}, kind)
        except msgspec.ValidationError as error:
            yield f"{section} {str(name)[:40]}: {_plain(error)}"
        else:
            known[name] = value


def _add_jurisdictions(
    known: dict[str, JurisdictionEntry], said: Mapping[Any, Any]
) -> Iterator[str]:
    for code, raw in said.items():
        if isinstance(code, bool):  # YAML reads NO, Norway's code, as a false
            yield f"jurisdictions {code}: write the code in quotes"
            continue
        try:
            known[msgspec.convert(code, Code)] = msgspec.convert(raw, JurisdictionEntry)
        except msgspec.ValidationError as error:
            yield f"jurisdictions {str(code)[:40]}: {_plain(error)}"


def _name(section: str, number: int, raw: Any, names: Sequence[str]) -> str:
    told = raw.get(names[0]) if isinstance(raw, dict) else None
    return f"{section} {str(told)[:80]}" if told is not None else f"{section}, entry {number}"


def _plain(error: msgspec.ValidationError) -> str:
    """Return what is wrong in words, the place in the entry without its dollar sign."""
    what, at, place = str(error).partition(" - at `$")
    return what + (f" (at {place.rstrip('`').lstrip('.')})" if at and place.strip("`") else "")


def _reason(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    if isinstance(error, OSError):
        return str(error.strerror)
    return "it is no UTF-8 text" if isinstance(error, UnicodeDecodeError) else "it is no YAML"


def _unusable(where: str, problems: Sequence[str]) -> ConfigError:
    shown = "; ".join(problems[:MOST_PROBLEMS])
    more = len(problems) - MOST_PROBLEMS
    return ConfigError(
        f"The rules of the desk's clocks in {where} cannot be used: {shown}"
        + (f"; and {more} more." if more > 0 else "."),
        hint="correct these entries; docs/desk_clocks.md shows every field with an example.",
    )
