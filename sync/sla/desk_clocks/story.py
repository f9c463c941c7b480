"""One walk over a ticket's life for the desk's clocks: its marks through time, and its answers."""

from collections.abc import Mapping
from typing import Any

from sync.sla.desk_clocks.entries import Answers
from sync.sla.mark_history import MarkHistory
from sync.sla.marks import MarkReader, Signal, TicketMarks
from sync.sla.timeline import STAFF, Event, Role, Timeline

FINISHED = frozenset({"solved", "closed", "deleted"})


class Turn:
    """One stay of a ticket in a department's queue; `order` tells updates of one second apart."""

    __slots__ = ("left_at", "order", "queue", "since")

    def __init__(self, order: int, since: int, queue: str) -> None:
        self.order, self.since, self.queue = order, since, queue
        self.left_at: int | None = None


class Answer:
    """One comment of the staff."""

    __slots__ = ("at", "author_id", "order", "public")

    def __init__(self, order: int, at: int, author_id: int, public: bool) -> None:  # noqa: FBT001
        self.order, self.at, self.author_id, self.public = order, at, author_id, public


class End:
    """The ticket was solved or closed, and perhaps opened again."""

    __slots__ = ("at", "order", "reopened_at", "reopened_order")

    def __init__(self, order: int, at: int) -> None:
        self.order, self.at = order, at
        self.reopened_at: int | None = None
        self.reopened_order = 0


class Final:
    """A final answer; by solving it holds until the ticket is opened again."""

    __slots__ = ("at", "undone_at")

    def __init__(self, at: int) -> None:
        self.at = at
        self.undone_at: int | None = None


class Story:
    """What of a ticket's life the desk's clocks look at, up to the instant asked about."""

    __slots__ = (
        *("received_at", "asked_at", "turns", "answers", "ends", "finals", "waits", "is_elsewhere"),
        *("acknowledged_at", "holding_at", "marks", "severities"),
        *("_history", "_reader", "_rules", "_roles", "_requester", "_status", "_order"),
        *("_is_answered", "_is_final", "_waits_by_status", "_waits_by_tag"),
    )

    def __init__(self, timeline: Timeline, reader: MarkReader, rules: Answers, *, now: int) -> None:
        opening = timeline.opening
        self._history, self._reader, self._rules = MarkHistory(reader), reader, rules
        self._roles = timeline.roles
        self._requester = opening.fields.get("requester_id")
        self.received_at = opening.at
        self.asked_at: int | None = None  # the customer's first public word
        self.turns: list[Turn] = []
        self.answers: list[Answer] = []
        self.ends: list[End] = []
        self.finals: list[Final] = []
        self.waits: list[tuple[int, bool]] = []  # whether departments wait for the desk
        self.is_elsewhere = False
        self.acknowledged_at: int | None = None
        self.holding_at: int | None = None
        self._status: str | None = None
        self._is_answered = self._waits_by_status = self._waits_by_tag = False
        self._is_final = False  # somebody said so, not only solved the ticket
        self._order = 0
        self._walk(timeline, now)
        self._find_acknowledgement()
        self.marks: TicketMarks = self._history.now(opening.fields.get("via"))
        self.severities = self._history.severities

    def _walk(self, timeline: Timeline, now: int) -> None:
        opening = timeline.opening
        if opening.public and opening.author_id == self._requester:
            self.asked_at = opening.at
        self._change(opening.fields, opening.at, opening.author_id)
        watched = self._reader.watched
        for event in timeline.events:
            if event.at > now:
                break
            self._order += 1
            if event.public is not None:
                self._hear(event)
            if not watched.isdisjoint(event.changes):
                self._change(event.changes, max(event.at, opening.at), event.author_id)

    def _hear(self, event: Event) -> None:
        """Note a comment: the staff answered, or the customer wrote again."""
        author, at = event.author_id, max(event.at, self.received_at)
        if author is None:
            return
        if author == event.changes.get("requester_id", self._requester):
            if event.public:
                self._is_answered = False
                self.asked_at = at if self.asked_at is None else self.asked_at
        elif self._is_staff(author) and author not in self._rules.bots:
            self.answers.append(Answer(self._order, at, author, bool(event.public)))
            if event.public:
                self._is_answered = True
                if self._status in FINISHED:
                    self._end_by_solving(at)

    def _change(self, changes: Mapping[str, Any], at: int, author: int | None) -> None:
        if "requester_id" in changes:
            self._requester = changes["requester_id"]
        told = False
        for field_id, mark in self._reader.fields:
            if field_id in changes:
                self._history.set_field(field_id, mark, changes[field_id])
                told = True
        if "tags" in changes:
            for (kind, value), came in self._history.retag(changes["tags"] or [], self._order):
                told = True
                self._tell(kind, value, at, came=came)
        if told:
            self._history.follow_severity(at, by_person=self._is_staff(author))
        if "status" in changes:
            self._move(changes["status"], at)

    def _is_staff(self, user_id: int | None) -> bool:
        return user_id is not None and self._roles.get(user_id, Role.END_USER) in STAFF

    def _move(self, status: str | None, at: int) -> None:
        """Note that the ticket was solved, or opened again."""
        was, self._status = self._status in FINISHED, status
        if status in FINISHED and not was:
            self.ends.append(End(self._order, at))
            if self._is_answered:
                self._end_by_solving(at)
        elif was and status not in FINISHED:
            self.ends[-1].reopened_at, self.ends[-1].reopened_order = at, self._order
            if not self._is_final and self.finals and self.finals[-1].undone_at is None:
                self.finals[-1].undone_at = at
        if self._rules.department_waits.statuses:
            self._waits_by_status = status in self._rules.department_waits.statuses
            self._note_waits(at)

    def _tell(self, kind: str, value: Any, at: int, *, came: bool) -> None:
        """Note what a tag that came or went tells besides marks."""
        if kind == "queue":
            self._queue(value, at, came=came)
        elif kind == Signal.ENDED_ELSEWHERE:
            self.is_elsewhere = came
        elif kind == Signal.DEPARTMENT_WAITS:
            self._waits_by_tag = came
            self._note_waits(at)
        elif kind == Signal.ACKNOWLEDGED and came and self.acknowledged_at is None:
            self.acknowledged_at = at
        elif kind == Signal.HOLDING_REPLY and came and self.holding_at is None:
            self.holding_at = at
        elif kind == Signal.FINAL_ANSWER and came:
            self._end(at)
            self._is_final = True

    def _queue(self, queue: str, at: int, *, came: bool) -> None:
        if came:
            self.turns.append(Turn(self._order, at, queue))
            return
        for turn in self.turns:
            if turn.queue == queue and turn.left_at is None:
                turn.left_at = at

    def _end_by_solving(self, at: int) -> None:
        if self._rules.solving_with_an_answer_is_final:
            self._end(at)

    def _end(self, at: int) -> None:
        if not self.finals or self.finals[-1].undone_at is not None:
            self.finals.append(Final(at))

    def _note_waits(self, at: int) -> None:
        waits = self._waits_by_tag or self._waits_by_status
        if waits is not (bool(self.waits) and self.waits[-1][1]):
            self.waits.append((at, waits))

    def _find_acknowledgement(self) -> None:
        """Take the earliest of tag, first public answer and final answer."""
        found = [] if self.acknowledged_at is None else [self.acknowledged_at]
        if self._rules.any_public_answer_acknowledges:
            found += [answer.at for answer in self.answers if answer.public][:1]
        found += [final.at for final in self.finals[:1]]
        self.acknowledged_at = min(found, default=None)
