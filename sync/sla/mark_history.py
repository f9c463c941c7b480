"""A ticket's marks through time: what its tags and fields said after each of their changes."""

from typing import Any

from sync.sla.marks import MARKS, MarkReader, TicketMarks

SEVERITY = "severity"
_KINDS = frozenset(MARKS)
_MARKS_ONLY = _KINDS - {"queue"}

News = tuple[str, Any, bool]  # mark or signal, what it says, whether it came or went


class MarkHistory:
    """Takes over changes of tags and fields in order and keeps what they say.

    Of tags that contradict each other the newest counts; two that came at once say nothing. A field
    counts before tags. Of severities the worst counts.
    """

    __slots__ = ("_by_field", "_by_tag", "_reader", "_tags", "severities", "severity")

    def __init__(self, reader: MarkReader) -> None:
        self._reader = reader
        self._tags: list[Any] = []
        # Order of the update, what it said, and the tag that says it.
        self._by_tag: dict[str, list[tuple[int, Any, str]]] = {}
        self._by_field: dict[str, dict[str, Any]] = {}  # mark, field
        self.severity: str | None = None
        self.severities: list[tuple[int, str]] = []  # since when which severity counts

    def retag(self, tags: list[Any], order: int) -> list[News]:
        """Take over a new list of tags; return what they tell besides marks, and the queues."""
        before, self._tags = self._tags, tags
        went = [tag for tag in before if tag not in tags]
        news = self._forget(went) if went else []
        meaning, by_tag = self._reader.tag, self._by_tag
        for tag in tags:
            if tag not in before:
                for kind, value in meaning(tag):
                    if kind in _KINDS:
                        by_tag.setdefault(kind, []).append((order, value, tag))
                    if kind not in _MARKS_ONLY:
                        news.append((kind, value, True))
        return news

    def _forget(self, tags: list[Any]) -> list[News]:
        news: list[News] = []
        for tag in tags:
            for kind, value in self._reader.tag(tag):
                if kind in self._by_tag:
                    said = self._by_tag[kind]
                    self._by_tag[kind] = [one for one in said if one[2] != tag]
                if kind not in _MARKS_ONLY:
                    news.append((kind, value, False))
        return news

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
        marks = TicketMarks(
            **{kind: self._now(kind) for kind in {**self._by_tag, **self._by_field}}
        )
        if SEVERITY in self._by_tag or SEVERITY in self._by_field:
            marks.severity = self._severity_now()
        if marks.reason is not None:
            marks.family = marks.reason[0]
        if marks.is_complaint is None:
            marks.is_complaint = self._reader.is_complaint(marks.reason, marks.family)
        if marks.channel is None and isinstance(channel, str):
            marks.channel = channel
        return marks

    def _now(self, kind: str) -> Any:
        if kind in self._by_field:
            for value in self._by_field[kind].values():
                if value is not None:
                    return value
        said = self._by_tag.get(kind)
        if not said:
            return None
        order, newest, _ = said[-1]
        if len(said) > 1 and any(one[0] == order and one[1] != newest for one in said):
            return None
        return newest

    def _severity_now(self) -> Any:
        said = [one[1] for one in self._by_tag.get(SEVERITY, ())]
        if SEVERITY in self._by_field:
            said += [value for value in self._by_field[SEVERITY].values() if value is not None]
        return min(said) if said else None
