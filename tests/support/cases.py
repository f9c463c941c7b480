"""Builders for tests of cases."""

from datetime import UTC, datetime

from automations.cases.mentions import Kind, Mention, Relation
from automations.cases.supernodes import Supernodes

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def victim_of(value: str, kind: Kind = Kind.ADDRESS) -> Mention:
    """Build what a victim names."""
    return Mention(Relation.VICTIM_OF, kind, value)


def controls(value: str, kind: Kind = Kind.ADDRESS) -> Mention:
    """Build what somebody names as an own possession."""
    return Mention(Relation.CONTROLS, kind, value)


def make_supernodes(most: int = 100, *, domain: tuple[str, ...] = ()) -> Supernodes:
    """Build a list with the same limit for everything."""
    limits = {relation: dict.fromkeys(Kind, most) for relation in Relation}
    return Supernodes(frozenset(domain), frozenset(), limits)
