"""The old periods of an account: copies of one mould, whose tickets' pasts are made when asked."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from integrations.sandbox.history.pattern import Pattern
from integrations.sandbox.history.shift import FIRST_RECORD, FIRST_TICKET, Shift
from integrations.sandbox.state.account import STORES, STREAMS, Account
from integrations.sandbox.state.indexes.streams import Entry, Stream, first_behind
from integrations.sandbox.state.ticketing.ticket_case import TicketCase, TicketPast

T = TypeVar("T")
MOST_REMEMBERED = 500
OWN = ("record", "kept", "archive")  # fields of a case that stamping sets itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Mould:
    """A period that was played once, in an account of its own, with numbers nothing else has."""

    account: Account
    start: datetime
    tickets: int  # numbers given, deleted tickets among them
    records: int  # how far apart two copies' record ids lie
    customers: int


class Archive:
    """The stamped periods, oldest first."""

    def __init__(self, mould: Mould, shifts: Sequence[Shift]) -> None:
        self._mould = mould
        self._shifts = shifts
        self._recent: OrderedDict[int, TicketPast] = OrderedDict()
        self._changed: dict[int, TicketPast] = {}
        self._derived: dict[tuple[int, Callable[..., Any]], Any] = {}

    def past(self, number: int) -> TicketPast:
        """Return the past of a ticket; what is changed in it stays changed."""
        past = self._remembered(number)
        if past is None:
            past = self._recent[number] = self._make(number)
            if len(self._recent) > MOST_REMEMBERED:
                self._let_go()
        return past

    def glimpse(self, number: int, part: str, position: int | None = None) -> Any:
        """Return a part of a past, or one item of it, only to be read."""
        past = self._remembered(number)
        if past is not None:
            found = getattr(past, part)
            return found if position is None else found[position]
        case, shift = self._original(number)
        return shift.of(case.glimpse(part, position))

    def derive(self, case: TicketCase, make: Callable[[TicketCase], T]) -> T:
        """Return what `make` finds in a ticket: once in the mould, moved for each copy."""
        if self._remembered(case.id) is not None:
            return make(case)
        original, shift = self._original(case.id)
        key = (original.id, make)
        if key not in self._derived:
            self._derived[key] = make(original)
        derived: T = shift.of(self._derived[key])
        return derived

    def _remembered(self, number: int) -> TicketPast | None:
        return self._changed.get(number) or self._recent.get(number)

    def _let_go(self) -> None:
        """Forget the past that was asked for longest ago, unless somebody changed it."""
        number, past = self._recent.popitem(last=False)
        if past != self._make(number):
            self._changed[number] = past

    def _make(self, number: int) -> TicketPast:
        case, shift = self._original(number)
        made: TicketPast = shift.of(case.past)
        return made

    def _original(self, number: int) -> tuple[TicketCase, Shift]:
        period, index = divmod(number - self._shifts[0].place.ticket, self._mould.tickets)
        return self._mould.account.tickets[FIRST_TICKET + index], self._shifts[period]


class StampedEntries:
    """One stream of the mould, moved to a period on the way."""

    def __init__(self, entries: list[Entry], shift: Shift) -> None:
        self._entries = entries
        self._shift = shift

    def __len__(self) -> int:
        return len(self._entries)

    def after(self, place: tuple[float, int]) -> Iterator[Entry]:
        """Yield the entries behind a second and an id."""
        shift, entries = self._shift, self._entries
        there = (place[0] - shift.seconds, place[1] - shift.place.record + FIRST_RECORD)
        for index in range(first_behind(entries, there), len(entries)):
            second, record, ticket, position = entries[index]
            yield Entry(
                second + shift.seconds, shift.number(record), shift.number(ticket), position
            )


def stamp(account: Account, mould: Mould, shifts: Sequence[Shift]) -> None:
    """Copy the mould into the account, once for each shift, oldest first."""
    archive = Archive(mould, shifts)
    living = mould.account.living_tickets()  # what lies in the bin was gone for good later
    cases = [(Pattern(case.record, shifts[0]), Pattern(_rest(case), shifts[0])) for case in living]
    account.tickets.fill(
        TicketCase(record=record.at(shift), archive=archive, **rest.at(shift))
        for shift in shifts
        for record, rest in cases
    )
    _stamp_streams(account, mould, shifts)
    account.metric_events.copy(
        mould.account.metric_events,
        [(shift.seconds, shift.number) for shift in shifts],
    )
    for name in STORES:
        _stamp_store(account, name, mould, shifts)


def _rest(case: TicketCase) -> dict[str, Any]:
    return {one.name: getattr(case, one.name) for one in fields(case) if one.name not in OWN}


def _stamp_streams(account: Account, mould: Mould, shifts: Sequence[Shift]) -> None:
    numbers = {case.id for case in mould.account.living_tickets()}
    for name in STREAMS:
        stream: Stream = getattr(mould.account, name)
        entries = [entry for entry in stream.after((0, 0)) if entry.ticket in numbers]
        for shift in shifts:
            getattr(account, name).join(StampedEntries(entries, shift))


def _stamp_store(account: Account, name: str, mould: Mould, shifts: Sequence[Shift]) -> None:
    everything = getattr(mould.account, name).all()
    records = [one for one in everything if _is_of_the_mould(one["id"])]
    patterns = [Pattern(record, shifts[0]) for record in records]
    keep = account.keep_user if name == "users" else getattr(account, name).add
    for shift in shifts:
        for pattern in patterns:
            keep(pattern.at(shift))


def _is_of_the_mould(record_id: int | str) -> bool:
    return isinstance(record_id, int) and record_id >= FIRST_RECORD
