"""All that the desk's clocks need to know besides a ticket: rules, marks, hours and people."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from sync.sla.desk_clocks.book import DeskRules
from sync.sla.desk_clocks.choosing import Chooser
from sync.sla.desk_clocks.deadlines import Deadlines
from sync.sla.marks import MarkReader
from sync.sla.schedules import WorkingTime

# From the name of business hours and a second to the hours in force then; None: nobody knows them.
Hours = Callable[[str, int], WorkingTime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The rules in the account that they are applied in."""

    rules: DeskRules
    reader: MarkReader
    chooser: Chooser
    deadlines: Deadlines
    hours: Hours
    members: Mapping[str, Collection[int]]  # user ids by department code
    noted: frozenset[str] = frozenset()  # editions that clocks have followed before


def make_desk(
    rules: DeskRules,
    *,
    field_ids: Mapping[str, Iterable[int]] | None = None,
    hours: Hours = lambda _name, _at: None,
    members: Mapping[str, Collection[int]] | None = None,
    noted: frozenset[str] = frozenset(),
) -> Desk:
    """Return the desk of an account; `field_ids` are its ticket fields by title."""
    codes = {name: place.code for name, place in rules.places.items()}
    return Desk(
        rules=rules,
        reader=MarkReader(
            rules.marks, rules.complaints, rules.answers, field_ids or {}, jurisdictions=codes
        ),
        chooser=Chooser(rules.rules),
        deadlines=Deadlines(),
        hours=hours,
        members=members or {},
        noted=noted,
    )
