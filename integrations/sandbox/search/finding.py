"""Finds the records that a query asks for, in the order in which it asks for them."""

from collections.abc import Callable, Iterable
from typing import Any

from integrations.sandbox.search.language import Query, Term
from integrations.sandbox.search.matching import Kind, Match, Scope
from integrations.sandbox.search.people import GROUPS, ORGANIZATIONS, USERS
from integrations.sandbox.search.tickets import TICKETS
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.fields import PRIORITIES, STATUSES, TYPES

KINDS = (TICKETS, USERS, ORGANIZATIONS, GROUPS)
SCALES = {"priority": PRIORITIES, "status": STATUSES, "type": TYPES}
ORDERS = {
    "created": "created_at",
    "created_at": "created_at",
    "updated": "updated_at",
    "updated_at": "updated_at",
    "commented": "updated_at",
    "priority": "priority",
    "status": "status",
    "ticket_type": "type",
}

Found = tuple[str, Record]  # the kind and the record


def search(scope: Scope, query: Query) -> list[Found]:
    """Return every record that a query asks for."""
    kinds = [kind for kind in KINDS if not query.types or kind.name in query.types]
    terms = [_understood(scope, kinds, term) for term in query.terms]
    return [(kind.name, record) for kind in kinds for record in _of_kind(scope, kind, terms)]


def ordered(found: list[Found], order_by: str, direction: str) -> list[Found]:
    """Return what was found in this order; without one, what changed last comes first."""
    field = ORDERS.get(order_by, "updated_at")
    scale = SCALES.get(field, ())
    is_ascending = direction == "asc"

    def place(one: Found) -> Any:
        value = one[1].get(field)
        return (scale.index(value) if value in scale else -1) if scale else value or ""

    by_id = sorted(found, key=lambda one: one[1]["id"])
    return sorted(by_id, key=place, reverse=not is_ascending)


def newest_first(found: Iterable[Found]) -> list[Found]:
    """Return what was found as exports have it: the newest first, then by id."""
    by_id = sorted(found, key=lambda one: int(one[1]["id"]))
    return sorted(by_id, key=lambda one: str(one[1]["created_at"]), reverse=True)


def _understood(scope: Scope, kinds: list[Kind], term: Term) -> Term:
    if not term.key or any(kind.keyword(scope.account, term.key) for kind in kinds):
        return term
    return term.as_text()


def _of_kind(scope: Scope, kind: Kind, terms: list[Term]) -> list[Record]:
    wanted: dict[tuple[str, int], list[Match]] = {}
    unwanted: list[Match] = []
    for number, term in enumerate(terms):
        keyword = kind.keyword(scope.account, term.key) if term.key else kind.text
        if keyword is None:
            if term.is_negated:
                continue  # what has no such property cannot have the wrong one
            return []
        match = keyword(scope, term)
        if term.is_negated:
            unwanted.append(match)
        else:
            wanted.setdefault(_alternatives(number, term), []).append(match)
    return _left(scope, kind, list(wanted.values()), unwanted)


def _alternatives(number: int, term: Term) -> tuple[str, int]:
    """Return what stands for a group of terms of which one is enough: values of one keyword."""
    return (term.key, 0) if term.key and term.operator == ":" else (term.key, number + 1)


def _left(
    scope: Scope, kind: Kind, wanted: list[list[Match]], unwanted: list[Match]
) -> list[Record]:
    ids: set[int] | None = None
    tests: list[Callable[[Record], bool]] = []
    for matches in wanted:
        if all(isinstance(match, set) for match in matches):
            union = set[int]().union(*(match for match in matches if isinstance(match, set)))
            ids = union if ids is None else ids & union
        else:
            tests.append(_any_of(matches))
    tests += map(_none_of, unwanted)
    records = (
        kind.record(scope.account, one)
        for one in (kind.ids(scope.account) if ids is None else sorted(ids))
    )
    return [record for record in records if all(test(record) for test in tests)]


def _any_of(matches: list[Match]) -> Callable[[Record], bool]:
    return lambda record: any(
        record["id"] in match if isinstance(match, set) else match(record) for match in matches
    )


def _none_of(match: Match) -> Callable[[Record], bool]:
    fits = _any_of([match])
    return lambda record: not fits(record)
