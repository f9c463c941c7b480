"""What others did to an agent's tickets: assignments, comments, and priorities that rose."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from integrations.sandbox.state.store import Record

if TYPE_CHECKING:
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

PRIORITIES = ("low", "normal", "high", "urgent")


def activities_in(case: "TicketCase") -> list[Record]:
    """Return what happened in a ticket to whoever had it then, oldest first.

    What agents do to their own tickets is no news to them.
    """
    holder: int | None = None
    found: list[Record] = []
    for audit in case.audits:
        before, holder = holder, _holder_after(audit, holder)
        if holder is None:
            continue
        for verb, actor_id, event in _told(audit, is_new=holder != before):
            if actor_id != holder:
                found.append(
                    {
                        "id": event["id"],
                        "user_id": holder,
                        "actor_id": actor_id,
                        "created_at": audit["created_at"],
                        "verb": verb,
                        "event": event,
                    }
                )
    return found


def agents_of(case: "TicketCase") -> list[int]:
    """Return every agent who ever had a ticket."""
    holders = {_holder_after(audit, None) for audit in case.audits}
    return sorted(one for one in holders if one is not None)


def _holder_after(audit: Record, holder: int | None) -> int | None:
    for event in audit["events"]:
        if event.get("field_name") == "assignee_id":
            holder = int(event["value"]) if event["value"] else None
    return holder


def _told(audit: Record, *, is_new: bool) -> Iterator[tuple[str, int, Record]]:
    """Yield verb, actor and event of what an audit tells; to a new assignee only that it is one."""
    for event in audit["events"]:
        name = event.get("field_name")
        if is_new:
            if name == "assignee_id":
                yield "tickets.assignment", audit["author_id"], event
        elif event["type"] == "Comment":
            yield "tickets.comment", event["author_id"], event
        elif event["type"] == "Change" and name == "priority" and _rose(event):
            yield "tickets.priority_increase", audit["author_id"], event


def _rose(event: Record) -> bool:
    return _rank(event["value"]) > _rank(event["previous_value"])


def _rank(priority: str | None) -> int:
    return PRIORITIES.index(priority) if priority in PRIORITIES else -1
