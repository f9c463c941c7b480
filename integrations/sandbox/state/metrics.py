"""Ticket metrics as Zendesk reports them: whole minutes, calendar and business."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from integrations.runtime.clock import format_instant
from integrations.sandbox.state.hours.business_time import OpenHours, open_hours
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.ticket_case import TicketCase, Timeline

REQUESTER_WAITS = ("new", "open", "hold")
AGENT_WAITS = ("pending",)
DONE = ("solved", "closed")

Span = tuple[datetime, datetime]
Statuses = list[tuple[datetime, str]]


def metric_set(case: TicketCase, schedule: Record | None) -> Record:
    """Return the metrics of a ticket; waiting times count only spans that have ended."""
    timeline: Timeline = case.glimpse("timeline")
    statuses = timeline.statuses
    hours = None if schedule is None else open_hours(schedule)
    solved = [moment for moment, status in statuses if status == "solved"]
    is_done = case.record["status"] in DONE
    created = timeline.created
    assigned = [moment for moment, agent in timeline.assignees if agent is not None]
    latest_comment = timeline.comments[-1][0] if timeline.comments else None
    last_status = statuses[-1][0] if statuses else created
    return {
        "id": case.metric_id,
        "ticket_id": case.id,
        "created_at": case.record["created_at"],
        "updated_at": case.record["updated_at"],
        "group_stations": _stations(timeline.groups),
        "assignee_stations": _stations(timeline.assignees),
        "reopens": _reopens(statuses),
        "replies": len(timeline.replies),
        "assignee_updated_at": _text(timeline.assignee_touched),
        "requester_updated_at": _text(timeline.requester_touched or created),
        "status_updated_at": _text(last_status),
        "initially_assigned_at": _text(assigned[0] if assigned else None),
        "assigned_at": _text(assigned[-1] if assigned else None),
        "solved_at": _text(solved[-1] if solved and is_done else None),
        "latest_comment_added_at": _text(latest_comment),
        "reply_time_in_minutes": _since(hours, created, timeline.replies[:1]),
        "first_resolution_time_in_minutes": _since(hours, created, solved[:1]),
        "full_resolution_time_in_minutes": _since(hours, created, solved[-1:] if is_done else []),
        "agent_wait_time_in_minutes": _minutes(hours, _spans(statuses, AGENT_WAITS), None),
        "requester_wait_time_in_minutes": _minutes(hours, _spans(statuses, REQUESTER_WAITS), None),
        "on_hold_time_in_minutes": _minutes(hours, _spans(statuses, ("hold",)), 0),
        "custom_status_updated_at": _text(last_status),
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else format_instant(moment)


def _stations(visited: list[tuple[datetime, int | None]]) -> int:
    return len({place for _, place in visited if place is not None})


def _reopens(statuses: Statuses) -> int:
    return sum(
        before == "solved" and after not in DONE for (_, before), (_, after) in pairwise(statuses)
    )


def _spans(statuses: Statuses, wanted: tuple[str, ...]) -> list[Span]:
    """Return the ended spans in some statuses; a status that still lasts is not counted yet."""
    return [(start, end) for (start, status), (end, _) in pairwise(statuses) if status in wanted]


def _since(hours: OpenHours | None, start: datetime, ends: list[datetime]) -> dict[str, Any]:
    return _minutes(hours, [(start, end) for end in ends], None)


def _minutes(hours: OpenHours | None, spans: list[Span], empty: int | None) -> dict[str, Any]:
    if not spans:
        return {"calendar": empty, "business": empty}
    # whole seconds, as in records and metric events: else they would disagree by a minute
    seconds = [(int(start.timestamp()), int(end.timestamp())) for start, end in spans]
    calendar = sum(max(0, end - start) // 60 for start, end in seconds)
    if hours is None:
        return {"calendar": calendar, "business": calendar}
    business = sum(hours.seconds(start, end) // 60 for start, end in seconds)
    return {"calendar": calendar, "business": business}
