"""What clocks are computed with, as digests: what of it changed, and which tickets that reaches."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sync.sla.desk_clocks.desk import Desk
from sync.sla.rulebook import Basis, Rule, Rulebook, digest
from sync.sla.timeline import Role

ENGINE = "1"  # another one when the engine computes otherwise than before
_STAFF = "staff:"


class Reach(NamedTuple):
    """Whose clocks are no longer right because rules changed."""

    everything: bool
    updated_since: int | None  # tickets that were updated since this second; None: no matter
    people: frozenset[int]  # tickets that these people have to do with


NOTHING = Reach(everything=False, updated_since=None, people=frozenset())


def basis_of(book: Rulebook, desk: Desk, staff: Mapping[int, Role]) -> Basis:
    """Return all that clocks are computed with besides the tickets."""
    rules, members = desk.rules, {code: sorted(ids) for code, ids in desk.members.items()}
    own = (rules.records, rules.marks, rules.complaints, rules.answers)
    return {
        **book.basis,
        **{f"{_STAFF}{user_id}": Rule(None, role.value) for user_id, role in staff.items()},
        "choices": Rule(None, digest(book.choices)),
        "desk": Rule(None, digest([*own, desk.reader.fields, members])),
        "engine": Rule(None, ENGINE),
    }


def reach_of(old: Basis, new: Basis) -> Reach:
    """Return which clocks are no longer right.

    A policy or schedule reaches a ticket only with an update, so one that holds from an instant on
    concerns the tickets that were updated since. A role counts for all that somebody ever did.
    """
    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if not changed:
        return NOTHING
    people = frozenset(int(name.removeprefix(_STAFF)) for name in changed if _is_staff(name))
    moments = [
        rule.active_from
        for name in changed
        if not _is_staff(name)
        for rule in (old.get(name), new.get(name))
        if rule is not None
    ]
    everything = not old or None in moments
    since = None if everything else min(_known(moments), default=None)
    return Reach(everything=everything, updated_since=since, people=people)


def _is_staff(name: str) -> bool:
    return name.startswith(_STAFF)


def _known(moments: Iterable[int | None]) -> Iterable[int]:
    return [moment for moment in moments if moment is not None]
