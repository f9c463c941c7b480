"""Finds tickets by whom and what they belong to, without reading all of them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

MANY = frozenset(("tags", "email_cc_ids", "collaborator_ids", "follower_ids"))
OWN, ANY_OWN = "custom_field_", "fieldvalue"


class _Field:
    """The tickets by the values of one field, and which of them must be read again."""

    __slots__ = ("changed", "having", "values")

    def __init__(self, tickets: "Iterable[int]") -> None:
        self.changed = set(tickets)
        self.values: dict[int, tuple[Any, ...]] = {}
        self.having: dict[Any, set[int]] = {}

    def move(self, ticket_id: int, values: tuple[Any, ...]) -> None:
        """Put a ticket to its present values; none when it is gone."""
        for value in self.values.pop(ticket_id, ()):
            having = self.having[value]
            having.discard(ticket_id)
            if not having:
                del self.having[value]
        if values:
            self.values[ticket_id] = values
        for value in values:
            self.having.setdefault(value, set()).add(ticket_id)


class TicketIndex:
    """Knows the tickets outside the bin by field and value; None stands for an empty field.

    A field is read when it is first asked for, and what changed since when it is asked for again,
    so that fields nobody asks for cost nothing.
    """

    def __init__(
        self,
        tickets: "Mapping[int, TicketCase]",
        values: "Callable[[TicketCase, str], Iterable[Any]]",
    ) -> None:
        self._tickets = tickets
        self._values_of = values
        self._fields: dict[str, _Field] = {}

    def note(self, ticket_id: int) -> None:
        """Remember that a ticket came, changed or went."""
        for field in self._fields.values():
            field.changed.add(ticket_id)

    def having(self, field: str, value: Any) -> set[int]:
        """Return the tickets whose field has this value, or lists it."""
        return set(self.by_value(field).get(value, ()))

    def by_value(self, name: str) -> "Mapping[Any, set[int]]":
        """Return every value of a field with its tickets, to be read only."""
        field = self._fields.get(name)
        if field is None:
            field = self._fields[name] = _Field(self._tickets)
        for ticket_id in field.changed:
            case = self._tickets.get(ticket_id)
            is_there = case is not None and not case.is_deleted
            field.move(ticket_id, tuple(self._values_of(case, name)) if case and is_there else ())
        field.changed.clear()
        return field.having

    def cases(self, field: str, value: Any) -> "list[TicketCase]":
        """Return the tickets whose field has this value, by number."""
        return [self._tickets[ticket_id] for ticket_id in sorted(self.having(field, value))]


def record_values(case: "TicketCase", field: str) -> "Iterable[Any]":
    """Return the values that the record of a ticket has in a field."""
    record = case.record
    if field in MANY:
        return record[field] or (None,)
    if field == ANY_OWN:
        return {one for entry in record["custom_fields"] for one in _plain(entry["value"])}
    if field.startswith(OWN):
        number = int(field.removeprefix(OWN))
        entries = (entry for entry in record["custom_fields"] if entry["id"] == number)
        return {one for entry in entries for one in _plain(entry["value"])}
    return (record[field],)


def comment_values(case: "TicketCase", field: str) -> "Iterable[Any]":
    """Return who commented on a ticket, or whether it has attachments."""
    authors, has_attachment = case.derive(_commenting)
    return authors if field == "commenter_id" else (has_attachment,)


def _commenting(case: "TicketCase") -> tuple[list[int], bool]:
    comments = [event for event, _ in case.comments()]
    authors = {event["author_id"] for event in comments}
    return sorted(authors), any(event.get("attachments") for event in comments)


def _plain(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [str(one).casefold() for one in values]
