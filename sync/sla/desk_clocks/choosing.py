"""Which regulatory rules a ticket falls under, by its marks."""

from collections.abc import Sequence

from sync.sla.desk_clocks.book import Editions, Place, Rule
from sync.sla.desk_clocks.entries import RuleEntry
from sync.sla.marks import TicketMarks

MOST_KEPT = 5_000  # products and channels are other people's words: not all are kept


class Chooser:
    """Finds the rules for marks; equal marks are looked up once."""

    def __init__(self, rules: Sequence[Editions[Rule]]) -> None:
        self._rules = rules
        self._kept: dict[tuple[object, ...], tuple[Editions[Rule], ...]] = {}

    def rules_for(self, marks: TicketMarks, place: Place | None, received: int) -> list[Rule]:
        """Return the editions in force at receipt of all rules that such a ticket falls under."""
        key = (marks.is_complaint, place and place.code, marks.product, marks.reason, marks.channel)
        lines = self._kept.get(key)
        if lines is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            lines = self._kept[key] = tuple(
                line
                for line in self._rules
                if any(applies(rule.entry, marks, place) for rule in line.all)
            )
        found = [line.at(received) for line in lines]
        return [rule for rule in found if rule.entry.enabled and applies(rule.entry, marks, place)]


def applies(entry: RuleEntry, marks: TicketMarks, place: Place | None) -> bool:
    """Tell whether a rule is for a ticket with these marks; what nobody said fits no list."""
    if entry.complaint and not marks.is_complaint:
        return False
    if entry.jurisdictions and (place is None or place.belongs_to.isdisjoint(entry.jurisdictions)):
        return False
    return (
        (not entry.products or marks.product in entry.products)
        and marks.product not in entry.except_products
        and (not entry.reasons or marks.reason in entry.reasons)
        and (not entry.channels or marks.channel in entry.channels)
    )
