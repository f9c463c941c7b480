"""Ticket metric events: packed at their ticket, found by time through an index of the account.

A ticket keeps three whole numbers for each event, one after the other in `case.metric_events`:
the id, the stamp (time, instance, metric, type and whether it is deleted), and the detail.

| type | detail |
|---|---|
| apply_sla, apply_group_sla | number of the target in `MetricEvents.targets`, 0 for its removal |
| update_status | minutes by the calendar, shifted left by 32, and minutes by the schedule |
| breach | the second at which it was written or withdrawn: its own time lies ahead or behind |
| activate of group_ownership_time | the group that owns the ticket |
"""

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from integrations.runtime.clock import format_instant
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

METRICS = (
    "agent_work_time",
    "group_ownership_time",
    "pausable_update_time",
    "periodic_update_time",
    "reply_time",
    "requester_wait_time",
    "resolution_time",
)
WORK, GROUP, PAUSABLE, PERIODIC, REPLY, WAIT, RESOLUTION = range(len(METRICS))
TYPES = (
    "measure",
    "activate",
    "pause",
    "fulfill",
    "apply_sla",
    "apply_group_sla",
    "breach",
    "update_status",
)
MEASURE, ACTIVATE, PAUSE, FULFILL, APPLY, APPLY_GROUP, BREACH, STATUS = range(len(TYPES))
WORDS = 3
DELETED = 1
HOUR_S = 3600
FOREVER = float("inf")


class Target(NamedTuple):
    """What a policy promised for one metric when it was applied."""

    policy_id: int | str
    title: str
    description: str | None
    seconds: int
    in_business_hours: bool


class MetricEvent(NamedTuple):
    """One event, unpacked."""

    id: int
    time: int
    metric: int
    instance: int
    type: int
    detail: int = 0
    is_deleted: bool = False

    @property
    def written(self) -> int:
        """The second of the last change to the event itself."""
        return self.detail if self.type == BREACH else self.time


Place = tuple[float, int]
Move = tuple[int, Callable[[int], int]]
Item = tuple[int, int, TicketCase, MetricEvent]  # the second and the id by which it is sorted


