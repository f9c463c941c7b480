"""A ticket's life as the clocks see it: one update after the other, each with what it did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

FINISHED = frozenset({"solved", "closed", "deleted"})
SYSTEM_AUTHOR = -1


class Role(StrEnum):
    """Who somebody is to the clocks; admins are agents."""

    END_USER = "end-user"
    AGENT = "agent"
    LIGHT_AGENT = "light-agent"
    SYSTEM = "system"  # triggers, automations, Zendesk itself


STAFF = frozenset({Role.AGENT, Role.LIGHT_AGENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One update of a ticket as it was recorded; `public` is None without a comment."""

    at: int  # second since 1970, UTC
    author_id: int | None
    public: bool | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A ticket at its creation; `fields` are all its fields, triggers of that update included."""

    ticket_id: int
    at: int
    submitter_id: int | None
    via: str | None
    public: bool | None  # the comment that creates the ticket; None: there is none
    author_id: int | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One update and the ticket's state after it."""

    at: int
    state: Mapping[str, Any]
    author: Role
    public: bool | None
    by_requester: bool
    requester: Role
    solves: bool  # this very update took the ticket to solved or closed

    @property
    def is_finished(self) -> bool:
        """Whether the ticket is solved or closed after this update."""
        return self.state.get("status") in FINISHED

    @property
    def is_reply(self) -> bool:
        """Whether somebody of the staff answered in public."""
        return self.public is True and self._by_other_staff

    @property
    def is_staff_note(self) -> bool:
        """Whether somebody of the staff who is not the requester wrote an internal note."""
        return self.public is False and self._by_other_staff

    @property
    def _by_other_staff(self) -> bool:
        return self.author in STAFF and not self.by_requester


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A ticket's updates in order, the creation first."""

    ticket_id: int
    submitter: Role
    submitter_is_requester: bool
    via: str | None
    updates: Sequence[Update]


def build_timeline(
    opening: Opening, events: Iterable[Event], users: Mapping[int, Role]
) -> Timeline:
    """Put a ticket's life in order and say of each update what it did."""
    first = Event(
        at=opening.at, author_id=opening.author_id, public=opening.public, changes=opening.fields
    )
    # The sort is stable: updates of one second stay as they were read.
    later = sorted(events, key=lambda event: event.at)
    state: Mapping[str, Any] = {}
    updates: list[Update] = []
    for event in (first, *later):
        before, state = state, {**state, **event.changes}
        updates.append(_update(event, before, state, users, not_before=opening.at))
    return Timeline(
        ticket_id=opening.ticket_id,
        submitter=_role(opening.submitter_id, users),
        submitter_is_requester=_same_person(opening.submitter_id, opening.fields["requester_id"]),
        via=opening.via,
        updates=updates,
    )


def _update(
    event: Event,
    before: Mapping[str, Any],
    state: Mapping[str, Any],
    users: Mapping[int, Role],
    *,
    not_before: int,
) -> Update:
    finished = state.get("status") in FINISHED
    return Update(
        at=max(event.at, not_before),
        state=state,
        author=_role(event.author_id, users),
        public=event.public,
        by_requester=_same_person(event.author_id, state.get("requester_id")),
        requester=_role(state.get("requester_id"), users),
        solves=finished and state.get("status") != before.get("status"),
    )


def _role(user_id: int | None, users: Mapping[int, Role]) -> Role:
    """Return a role; a person nobody knows counts as a customer and can meet no target."""
    if user_id is None or user_id == SYSTEM_AUTHOR:
        return Role.SYSTEM
    return users.get(user_id, Role.END_USER)


def _same_person(one: int | None, other: int | None) -> bool:
    return one is not None and one == other and one != SYSTEM_AUTHOR
