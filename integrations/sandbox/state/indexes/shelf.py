"""The tickets of an account by number, and the orders in which lists and exports read them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from datetime import datetime

from integrations.runtime.clock import parse_instant
from integrations.sandbox.state.activities import agents_of
from integrations.sandbox.state.indexes.orders import Key, Listing, Order
from integrations.sandbox.state.indexes.ticket_index import (
    TicketIndex,
    comment_values,
    record_values,
)
from integrations.sandbox.state.indexes.words import WordIndex, distinct_words
from integrations.sandbox.state.refusals import not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.ticket_case import TicketCase


class TicketShelf(MutableMapping[int, TicketCase]):
    """Every ticket, those in the bin too; `refile` keeps the orders right after a change."""

    def __init__(self) -> None:
        self._cases: dict[int, TicketCase] = {}
        self._living: list[int] = []
        self._listed: list[int] = []  # the living but those in the archive
        self._archived: set[int] = set()
        self._bin = Order()  # by the time of deletion
        self._metrics: dict[int, int] = {}
        self._by_update, self._newest_first = Order(), Order()  # of listed tickets
        self.by_change = Order()  # by the second that exports compare
        # what nobody asks for costs nothing: these catch up when they are read
        self.by_field = TicketIndex(self._cases, record_values)
        self.by_comment = TicketIndex(self._cases, comment_values)
        self.by_agent = TicketIndex(self._cases, lambda case, _: case.derive(agents_of))
        self.words = WordIndex(self._texts, self._known_words)

    def __getitem__(self, number: int) -> TicketCase:
        return self._cases[number]

    def __setitem__(self, number: int, case: TicketCase) -> None:
        self._cases[number] = case
        self._metrics[case.metric_id] = number
        self.refile(case)

    def __delitem__(self, number: int) -> None:
        del self._metrics[self._cases.pop(number).metric_id]
        self._note(number)
        self._bin.drop(number)
        self._leave_lists(number)
        self._archived.discard(number)
        self.by_change.drop(number)

    def __iter__(self) -> Iterator[int]:
        return iter(self._cases)

    def __len__(self) -> int:
        return len(self._cases)

    def __contains__(self, number: object) -> bool:
        return number in self._cases

    def living_one(self, number: int) -> TicketCase:
        """Return a ticket that is not in the bin."""
        case = self._cases.get(number)
        if case is None or case.is_deleted:
            raise not_found()
        return case

    @property
    def living(self) -> Sequence[TicketCase]:
        """The tickets that are not in the bin, by number."""
        return Listing(self._living, self._cases.__getitem__)

    @property
    def deleted(self) -> list[TicketCase]:
        """The tickets in the bin, by number."""
        return [self._cases[number] for number in sorted(number for _, number in self._bin.keys)]

    def deleted_until(self, second: int) -> list[TicketCase]:
        """Return the tickets in the bin that were there at some time, the oldest first."""
        until = bisect_left(self._bin.keys, (second + 1, 0))
        return [self._cases[number] for _, number in self._bin.keys[:until]]

    def archive(self, before: datetime) -> None:
        """Take closed tickets that were updated before an instant out of the lists."""
        until = bisect_left(self._by_update.keys, (int(before.timestamp()), 0))
        old = (number for _, number in self._by_update.keys[:until])
        numbers = {one for one in old if self._cases[one].record["status"] == "closed"}
        if numbers:
            self._archived |= numbers
            self._listed = [one for one in self._listed if one not in numbers]
            self._by_update.drop_all(numbers)
            self._newest_first.drop_all(numbers)

    def is_archived(self, number: int) -> bool:
        """Return whether lists leave this ticket out."""
        return number in self._archived

    def records(self, order: str) -> Sequence[Record]:
        """Return the records of the listed tickets, sorted by number or by update time."""
        if order.endswith("nice_id"):
            numbers = self._listed if order == "nice_id" else self._listed[::-1]
            return Listing(numbers, lambda number: self._cases[number].record)
        kept = {"updated_at,id": self._by_update, "-updated_at,id": self._newest_first}[order]
        return Listing(kept.keys, lambda key: self._cases[key[1]].record)

    def tag_counts(self) -> dict[str, int]:
        """Return how many living tickets bear each tag."""
        tagged = self.by_field.by_value("tags")
        return {tag: len(numbers) for tag, numbers in tagged.items() if tag is not None}

    def with_metric(self, metric_id: int) -> int | None:
        """Return the number of the ticket whose metrics have this id."""
        return self._metrics.get(metric_id)

    def refile(self, case: TicketCase) -> None:
        """Put a ticket where it belongs after a change."""
        number = case.id
        self._note(number)
        self.by_change.move(number, case.generated)
        if case.is_scrubbed:
            self._bin.drop(number)
            return
        if case.is_deleted:
            self._bin.move(number, _second(case))
            self._leave_lists(number)
            self._archived.discard(number)
            return
        self._bin.drop(number)
        _join(self._living, number)
        if number in self._archived:
            return
        _join(self._listed, number)
        updated = _second(case)
        self._by_update.move(number, updated)
        self._newest_first.move(number, -updated)

    def fill(self, cases: Iterable[TicketCase]) -> None:
        """Take many new tickets at once, none of them in the bin, by rising number."""
        updates: list[Key] = []
        changes: list[Key] = []
        for case in cases:
            number = case.id
            self._cases[number] = case
            self._metrics[case.metric_id] = number
            self._note(number)
            self._living.append(number)
            self._listed.append(number)
            updates.append((_second(case), number))
            changes.append((case.generated, number))
        self._by_update.fill(updates)
        self._newest_first.fill((-second, number) for second, number in updates)
        self.by_change.fill(changes)

    def _note(self, number: int) -> None:
        for index in (self.by_field, self.by_comment, self.by_agent, self.words):
            index.note(number)

    def _texts(self, number: int) -> list[str] | None:
        case = self._cases.get(number)
        return None if case is None or case.is_deleted else case.texts()

    def _known_words(self, number: int) -> Iterable[str] | None:
        case = self._cases.get(number)
        if case is None or case.is_deleted or case.kept is not None:
            return None
        return case.derive(_words)

    def _leave_lists(self, number: int) -> None:
        _leave(self._living, number)
        _leave(self._listed, number)
        self._by_update.drop(number)
        self._newest_first.drop(number)


def _join(numbers: list[int], number: int) -> None:
    place = bisect_left(numbers, number)
    if numbers[place : place + 1] != [number]:
        numbers.insert(place, number)


def _leave(numbers: list[int], number: int) -> None:
    place = bisect_left(numbers, number)
    if numbers[place : place + 1] == [number]:
        del numbers[place]


def _words(case: TicketCase) -> set[str]:
    return distinct_words(case.texts())


def _second(case: TicketCase) -> int:
    return int(parse_instant(case.record["updated_at"]).timestamp())
