"""Editions of rules that clocks have followed: their figures never change afterwards.

Whoever wants other figures gives the rule a higher edition and a date. An edition whose figures
were changed, or that is gone from the file, goes on as it was when it was first followed.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from sync.sla.desk_clocks.entries import DepartmentEntry, RuleEntry, SeverityEntry

Entry = SeverityEntry | DepartmentEntry | RuleEntry
# Words about a rule, which may change; all else are its figures.
_WORDS = frozenset({"title", "source", "checked", "figure", "ask_legal", "name_en", "name_zh"})
_KINDS: Mapping[str, type[Entry]] = {
    "severity": SeverityEntry,
    "departments": DepartmentEntry,
    "rules": RuleEntry,
}


def record_of(section: str, entry: Entry) -> dict[str, Any]:
    """Return what is kept of an edition that a clock follows, as JSON allows."""
    return {"section": section, "entry": msgspec.to_builtins(entry)}


def kept_entry(record: Mapping[str, Any]) -> tuple[str, Entry] | None:
    """Return section and entry of a kept edition; None when this version cannot read it."""
    section = str(record.get("section"))
    try:
        return section, msgspec.convert(record.get("entry"), _KINDS[section])
    except (KeyError, msgspec.ValidationError):
        return None


def same_figures(one: Entry, other: Entry) -> bool:
    """Tell whether two entries differ in words at most."""
    return _figures(one) == _figures(other)


def _figures(entry: Entry) -> dict[str, Any]:
    return {k: v for k, v in msgspec.to_builtins(entry).items() if k not in _WORDS}
