"""What clocks are computed with, as digests: what of it changed, and which tickets that reaches."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sync.sla.desk_clocks.desk import Desk
from sync.sla.rulebook import Basis, Rule, Rulebook, digest
from sync.sla.timeline import Role

ENGINE = "1"  # another one when the engine computes otherwise than before
_PERSON = "person:"  # followed by the user's number and what is known of the user


class Reach(NamedTuple):
    """Whose clocks are no longer right because rules changed."""

    everything: bool
    updated_since: int | None  # tickets that were updated since this second; None: no matter
    people: frozenset[int]  # tickets that these people have to do with


NOTHING = Reach(everything=False, updated_since=None, people=frozenset())


def basis_of(book: Rulebook, desk: Desk, staff: Mapping[int, Role]) -> Basis:
    """Return all that clocks are computed with besides the tickets."""
    rules = desk.rules
    own = (rules.records, rules.marks, rules.complaints, rules.answers, desk.reader.fields)
    roles = {f"{_PERSON}{each}:role": Rule(None, role.value) for each, role in staff.items()}
    members = {
        f"{_PERSON}{each}:{code}": Rule(None, "member")
        for code, ids in desk.members.items()
        for each in ids
    }
    return {
        **book.basis,
        **roles,
        **members,
        "choices": Rule(None, digest(book.choices)),
        "desk": Rule(None, digest(own)),
        "engine": Rule(None, ENGINE),
    }


def reach_of(old: Basis, new: Basis) -> Reach:
    """Return which clocks are no longer right.

    A policy or schedule reaches a ticket only with an update, so one that holds from an instant on
    concerns the tickets that were updated since. What is known of a person counts for all that
    person ever did.
    """
    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if not changed:
        return NOTHING
    people = frozenset(int(name.split(":")[1]) for name in changed if _is_person(name))
    moments = [
        rule.active_from
        for name in changed
        if not _is_person(name)
        for rule in (old.get(name), new.get(name))
        if rule is not None
    ]
    everything = not old or None in moments
    since = None if everything else min(_known(moments), default=None)
    return Reach(everything=everything, updated_since=since, people=people)


def _is_person(name: str) -> bool:
    return name.startswith(_PERSON)


def _known(moments: Iterable[int | None]) -> Iterable[int]:
    return [moment for moment in moments if moment is not None]
