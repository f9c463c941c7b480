"""The moments of a ticket from which its metrics are computed."""

from datetime import datetime
from typing import TYPE_CHECKING

from integrations.sandbox.state.people.users import is_staff

if TYPE_CHECKING:
    from integrations.sandbox.state.store import Record
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase


def log(
    case: "TicketCase",
    changed: set[str],
    author: "Record",
    comment: "Record | None",
    now: datetime,
) -> None:
    """Note the moments of a change from which metrics are computed."""
    timeline, record = case.timeline, case.record
    if "status" in changed:
        timeline.statuses.append((now, record["status"]))
    if "assignee_id" in changed:
        timeline.assignees.append((now, record["assignee_id"]))
    if "group_id" in changed:
        timeline.groups.append((now, record["group_id"]))
    if author["id"] == record["requester_id"]:
        timeline.requester_touched = now
    if author["id"] == record["assignee_id"]:
        timeline.assignee_touched = now
    if comment is None:
        return
    is_reply = bool(timeline.comments) and comment["public"] and is_staff(author)
    timeline.comments.append((now, author["id"]))
    if is_reply and author["id"] != record["requester_id"]:
        timeline.replies.append(now)
