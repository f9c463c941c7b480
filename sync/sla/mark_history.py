"""A ticket's marks through time: what its tags and fields said after each of their changes."""

from collections.abc import Iterator
from typing import Any

from sync.sla.marks import MarkReader, Meaning, TicketMarks

SEVERITY = "severity"


class MarkHistory:
    """Takes over changes of tags and fields in order and keeps what they say.

    Of tags that contradict each other the newest counts; two that came at once say nothing. A field
    counts before tags. Of severities the worst counts.
    """

    __slots__ = ("_by_field", "_by_tag", "_reader", "_tags", "severities", "severity")

    def __init__(self, reader: MarkReader) -> None:
        self._reader = reader
        self._tags: list[Any] = []
        self._by_tag: dict[str, list[tuple[int, Any]]] = {}  # order of the update, what it said
        self._by_field: dict[str, dict[str, Any]] = {}  # mark, field
        self.severity: str | None = None
        self.severities: list[tuple[int, str]] = []  # since when which severity counts

    def retag(self, tags: list[Any], order: int) -> Iterator[tuple[Meaning, bool]]:
        """Take over a new list of tags; yield each meaning that came (true) or went."""
        before, self._tags = self._tags, tags
        meaning = self._reader.tag
        for tag in before:
            if tag not in tags:
                for kind, value in meaning(tag):
                    said = self._by_tag.get(kind, [])
                    self._by_tag[kind] = [one for one in said if one[1] != value]
                    yield (kind, value), False
        for tag in tags:
            if tag not in before:
                for kind, value in meaning(tag):
                    self._by_tag.setdefault(kind, []).append((order, value))
                    yield (kind, value), True

    def set_field(self, field_id: str, mark: str, value: Any) -> None:
        """Take over a field's new value."""
        self._by_field.setdefault(mark, {})[field_id] = self._reader.field(mark, value)

    def follow_severity(self, at: int, *, by_person: bool) -> None:
        """Follow the severity upwards; only a person may lower it."""
        worst = self._severity_now()
        if worst is None or worst == self.severity:
            return
        if self.severity is None or worst < self.severity or by_person:  # "S1" is the worst
            self.severity = worst
            self.severities.append((at, worst))

    def now(self, channel: Any) -> TicketMarks:
        """Return what the marks say now; `channel` is where Zendesk says the ticket came from."""
        reason, family = self._now("reason"), self._now("family")
        if reason is not None:
            family = reason[0]
        is_complaint = self._now("is_complaint")
        if is_complaint is None:
            is_complaint = self._reader.is_complaint(reason, family)
        told = channel if isinstance(channel, str) else None
        return TicketMarks(
            family=family,
            reason=reason,
            severity=self._severity_now(),
            language=self._now("language"),
            jurisdiction=self._now("jurisdiction"),
            is_complaint=is_complaint,
            product=self._now("product"),
            queue=self._now("queue"),
            channel=self._now("channel") or told,
        )

    def _now(self, kind: str) -> Any:
        if kind in self._by_field:
            for value in self._by_field[kind].values():
                if value is not None:
                    return value
        said = self._by_tag.get(kind)
        if not said:
            return None
        order, newest = said[-1]
        if len(said) > 1 and any(one[0] == order and one[1] != newest for one in said):
            return None
        return newest

    def _severity_now(self) -> Any:
        said = [value for _, value in self._by_tag.get(SEVERITY, ())]
        if SEVERITY in self._by_field:
            said += [value for value in self._by_field[SEVERITY].values() if value is not None]
        return min(said) if said else None
