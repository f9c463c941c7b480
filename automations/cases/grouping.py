"""Puts tickets together that name the same: union-find, one look at each mention; pure.

A case goes by its lowest ticket. That is the same in whatever order tickets arrive, and whether one
ticket at a time is added or all are grouped anew.
"""

from collections.abc import Hashable, Iterable


class Groups:
    """Tickets in groups; each group goes by its lowest ticket."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}
        self._first: dict[Hashable, int] = {}

    def add(self, ticket: int, named: Hashable) -> None:
        """Note that a ticket names something; all that name it are one group from then on."""
        first = self._first.setdefault(named, ticket)
        if first != ticket:
            self.join(first, ticket)
        elif ticket not in self._parents:
            self._parents[ticket] = ticket

    def join(self, one: int, other: int) -> None:
        """Make the groups of two tickets one."""
        one, other = self.lowest(one), self.lowest(other)
        if one < other:
            self._parents[other] = one
        else:
            self._parents[one] = other

    def lowest(self, ticket: int) -> int:
        """Return the lowest ticket of a ticket's group; the ticket itself while it is alone."""
        parents = self._parents
        parent = parents.setdefault(ticket, ticket)
        while parent != ticket:
            above = parents[parent]
            parents[ticket] = above  # halves the way for whoever asks next
            ticket, parent = above, parents[above]
        return ticket

    def members(self) -> dict[int, list[int]]:
        """Return the groups of two and more by their lowest ticket; tickets in order."""
        found: dict[int, list[int]] = {}
        for ticket in sorted(self._parents):
            found.setdefault(self.lowest(ticket), []).append(ticket)
        return {lowest: tickets for lowest, tickets in found.items() if len(tickets) > 1}


def grouped(mentions: Iterable[tuple[int, Hashable]]) -> dict[int, list[int]]:
    """Return the groups that (ticket, what it names) make, by their lowest ticket."""
    groups = Groups()
    for ticket, named in mentions:
        groups.add(ticket, named)
    return groups.members()
