"""SLA policies: which one applies to a ticket at an update, and what it asks for."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from integrations.runtime.errors import BadRecord

TAGS_FIELD = "current_tags"
_CUSTOM_FIELD = re.compile(r"(?:custom_fields|ticket_fields)_(\d+)")
_FROM_THE_BEGINNING = float("-inf")


class Condition(msgspec.Struct, frozen=True):
    """One condition of a policy's filter."""

    field: str
    operator: str
    value: Any = None

    def holds(self, state: Mapping[str, Any]) -> bool:
        """Judge a ticket's state; an operator that nobody documents never holds."""
        operator = _OPERATORS.get(self.operator)
        if operator is None:
            return False
        if self.field == TAGS_FIELD:
            return operator(_words(state.get("tags")), _words(self.value))
        custom = _CUSTOM_FIELD.fullmatch(self.field)
        return operator(
            _values(state.get(custom[1] if custom else self.field)), _values(self.value)
        )


class Filter(msgspec.Struct, frozen=True):
    """All of `all` must hold, and one of `any` if there are any."""

    all: list[Condition] | None = None
    any: list[Condition] | None = None

    def matches(self, state: Mapping[str, Any]) -> bool:
        """Return whether a ticket in this state falls under the filter."""
        required, alternatives = self.all or (), self.any or ()
        if not all(condition.holds(state) for condition in required):
            return False
        return not alternatives or any(condition.holds(state) for condition in alternatives)


class PolicyMetric(msgspec.Struct, frozen=True):
    """One line of a policy: metric, priority and how long it may take."""

    metric: str
    priority: str | None = None
    target: int | None = None
    target_in_seconds: int | None = None
    business_hours: bool | None = None


class PolicyRecord(msgspec.Struct, frozen=True):
    """A policy as Zendesk sends it; group policies have text ids."""

    id: int | str
    title: str | None = None
    position: int | None = None
    filter: Filter | None = None
    policy_metrics: list[PolicyMetric] | None = None
    metric_settings: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How long a metric may take at one priority."""

    seconds: int
    business_hours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of a policy."""

    id: int | str
    title: str = ""
    position: int = 0
    active_from: int | None = None  # second since 1970; None: from the beginning
    filter: Filter = field(default_factory=Filter)
    targets: Mapping[tuple[str, str], Target] = field(default_factory=dict)  # (metric, priority)
    settings: Mapping[str, Any] = field(default_factory=dict)
    is_gone: bool = False  # from here on there is no such policy

    def target(self, metric: str, priority: str | None) -> Target | None:
        """Return the target of a metric, if there is one at this priority."""
        return self.targets.get((metric, priority)) if priority else None

    def flag(self, metric: str, name: str) -> bool:
        """Return whether the policy's optional rule for a metric is switched on."""
        flags = self.settings.get(metric)
        return isinstance(flags, Mapping) and flags.get(name) is True


class PolicyBook:
    """Policies in their order; knows which versions are in force at a moment."""

    def __init__(self, policies: Iterable[Policy] = ()) -> None:
        self._policies = sorted(policies, key=_since)
        since = (p.active_from for p in self._policies)
        self._changes = sorted({moment for moment in since if moment is not None})
        self._editions: dict[int, Sequence[Policy]] = {}

    def applied(self, state: Mapping[str, Any], at: int) -> Policy | None:
        """Return the first policy in order that matches a ticket in this state, if any."""
        return next((p for p in self._in_force(at) if p.filter.matches(state)), None)

    def _in_force(self, at: int) -> Sequence[Policy]:
        edition = bisect_right(self._changes, at)
        if edition not in self._editions:
            newest = {p.id: p for p in self._policies if _since(p) <= at}
            kept = (p for p in newest.values() if not p.is_gone)
            self._editions[edition] = sorted(kept, key=lambda p: p.position)
        return self._editions[edition]


def read_policy(
    record: Mapping[str, Any], *, active_from: int | None = None, target_unit: int = 60
) -> Policy:
    """Read a policy record of Zendesk; `target_unit` is what one of its plain `target` is worth.

    Raises BadRecord when the record has not the shape of a policy.
    """
    try:
        read = msgspec.convert(record, PolicyRecord, from_attributes=False)
    except msgspec.ValidationError as error:
        raise BadRecord(
            f"An SLA policy cannot be read: {error}.",
            hint="compare the policy with Zendesk's SLA policy format.",
        ) from None
    return Policy(
        id=read.id,
        title=read.title or "",
        position=read.position or 0,
        active_from=active_from,
        filter=read.filter or Filter(),
        targets=_targets(read.policy_metrics or (), target_unit),
        settings=read.metric_settings or {},
    )


def _targets(lines: Iterable[PolicyMetric], unit: int) -> dict[tuple[str, str], Target]:
    targets = {}
    for line in lines:
        seconds = line.target_in_seconds
        if seconds is None and line.target is not None:
            seconds = line.target * unit
        if seconds is not None and line.priority:
            hours = bool(line.business_hours)
            targets[line.metric, line.priority] = Target(seconds=seconds, business_hours=hours)
    return targets


def _since(policy: Policy) -> float:
    return _FROM_THE_BEGINNING if policy.active_from is None else policy.active_from


def _values(value: object) -> frozenset[str]:
    """Return a field's value as a set of texts; Zendesk sends ids as numbers or as text."""
    if isinstance(value, list | tuple):
        return frozenset(_text(item) for item in value)
    return frozenset({_text(value)})


def _words(value: object) -> frozenset[str]:
    """Return tags, which come as a list or as one text with spaces."""
    items = value if isinstance(value, list | tuple) else [value]
    return frozenset(word for item in items for word in _text(item).split())


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


_OPERATORS: Mapping[str, Callable[[frozenset[str], frozenset[str]], bool]] = {
    "is": lambda actual, wanted: actual == wanted,
    "is_not": lambda actual, wanted: actual != wanted,
    "includes": lambda actual, wanted: not actual.isdisjoint(wanted),
    "not_includes": lambda actual, wanted: actual.isdisjoint(wanted),
}
