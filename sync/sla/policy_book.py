"""The policies of an account in their order: which one applies to a ticket at an update."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.conditions import Condition, Values, seen_in
from sync.sla.policies import NO_POLICY, Policy, combined

NEVER = float("inf")
_MOST_VERDICTS = 50_000  # kept of one edition; tickets of an account are alike


class PolicyBook:
    """Policies and their versions; knows which are in force at a moment."""

    def __init__(
        self, policies: Iterable[Policy] = (), *, choices: Choices = DEFAULT_CHOICES
    ) -> None:
        self._policies = sorted(policies, key=_since)
        self._empty_fits = choices.empty_filter_fits
        moments = (p.active_from for p in self._policies)
        # When other policies come into force.
        self.changes = sorted({moment for moment in moments if moment is not None})
        self._editions: dict[int, _Edition] = {}
        conditions = [each for p in self._policies for each in p.filter.conditions]
        self.fields = frozenset(each.field for each in conditions if not each.doubt)

    @property
    def ids(self) -> list[str]:
        """The policies there are or were, as text."""
        return sorted({str(policy.id) for policy in self._policies})

    def applied(self, state: Mapping[str, Any], at: int) -> Policy:
        """Return the first policy in order that fits a ticket in this state, or NO_POLICY.

        Where nobody can tell, it is what all policies that may apply have in common.
        """
        number = bisect_right(self.changes, at)
        edition = self._editions.get(number)
        if edition is None:
            edition = self._editions[number] = _Edition(self._in_force(at), self._empty_fits)
        return edition.applied(state)

    def alone(self, policy_id: str) -> "PolicyBook":
        """Return a book with the versions of one policy; its id may be given as text."""
        own = (policy for policy in self._policies if str(policy.id) == policy_id)
        return PolicyBook(own, choices=Choices(empty_filter_fits=self._empty_fits))

    def _in_force(self, at: int) -> Sequence[Policy]:
        newest = {p if p.id is None else p.id: p for p in self._policies if _since(p) <= at}
        kept = (p for p in newest.values() if not p.is_gone)
        return sorted(kept, key=lambda p: p.position)


class _Edition:
    """The policies in force at one time; remembers what it said of tickets that look the same."""

    def __init__(self, policies: Sequence[Policy], empty_fits: bool) -> None:  # noqa: FBT001
        self._policies = policies
        self._empty_fits = empty_fits
        sure = [each for p in policies for each in p.filter.conditions if not each.doubt]
        self._views = [
            (name, _wanted([each for each in sure if each.field == name]))
            for name in sorted({each.field for each in sure})
        ]
        self._said: dict[tuple[Values, ...], Policy] = {}

    def applied(self, state: Mapping[str, Any]) -> Policy:
        """Return the policy for a ticket in this state."""
        view = tuple([_view(name, wanted, state.get(name)) for name, wanted in self._views])
        said = self._said.get(view)
        if said is None:
            if len(self._said) >= _MOST_VERDICTS:
                self._said.clear()
            seen = {name: part for (name, _), part in zip(self._views, view, strict=True)}
            said = self._said[view] = self._first_fitting(seen)
        return said

    def _first_fitting(self, seen: Mapping[str, Values]) -> Policy:
        possible: list[Policy] = []
        for policy in self._policies:
            verdict = policy.filter.verdict(seen) if policy.filter.conditions else self._empty_fits
            if verdict is not False:
                possible.append(policy)
            if verdict is True:
                break
        else:
            possible.append(NO_POLICY)
        if len(possible) == 1:
            return possible[0]
        doubtful = possible[0]
        named = "a policy without an id" if doubtful.id is None else f"policy {doubtful.id}"
        return combined(possible, f"{named} may apply, nobody can tell: {doubtful.filter.doubt}")


def _wanted(conditions: Sequence[Condition]) -> Values | None:
    """Return the values of a field that make a difference; None: every one does."""
    if any(each.looks_at_all for each in conditions):
        return None
    return frozenset[str]().union(*(each.wanted for each in conditions))


def _view(name: str, wanted: Values | None, value: object) -> Values:
    seen = seen_in(name, value)
    return seen if wanted is None else seen & wanted


def _since(policy: Policy) -> float:
    return -NEVER if policy.active_from is None else policy.active_from
