"""The complaint families and reasons that the desk works with, and how to look them up.

They are data: `taxonomy_data/` has a file for each family, one for the facts that reasons ask for,
one for what raises severity, and one for the editions with what changed.
"""

from typing import Final

from automations.triage.taxonomy_file import (
    ComplexityRules,
    Family,
    Limits,
    Raise,
    Reason,
    read_taxonomy,
)

_TAXONOMY: Final = read_taxonomy()
TAXONOMY_VERSION: Final = _TAXONOMY.editions[-1].number
SAFETY_FAMILIES: Final = frozenset("ABC")  # missing one of these costs people money
FAMILIES: Final[dict[str, Family]] = _TAXONOMY.families
REASONS: Final[dict[str, Reason]] = _TAXONOMY.reasons
FACTS: Final = _TAXONOMY.facts
RAISES: Final[dict[str, Raise]] = _TAXONOMY.raises
LIMITS: Final[Limits] = _TAXONOMY.limits
COMPLEXITY: Final[ComplexityRules] = _TAXONOMY.complexity


def current_code(code: str) -> str | None:
    """Return the present code for one of any edition; None for what no edition knew."""
    return _TAXONOMY.current_code(code)


def base_severity(family: str, reason: str | None) -> str:
    """Return the severity that the reason, or else the family, starts with."""
    return REASONS[reason].severity if reason else FAMILIES[family].severity


def owner_of(family: str, reason: str | None) -> str:
    """Return the department code that owns the complaint."""
    return REASONS[reason].owner if reason else FAMILIES[family].owner


def departments_of(family: str, reason: str | None) -> tuple[str, ...]:
    """Return the codes of the departments concerned, the owner first."""
    also = REASONS[reason].also if reason else ()
    return (owner_of(family, reason), *also)


def is_by_nature_a_complaint(family: str, reason: str | None) -> bool | None:
    """Tell whether such a matter is a complaint to a regulator; None: that depends on the words."""
    own = REASONS[reason].complaint if reason else None
    return FAMILIES[family].complaint if own is None else own
