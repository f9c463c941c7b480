"""Names the cause of every difference between our clocks of a ticket and Zendesk's."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import msgspec

from sync.sla.clocks import Clock
from sync.sla.metric_events import ReportedClock
from sync.sla.verdict.causes import Cause
from sync.sla.verdict.comparison import (
    CLOCK,
    NONE,
    ClockKey,
    Disagreement,
    DisagreementKey,
    compare,
)
from sync.sla.verdict.evidence import Evidence
from sync.sla.verdict.lenses import Lens, late_since, lenses
from sync.sla.verdict.promises import Sides, parted
from sync.sla.verdict.unseen import unseen_edit

Reason = tuple[Cause, str]
Habits = Counter[str]  # how often each lens explained something, by its name or its detail
HABIT = 5  # tickets


class View(NamedTuple):
    """A ticket seen through lenses: what differs, and to which clocks other things are promised."""

    evidence: Evidence
    sides: Sides
    left: set[DisagreementKey]
    unlike: Counter[ClockKey]

    @property
    def score(self) -> int:
        """How much the two sides differ."""
        return len(self.left) + self.unlike.total()


class Finding(msgspec.Struct, frozen=True):
    """A difference with its cause, and one sentence about it."""

    disagreement: Disagreement
    cause: Cause
    detail: str
    edit: Reason | None = None  # an edit that nobody saw, which would explain it, too

    def or_an_edit(self, habits: Habits) -> "Finding":
        """Prefer the edit to a choice that explains hardly any other ticket: a coincidence.

        An account that does not do as we chose does so on every ticket.
        """
        if self.edit is None or habits[self.detail] >= HABIT:
            return self
        return Finding(self.disagreement, *self.edit)


def find(
    evidence: Evidence, ours: Mapping[ClockKey, Clock], habits: Habits | None = None
) -> list[Finding]:
    """Return every difference of one ticket with its cause; `ours` are its clocks as they stand.

    `habits` are carried from one ticket of an account to the next.

    A ticket of which Zendesk tells nothing has no differences, unless it will tell soon.
    """
    if not evidence.events:
        return _not_told_yet(evidence, ours)
    theirs = evidence.zendesks()
    found = list(compare(ours.values(), theirs))
    if not found:
        return []
    return _explained(evidence, found, Sides(ours, theirs), Counter() if habits is None else habits)


def find_deleted(evidence_of_zendesk: Mapping[ClockKey, ReportedClock]) -> list[Finding]:
    """Return that only Zendesk still has clocks of a ticket that is deleted."""
    return [
        Finding(
            Disagreement(
                metric=metric, instance=instance, field=CLOCK, ours=NONE, zendesk=clock.state.value
            ),
            Cause.DELETED_TICKET,
            "the ticket is deleted: Zendesk keeps its events, we keep no clocks of it",
        )
        for (metric, instance), clock in sorted(evidence_of_zendesk.items())
    ]


def _not_told_yet(evidence: Evidence, ours: Mapping[ClockKey, Clock]) -> list[Finding]:
    if evidence.timeline.opening.at <= late_since(evidence):
        return []
    detail = "Zendesk has not written the events of this new ticket yet"
    found = compare(ours.values(), {})
    return [Finding(each, Cause.LATE_EVENT, detail) for each in found]


def _explained(
    evidence: Evidence, found: Sequence[Disagreement], sides: Sides, habits: Habits
) -> list[Finding]:
    """Look through one lens after the other; what is left may follow from an edit nobody saw.

    Lenses explain nothing of a clock to which the two sides still promise different things in the
    end: there it would be a coincidence.
    """
    reasons: dict[DisagreementKey, Reason] = {}
    view = View(evidence, sides, {each.key for each in found}, parted(sides))
    while view.left and (clearer := _clearest(view, habits)):
        lens, there = clearer
        habits[lens.name] += 1
        reasons |= dict.fromkeys(view.left - there.left, (lens.cause, lens.detail))
        view = there
    left = [each for each in found if each.key in view.left or each.clock in view.unlike]
    for each in left:
        reasons.pop(each.key, None)
    unseen = unseen_edit(view.evidence, view.sides, left) if left else {}
    chosen = [each for each in found if _is_a_choice(reasons.get(each.key))]
    sure = replace(evidence, doubts=evidence.doubts.of_edits())
    edits = unseen_edit(sure, sides, chosen) if chosen else {}
    return list(_findings(found, reasons | unseen, edits))


def _is_a_choice(reason: Reason | None) -> bool:
    return reason is not None and reason[0] is Cause.UNSETTLED_RULE


def _clearest(view: View, habits: Habits) -> tuple[Lens, View] | None:
    """Return the lens through which the two sides differ least, and what is seen through it.

    One that leaves nothing is taken at once: first those are tried that explained most other
    tickets, because accounts have habits.
    """
    best: tuple[Lens, View] | None = None
    least = view.score
    for lens in sorted(lenses(view.evidence), key=lambda lens: -habits[lens.name]):
        looked = lens.look(view.evidence)
        if looked is None:
            continue
        sides = Sides(looked.ours(), looked.zendesks())
        left = {each.key for each in compare(sides.ours.values(), sides.zendesks)}
        there = View(looked, sides, left, parted(sides))
        if there.score < least:
            best, least = (lens, there), there.score
        if least == 0:
            break
    return best


def _findings(
    found: Sequence[Disagreement],
    reasons: Mapping[DisagreementKey, Reason],
    edits: Mapping[DisagreementKey, Reason],
) -> Iterator[Finding]:
    nobody_knows = (Cause.UNEXPLAINED, "no known cause explains it")
    for each in found:
        yield Finding(each, *reasons.get(each.key, nobody_knows), edits.get(each.key))
