"""What the desk's marks on a ticket mean: tags and custom fields read by the rules file."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from sync.sla.desk_clocks.entries import Answers, Complaints, Marks, MarkSource
from sync.sla.timeline import Timeline

FAMILY_LETTERS = "ABCDEFGHIJKNX"
# What a mark may look like; everything else that stands on a ticket means nothing.
_SHAPES = {
    "family": re.compile(rf"[{FAMILY_LETTERS}]"),
    "reason": re.compile(rf"[{FAMILY_LETTERS}][1-9][0-9]?"),
    "severity": re.compile(r"S[1-4]"),
    "language": re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?"),
    "jurisdiction": re.compile(r"[A-Z][A-Z0-9]{1,11}(-[A-Z0-9]{1,8})?"),
    "product": re.compile(r"[a-z0-9][a-z0-9_]{0,39}"),
    "queue": re.compile(r"[A-Z0-9]{1,8}"),
    "channel": re.compile(r"[a-z0-9][a-z0-9_]{0,39}"),
}
_CAPITALS = frozenset({"family", "reason", "severity", "jurisdiction", "queue"})
MARKS = (*_SHAPES, "is_complaint")
_MOST_TAGS_KEPT = 20_000  # tags are untrusted: their meanings are not kept without end

Meaning = tuple[str, str | bool]  # a mark or a signal, and what it says


class Signal(StrEnum):
    """What a tag tells besides marks."""

    ACKNOWLEDGED = "acknowledged"
    HOLDING_REPLY = "holding_reply"
    FINAL_ANSWER = "final_answer"
    ENDED_ELSEWHERE = "ended_elsewhere"
    DEPARTMENT_WAITS = "department_waits"


class TicketMarks(msgspec.Struct, kw_only=True):
    """What the desk knows of a ticket; None: nobody said it."""

    family: str | None = None
    reason: str | None = None
    severity: str | None = None
    language: str | None = None
    jurisdiction: str | None = None
    is_complaint: bool | None = None
    product: str | None = None
    queue: str | None = None
    channel: str | None = None


class MarkReader:
    """Says what tags and field values mean; `field_ids` are the account's fields by title."""

    def __init__(
        self,
        marks: Marks,
        complaints: Complaints,
        answers: Answers,
        field_ids: Mapping[str, Iterable[int]],
        *,
        jurisdictions: Mapping[str, str] | None = None,
    ) -> None:
        """Read tags and the account's fields, by title, as the rules file says.

        `jurisdictions` are their codes by every name that they go by.
        """
        self._jurisdictions = jurisdictions or {}
        self._sources: dict[str, MarkSource] = {name: getattr(marks, name) for name in MARKS}
        self._signals = {
            tag: signal.value for signal in Signal for tag in getattr(answers, signal).tags
        }
        self._are = frozenset(complaints.are)
        self._are_not = frozenset(complaints.are_not)
        self._tags: dict[str, tuple[Meaning, ...]] = {}
        # (field id as the ticket's state names it, mark) of every field that says something
        self.fields = tuple(
            (str(field_id), name)
            for name, source in self._sources.items()
            for title in source.fields
            for field_id in sorted(field_ids.get(title, ()))
        )
        self._marked_by = frozenset({"tags", *(field_id for field_id, _ in self.fields)})
        # What an update must change to be of interest for marks.
        self.marking = self._marked_by | {"requester_id"}

    def marks_anything(self, timeline: Timeline) -> bool:
        """Tell whether a tag or field of a ticket ever meant anything."""
        opening = timeline.opening.fields
        return self._tells(opening) or any(
            self._tells(event.changes)
            for event in timeline.events
            if not self._marked_by.isdisjoint(event.changes)
        )

    def _tells(self, changes: Mapping[str, Any]) -> bool:
        if any(map(self.tag, changes.get("tags") or ())):
            return True
        return any(
            self.field(mark, changes[field_id]) is not None
            for field_id, mark in self.fields
            if field_id in changes
        )

    def tag(self, tag: Any) -> tuple[Meaning, ...]:
        """Return what a tag means; most tags mean nothing."""
        if not isinstance(tag, str):
            return ()
        known = self._tags.get(tag)
        if known is None:
            if len(self._tags) >= _MOST_TAGS_KEPT:
                self._tags.clear()
            known = self._tags[tag] = tuple(self._meanings(tag))
        return known

    def field(self, mark: str, value: Any) -> str | bool | None:
        """Return what a field's value says of a mark; None: nothing."""
        text = _text(value)
        if text is None:
            return None
        said = self._said(mark, text)
        return self._shaped(mark, text) if said is None else said

    def is_complaint(self, reason: str | None, family: str | None) -> bool | None:
        """Return whether such a ticket is a complaint when nothing on it says so itself."""
        for code in (reason, family):
            if code in self._are:
                return True
            if code in self._are_not:
                return False
        return None

    def _meanings(self, tag: str) -> Iterable[Meaning]:
        signal = self._signals.get(tag)
        if signal is not None:
            yield signal, True
            return  # such a tag says nothing else, whatever it begins with
        for mark in MARKS:
            said = self._said(mark, tag)
            if said is not None:
                yield mark, said

    def _said(self, mark: str, text: str) -> str | bool | None:
        source = self._sources[mark]
        if text in source.values:
            value = source.values[text]
            return value if isinstance(value, bool) else self._shaped(mark, value)
        for prefix in source.prefixes:
            if text.startswith(prefix):
                found = self._shaped(mark, text.removeprefix(prefix))
                if found is not None:
                    return found
        return None

    def _shaped(self, mark: str, text: str) -> str | None:
        """Return the text as the mark is written; None when it cannot be one."""
        shape = _SHAPES.get(mark)
        if shape is None:
            return None
        written = text.strip().replace(" ", "_")
        written = written.upper() if mark in _CAPITALS else written.lower()
        if mark in {"jurisdiction", "language"}:
            written = written.replace("_", "-")
        if not shape.fullmatch(written):
            return None
        return self._jurisdictions.get(written, written) if mark == "jurisdiction" else written


def _text(value: Any) -> str | None:
    """Return a field's value as text; an empty one, and an unticked box, say nothing."""
    if value is True:
        return "true"
    if isinstance(value, str) and value not in {"", "false", "0"}:
        return "true" if value == "1" else value
    return None
