"""How much a complaint asks of whoever works on it: simple, normal or complex.

What counts, and how much, stands in `taxonomy_data/complexity.toml`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from automations.triage.addresses import chain_of
from automations.triage.context import Context
from automations.triage.severity import worth
from automations.triage.taxonomy import COMPLEXITY, LIMITS, REASONS, departments_of

SIMPLE: Final = "simple"
NORMAL: Final = "normal"
COMPLEX: Final = "complex"
LINKED_CASE: Final = "linked_case"
_LEGAL_DEPARTMENT: Final = "LGL"
_CARE: Final = frozenset({"vulnerable_customer", "minor", "threat", "life_threat"})


class Complexity(NamedTuple):
    """A level and the points that made it."""

    level: str
    reasons: tuple[str, ...]


def judge_complexity(
    family: str | None,
    reason: str | None,
    *,
    secondary: Collection[str],
    facts: Collection[str],
    signals: Mapping[str, Sequence[str]],
    context: Context,
) -> Complexity:
    """Say how complex a complaint is; `facts` are those that count for severity."""
    points = [
        *_matter_points(family, reason, secondary, facts),
        *_figure_points(signals, context),
    ]
    return weighed(reason, points)


def weighed(reason: str | None, points: Iterable[str]) -> Complexity:
    """Return the level that the points make together."""
    found = tuple(dict.fromkeys(points))
    if sum(COMPLEXITY.points[name].points for name in found) >= COMPLEXITY.limits.complex_points:
        return Complexity(COMPLEX, found)
    is_simple = not found and reason is not None and REASONS[reason].simple
    return Complexity(SIMPLE if is_simple else NORMAL, found)


def _matter_points(
    family: str | None, reason: str | None, secondary: Collection[str], facts: Collection[str]
) -> Iterator[str]:
    departments = set(departments_of(family, reason)) if family else set()
    if secondary:
        yield "several_reasons"
        departments.update(
            each
            for code in secondary  # a family where no reason is known
            for each in departments_of(code[:1], code if code in REASONS else None)
        )
    if _LEGAL_DEPARTMENT in departments or family == "G" or "regulator_or_press" in facts:
        yield "legal"
    if len(departments) > 1:
        yield "cross_department"
    if _CARE.intersection(facts):
        yield "special_care"


def _figure_points(signals: Mapping[str, Sequence[str]], context: Context) -> Iterator[str]:
    limits = COMPLEXITY.limits
    usd = worth(signals)
    if usd >= LIMITS.large_amount_usd:
        yield "large_amount"
    elif usd >= limits.considerable_amount_usd:
        yield "considerable_amount"
    chains = {chain_of(address) for address in signals.get("address", ())}
    if len(chains) > 1 or len(signals.get("txid", ())) >= limits.several_transactions:
        yield "several_chains"
    if context.linked_reports > 1:
        yield LINKED_CASE
    if context.comments >= limits.long_history:
        yield "long_history"
