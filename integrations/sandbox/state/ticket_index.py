"""Finds tickets by whom and what they belong to, without reading all of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from integrations.sandbox.state.ticket_case import TicketCase

ONE = (
    "requester_id submitter_id assignee_id organization_id group_id status priority type brand_id "
    "ticket_form_id custom_status_id external_id"
).split()
MANY = ("tags", "email_cc_ids", "collaborator_ids", "follower_ids")

Key = tuple[str, Any]


class TicketIndex:
    """Knows the tickets outside the bin by field and value; None stands for an empty field.

    It reads what changed when it is next asked, so that a change of a ticket costs next to nothing.
    """

    def __init__(
        self,
        tickets: "Mapping[int, TicketCase]",
        keys: "Callable[[TicketCase], Iterator[Key]]",
    ) -> None:
        self._tickets = tickets
        self._keys_of = keys
        self._changed: set[int] = set()
        self._keys: dict[int, tuple[Key, ...]] = {}
        self._shared: dict[Key, Key] = {}  # most keys are those of many tickets: one copy is enough
        self._found: dict[str, dict[Any, set[int]]] = {}

    def note(self, ticket_id: int) -> None:
        """Remember that a ticket came, changed or went."""
        self._changed.add(ticket_id)

    def having(self, field: str, value: Any) -> set[int]:
        """Return the tickets whose field has this value, or lists it."""
        return set(self.by_value(field).get(value, ()))

    def by_value(self, field: str) -> "Mapping[Any, set[int]]":
        """Return every value of a field with its tickets, to be read only."""
        self._catch_up()
        return self._found.get(field, {})

    def cases(self, field: str, value: Any) -> "list[TicketCase]":
        """Return the tickets whose field has this value, by number."""
        return [self._tickets[ticket_id] for ticket_id in sorted(self.having(field, value))]

    def _catch_up(self) -> None:
        for ticket_id in self._changed:
            self._forget(ticket_id)
            case = self._tickets.get(ticket_id)
            if case is not None and not case.is_deleted:
                keys = self._keys[ticket_id] = tuple(map(self._same, self._keys_of(case)))
                for field, value in keys:
                    self._found.setdefault(field, {}).setdefault(value, set()).add(ticket_id)
        self._changed.clear()

    def _same(self, key: Key) -> Key:
        return self._shared.setdefault(key, key)

    def _forget(self, ticket_id: int) -> None:
        for field, value in self._keys.pop(ticket_id, ()):
            having = self._found[field][value]
            having.discard(ticket_id)
            if not having:
                del self._found[field][value]


def record_keys(case: "TicketCase") -> Iterator[Key]:
    """Yield what the record of a ticket is found by."""
    record = case.record
    for field in ONE:
        yield field, record[field]
    for field in MANY:
        for value in record[field] or (None,):
            yield field, value
    for entry in record["custom_fields"]:
        for value in _plain_values(entry["value"]):
            yield f"custom_field_{entry['id']}", value
            yield "fieldvalue", value


def comment_keys(case: "TicketCase") -> Iterator[Key]:
    """Yield what the comments of a ticket are found by: their authors, and attachments."""
    yield from case.derive(_comment_keys)


def _comment_keys(case: "TicketCase") -> list[Key]:
    comments = [event for event, _ in case.comments()]
    authors = sorted({event["author_id"] for event in comments})
    has_attachment = any(event.get("attachments") for event in comments)
    return [*(("commenter_id", author) for author in authors), ("has_attachment", has_attachment)]


def _plain_values(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [str(one).casefold() for one in values]
