"""How bad a complaint is: the reason's base severity, raised by facts, never lowered.

Which fact raises which family or reason, and by how much, stands in `taxonomy_data/severity.toml`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from automations.triage.amounts import Amount, find_amounts
from automations.triage.context import Context
from automations.triage.event_times import is_fresh
from automations.triage.severity_facts import find_facts
from automations.triage.taxonomy import LIMITS, RAISES, base_severity
from automations.triage.taxonomy_file import EVERYTHING, SEVERITIES, UNKNOWN_FAMILY

ABSTAINED_SEVERITY: Final = "S3"
LINKED_REPORTS: Final = "linked_reports"
_FRESH: Final = timedelta(hours=LIMITS.fresh_hours)
_KEYS: Final = frozenset({"seed_phrase", "private_key", "possible_private_key", "keystore"})
_SAFETY_OF_FUNDS: Final = frozenset(RAISES["large_amount"].one_level)

Raised = tuple[str, str]  # a fact of severity.toml, and the words or figure that state it


class Severity(NamedTuple):
    """A level, and every fact that raised it."""

    level: str
    reasons: tuple[Raised, ...]


def judge_severity(
    family: str | None,
    reason: str | None,
    folded: str,
    *,
    signals: Mapping[str, Sequence[str]],
    secrets: Iterable[str],
    context: Context,
) -> Severity:
    """Return S1 to S4 with what raised it; `family` None: nobody knows what it is."""
    facts = find_facts(folded)
    if family is not None:
        words = is_fresh(folded, context, within=_FRESH) if family in "AB" else None
        if words is not None:
            facts["fresh_event"] = words
        largest = largest_amount(signals) if family in _SAFETY_OF_FUNDS else None
        if largest is not None and largest.usd >= LIMITS.large_amount_usd:
            facts["large_amount"] = largest.text
    leaked = sorted(_KEYS.intersection(secrets))
    if leaked:
        facts["keys_leaked"] = ", ".join(leaked)
    if context.linked_reports >= LIMITS.linked_reports:
        facts[LINKED_REPORTS] = str(context.linked_reports)
    return raised(family, reason, tuple(facts.items()))


def raised(family: str | None, reason: str | None, facts: Iterable[Raised]) -> Severity:
    """Return the base severity, raised by the facts that count for this family or reason.

    Facts worth one level do not add up: two of them still raise by one.
    """
    base = ABSTAINED_SEVERITY if family is None else base_severity(family, reason)
    codes = {EVERYTHING, family or UNKNOWN_FAMILY, reason}
    level = start = SEVERITIES.index(base)
    counted = []
    for fact, words in sorted(facts):
        rule = RAISES[fact]
        reached = level
        if codes.intersection(rule.to_s1):
            reached = 0
        elif codes.intersection(rule.to_s2):
            reached = min(level, 1)
        elif not codes.intersection(rule.one_level):
            continue
        if codes.intersection(rule.one_level):
            reached = min(reached, max(0, start - 1))
        counted.append((fact, words))
        level = min(level, reached)
    return Severity(SEVERITIES[level], tuple(counted))


def with_linked_reports(
    family: str | None, reason: str | None, facts: Iterable[Raised], reports: int
) -> Severity:
    """Return the severity as it is when so many customers report the same."""
    kept = [fact for fact in facts if fact[0] != LINKED_REPORTS]
    if reports >= LIMITS.linked_reports:
        kept.append((LINKED_REPORTS, str(reports)))
    return raised(family, reason, kept)


def largest_amount(signals: Mapping[str, Sequence[str]]) -> Amount | None:
    """Return the amount worth most among the signals, by reference prices."""
    named = signals.get("amount", ())
    if not named:
        return None
    return max(find_amounts("\n".join(named)), key=lambda one: one.usd, default=None)


def worth(signals: Mapping[str, Sequence[str]]) -> Decimal:
    """Return what the largest amount is worth in dollars, zero without one."""
    largest = largest_amount(signals)
    return Decimal(0) if largest is None else largest.usd