class MetricEvents:
    """Every metric event of the account.

    `late_by` tells by how many seconds the events of one update become visible too late,
    `is_repeated` whether an export tells of an event twice.
    """

    def __init__(self) -> None:
        self.targets: list[Target | None] = [None]
        self.late_by: Callable[[], float] = lambda: 0.0
        self.is_repeated: Callable[[], bool] = lambda: False
        self._numbers: dict[Target, int] = {}
        self._visible_from: dict[int, int] = {}  # id -> second, for events that are late
        self._stood_from: dict[int, int] = {}  # same, for breaches that are taken back late
        self._hours: list[int] = []
        self._tickets: dict[int, array[int]] = {}  # hour -> tickets with an event in it

    def number_of(self, target: Target | None) -> int:
        """Return the number under which events refer to a target; 0 stands for none."""
        if target is None:
            return 0
        number = self._numbers.get(target)
        if number is None:
            number = self._numbers[target] = len(self.targets)
            self.targets.append(target)
        return number

    def write(self, case: TicketCase, event: MetricEvent) -> None:
        """Keep a new event of a ticket."""
        case.metric_events.extend((event.id, _stamp(event), event.detail))
        self._index(case.id, event.time)
        if event.type == BREACH:
            self._index(case.id, event.written)

    def delay(self, case: TicketCase, places: Iterable[int], seconds: float) -> None:
        """Let what an update wrote at these places become visible later."""
        for place in places:
            event = event_at(case, place)
            visible_from = event.written + int(seconds)
            self._visible_from[event.id] = visible_from
            self._index(case.id, visible_from)

    def delay_withdrawal(
        self, case: TicketCase, place: int, stood_from: int, seconds: float
    ) -> None:
        """Let clients see a breach for longer as it stood since an instant, not yet deleted."""
        event = event_at(case, place)
        self._stood_from[event.id] = max(stood_from, self._visible_from.get(event.id, 0))
        self.delay(case, (place,), seconds)

    def withdraw(self, case: TicketCase, place: int, now: int) -> None:
        """Mark a breach that will not come as deleted."""
        case.metric_events[place + 1] |= DELETED
        case.metric_events[place + 2] = now
        self._index(case.id, now)

    def copy(self, other: "MetricEvents", moves: Iterable[Move]) -> None:
        """Make the events of copied tickets findable; nothing may have been written here yet.

        Each move says by how many seconds, whole hours of them, and what becomes of the numbers.
        """
        for target in other.targets[1:]:
            self.number_of(target)
        for seconds, number in moves:
            for hour in other._hours:  # noqa: SLF001 - of the same class
                moved = array("q", map(number, other._tickets[hour]))  # noqa: SLF001
                self._filed_at(hour + seconds // HOUR_S).extend(moved)

    def visible_from(self, event: MetricEvent) -> int:
        """Return the second from which clients see an event as it is now."""
        return max(event.written, self._visible_from.get(event.id, 0))

    def seen(self, event: MetricEvent, limit: float) -> tuple[int, MetricEvent] | None:
        """Return since when clients see an event, and as what; None when they do not see it yet."""
        since = self.visible_from(event)
        if since <= limit:
            return since, event
        stood_from = self._stood_from.get(event.id)
        if stood_from is None or stood_from > limit:
            return None
        return stood_from, event._replace(is_deleted=False, detail=stood_from)

    def of(self, case: TicketCase, now: int) -> list[MetricEvent]:
        """Return the events of a ticket that can be seen now, in the order of their times."""
        events = (event_at(case, place) for place in range(0, len(case.metric_events), WORDS))
        found = [seen[1] for event in events if (seen := self.seen(event, now))]
        return sorted(found, key=lambda event: (event.time, event.id))

    def after(
        self,
        tickets: Mapping[int, TicketCase],
        place: Place,
        *,
        by_change: bool = False,
        limit: float = FOREVER,
    ) -> Iterator[Item]:
        """Yield the events behind a place that can be seen at an instant, oldest first.

        They are in the order of their times, or with `by_change` of their last changes.
        """
        first = bisect_left(self._hours, int(place[0]) // HOUR_S)
        for hour in self._hours[first:]:
            for item in self._in_hour(tickets, hour, by_change=by_change, limit=limit):
                if item[:2] > place:
                    yield item

    def before(
        self,
        tickets: Mapping[int, TicketCase],
        place: Place,
        *,
        by_change: bool = False,
        limit: float = FOREVER,
    ) -> Iterator[Item]:
        """Yield the events in front of a place that can be seen at an instant, newest first."""
        last = bisect_right(self._hours, int(place[0]) // HOUR_S)
        for hour in reversed(self._hours[:last]):
            for item in reversed(self._in_hour(tickets, hour, by_change=by_change, limit=limit)):
                if item[:2] < place:
                    yield item

    def _in_hour(
        self, tickets: Mapping[int, TicketCase], hour: int, *, by_change: bool, limit: float
    ) -> list[Item]:
        found: list[Item] = []
        for number in set(self._tickets[hour]):
            case = tickets.get(number)
            if case is None:  # deleted for good
                continue
            for place in range(0, len(case.metric_events), WORDS):
                if not by_change and case.metric_events[place + 1] // (HOUR_S << 24) != hour:
                    continue
                seen = self.seen(event_at(case, place), limit)
                if seen is None:
                    continue
                changed, event = seen
                second = changed if by_change else event.time
                if second // HOUR_S == hour:
                    found.append((second, event.id, case, event))
        return sorted(found, key=lambda item: item[:2])

    def _index(self, ticket_id: int, second: int) -> None:
        self._file(ticket_id, second // HOUR_S)

    def _file(self, ticket_id: int, hour: int) -> None:
        tickets = self._filed_at(hour)
        if not tickets or tickets[-1] != ticket_id:
            tickets.append(ticket_id)

    def _filed_at(self, hour: int) -> "array[int]":
        tickets = self._tickets.get(hour)
        if tickets is None:
            insort(self._hours, hour)
            tickets = self._tickets[hour] = array("q")
        return tickets

    def present(self, case: TicketCase, event: MetricEvent) -> Record:
        """Return an event as clients see it."""
        shown: dict[str, Any] = {
            "id": event.id,
            "ticket_id": case.id,
            "metric": METRICS[event.metric],
            "instance_id": event.instance,
            "type": TYPES[event.type],
            "time": format_instant(datetime.fromtimestamp(event.time, UTC)),
            "deleted": event.is_deleted,
        }
        if event.type == APPLY:
            shown["sla"] = _promise(self.targets[event.detail])
        elif event.type == APPLY_GROUP:
            shown["group_sla"] = _promise(self.targets[event.detail])
        elif event.type == STATUS:
            shown["status"] = {
                "calendar": event.detail >> 32,
                "business": event.detail & 0xFFFFFFFF,
            }
        return shown


def event_at(case: TicketCase, place: int) -> MetricEvent:
    """Return the event that is packed at a place of the ticket's events."""
    event_id, stamp, detail = case.metric_events[place : place + WORDS]
    return MetricEvent(
        event_id,
        stamp >> 24,
        stamp >> 4 & 7,
        stamp >> 7 & 0x1FFFF,
        stamp >> 1 & 7,
        detail,
        bool(stamp & DELETED),
    )


def turns_of(case: TicketCase) -> Iterator[tuple[int, int, int, int, int, int]]:
    """Yield (place, time, metric, instance, type, detail) of the events that still count.

    Plain numbers, because every update of a ticket reads all of them.
    """
    packed = case.metric_events
    for place in range(0, len(packed), WORDS):
        stamp = packed[place + 1]
        if not stamp & DELETED:
            yield (
                place,
                stamp >> 24,
                stamp >> 4 & 7,
                stamp >> 7 & 0x1FFFF,
                stamp >> 1 & 7,
                packed[place + 2],
            )


def _stamp(event: MetricEvent) -> int:
    place = event.instance << 7 | event.metric << 4 | event.type << 1 | event.is_deleted
    return event.time << 24 | place


def shifted(events: "array[int]", *, ids_by: int, seconds: int) -> "array[int]":
    """Return a copy of packed events with other ids and at another time."""
    stamps, details = events[1::WORDS], events[2::WORDS]
    moved = array("q", events)
    moved[::WORDS] = array("q", [one + ids_by for one in events[::WORDS]])
    moved[1::WORDS] = array("q", [stamp + (seconds << 24) for stamp in stamps])
    moved[2::WORDS] = array(
        "q",
        [
            detail + seconds if stamp >> 1 & 7 == BREACH else detail
            for stamp, detail in zip(stamps, details, strict=True)
        ],
    )
    return moved


def _promise(target: Target | None) -> Record | None:
    if target is None:
        return None
    return {
        "target": -(-target.seconds // 60),
        "business_hours": target.in_business_hours,
        "policy": {
            "id": target.policy_id,
            "title": target.title,
            "description": target.description,
        },
        "target_in_seconds": target.seconds,
    }
