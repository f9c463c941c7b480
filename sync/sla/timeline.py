"""A ticket's life as it was recorded: its opening, and its updates in order."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from operator import attrgetter
from typing import Any

import msgspec

SYSTEM_AUTHOR = -1


class Role(StrEnum):
    """Who somebody is to the clocks; admins are agents."""

    END_USER = "end-user"
    AGENT = "agent"
    LIGHT_AGENT = "light-agent"
    SYSTEM = "system"  # triggers, automations, Zendesk itself


STAFF = frozenset({Role.AGENT, Role.LIGHT_AGENT})


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One update of a ticket as it was recorded; `public` is None without a comment."""

    at: int  # second since 1970, UTC
    author_id: int | None
    public: bool | None = None
    changes: Mapping[str, Any] = {}
    id: int = 0  # tells events of one second apart, and one that came twice; 0: it has none


class Opening(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A ticket at its creation; `fields` are all its fields, triggers of that update included."""

    ticket_id: int
    at: int
    submitter_id: int | None
    via: str | None
    public: bool | None  # the comment that creates the ticket; None: there is none
    author_id: int | None
    fields: Mapping[str, Any]


class Timeline(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A ticket's opening and its later updates in order, and who of its people is staff."""

    opening: Opening
    events: Sequence[Event]
    roles: Mapping[int, Role]  # whoever is not in it counts as a customer

    @property
    def ticket_id(self) -> int:
        """The ticket."""
        return self.opening.ticket_id


_WHEN, _ID = attrgetter("at", "id"), attrgetter("id")


def build_timeline(
    opening: Opening, events: Iterable[Event], roles: Mapping[int, Role]
) -> Timeline:
    """Put a ticket's updates in order; one that came twice, by its id, counts once.

    Updates of one second follow each other by their ids, those without ids as they were read.
    """
    ordered = sorted(events, key=_WHEN)
    ids = set(map(_ID, ordered))
    if len(ids) != len(ordered) and ids != {0}:
        ordered = list(_once(ordered))
    return Timeline(opening=opening, events=ordered, roles=roles)


def _once(events: Iterable[Event]) -> Iterable[Event]:
    seen = {0}
    for event in events:
        if event.id not in seen or event.id == 0:
            seen.add(event.id)
            yield event


def role_of(user_id: int | None, roles: Mapping[int, Role]) -> Role:
    """Return a role; a person nobody knows counts as a customer and can meet no target."""
    if user_id is None or user_id == SYSTEM_AUTHOR:
        return Role.SYSTEM
    return roles.get(user_id, Role.END_USER)
