"""One walk over a ticket's life for the desk's clocks: its marks through time, and its answers."""

from collections.abc import Mapping
from typing import Any

import msgspec

from sync.sla.desk_clocks.entries import Answers
from sync.sla.mark_history import MarkHistory
from sync.sla.marks import MarkReader, Signal, TicketMarks
from sync.sla.timeline import STAFF, Role, Timeline

QUEUE = "queue"
FINISHED = frozenset({"solved", "closed", "deleted"})


class Turn(msgspec.Struct, gc=False):
    """One stay of a ticket in a department's queue; `order` tells updates of one second apart."""

    order: int
    since: int
    queue: str
    asked_by: int | None  # whoever asks a department does not answer for it: riskdesk's own notes
    left_at: int | None = None


class Answer(msgspec.Struct, gc=False):
    """One comment of the staff."""

    order: int
    at: int
    author_id: int
    public: bool


class End(msgspec.Struct, gc=False):
    """The ticket was solved or closed, and perhaps opened again."""

    order: int
    at: int
    reopened_at: int | None = None
    reopened_order: int = 0


class Final(msgspec.Struct, gc=False):
    """A final answer; by solving it holds until the ticket is opened again."""

    at: int
    undone_at: int | None = None


class Story:
    """What of a ticket's life the desk's clocks look at, up to the instant asked about."""

    __slots__ = (
        *("received_at", "asked_at", "turns", "answers", "ends", "finals", "waits", "is_elsewhere"),
        *("acknowledged_at", "holding_at", "marks", "severities"),
        *("_history", "_reader", "_rules", "_roles", "_requester", "_order"),
        *("_is_answered", "_is_finished", "_is_final", "_waits_by_status", "_waits_by_tag"),
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
        self._is_finished = self._is_answered = self._waits_by_status = self._waits_by_tag = False
        self._is_final = False  # somebody said so, not only solved the ticket
        self._order = 0
        self._walk(timeline, now)
        self._find_acknowledgement()
        self.marks: TicketMarks = self._history.now(opening.fields.get("via"))
        self.severities = self._history.severities

    def _walk(self, timeline: Timeline, now: int) -> None:
        opening = timeline.opening
        received, marking = opening.at, self._reader.marking
        pauses = self._rules.department_waits.statuses
        if opening.public and opening.author_id == self._requester:
            self.asked_at = received
        self._mark(opening.fields, received, opening.author_id)
        self._move(opening.fields.get("status"), received)
        for event in timeline.events:
            at, changes = event.at, event.changes
            if at > now:
                break
            if at < received:  # noqa: PLR1730 - a call of max for every update of every ticket
                at = received
            self._order += 1
            if changes and not marking.isdisjoint(changes):
                self._mark(changes, at, event.author_id)
            if event.public is not None and event.author_id is not None:
                self._hear(event.author_id, at, event.public)
            if "status" in changes:
                status = changes["status"]
                if pauses or (status in FINISHED) is not self._is_finished:
                    self._move(status, at)

    def _hear(self, author: int, at: int, public: bool) -> None:  # noqa: FBT001
        """Note a comment: the staff answered, or the customer wrote again."""
        if author == self._requester:
            if public:
                self._is_answered = False
                if self.asked_at is None:
                    self.asked_at = at
        elif self._roles.get(author, Role.END_USER) in STAFF and author not in self._rules.bots:
            self.answers.append(Answer(self._order, at, author, public))
            if public:
                self._is_answered = True
                if self._is_finished:
                    self._end_by_solving(at)

    def _mark(self, changes: Mapping[str, Any], at: int, author: int | None) -> None:
        """Take over changes of the requester, of tags and of fields."""
        if "requester_id" in changes:
            self._requester = changes["requester_id"]
        for field_id, mark in self._reader.fields:
            if field_id in changes:
                self._history.set_field(field_id, mark, changes[field_id])
        if "tags" in changes:
            for kind, value, came in self._history.retag(changes["tags"] or [], self._order):
                if kind == QUEUE:
                    self._queue(value, at, author, came=came)
                else:
                    self._tell(kind, at, came=came)
        by_person = author is not None and self._roles.get(author, Role.END_USER) in STAFF
        self._history.follow_severity(at, by_person=by_person)

    def _move(self, status: str | None, at: int) -> None:
        """Note that the ticket was solved, or opened again."""
        was, self._is_finished = self._is_finished, status in FINISHED
        if self._is_finished and not was:
            self.ends.append(End(self._order, at))
            if self._is_answered:
                self._end_by_solving(at)
        elif was and not self._is_finished:
            self.ends[-1].reopened_at, self.ends[-1].reopened_order = at, self._order
            if not self._is_final and self.finals and self.finals[-1].undone_at is None:
                self.finals[-1].undone_at = at
        if self._rules.department_waits.statuses:
            self._waits_by_status = status in self._rules.department_waits.statuses
            self._note_waits(at)

    def _tell(self, kind: str, at: int, *, came: bool) -> None:
        """Note what a tag that came or went tells besides marks."""
        if kind == Signal.ENDED_ELSEWHERE:
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

    def _queue(self, queue: str, at: int, author: int | None, *, came: bool) -> None:
        if came:
            self.turns.append(Turn(self._order, at, queue, author))
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
            for answer in self.answers:
                if answer.public:
                    found.append(answer.at)
                    break
        if self.finals:
            found.append(self.finals[0].at)
        self.acknowledged_at = min(found, default=None)
