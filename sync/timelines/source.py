"""Reads a ticket's story from the warehouse: a fixed number of queries, no text of a comment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from integrations.runtime.errors import BadInput
from sync.sla.clocks import Clock
from sync.sla.explain import explain, title_of
from sync.sla.metrics import BY_NAME
from sync.sla.schedules import BusinessTime, WorkingTime
from sync.timelines.story import Band, ClockLine, Story, Target, Voice, Word
from sync.warehouse.tables.history import ticket_comments, ticket_field_history
from sync.warehouse.tables.marks import ticket_marks
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.tickets import tickets

STAFF = frozenset({"agent", "admin"})
BANDS = ("status", "priority", "group_id")

_Row = Mapping[str, Any]
Hours = Mapping[tuple[int | None, int | None], WorkingTime]  # by schedule and version


def load_story(
    connection: Connection,
    ticket_id: int,
    clocks: Sequence[Clock],
    hours: Hours,
    *,
    now: datetime,
) -> Story:
    """Return what the warehouse knows of a ticket's life until `now`, with these clocks of it.

    Raises BadInput when there is no such ticket then, or it was deleted.
    """
    ticket = _rows(connection, select(tickets).where(tickets.c.id == ticket_id))
    if not ticket or ticket[0]["deleted_at"] is not None or ticket[0]["created_at"] > now:
        gone = bool(ticket) and ticket[0]["deleted_at"] is not None
        raise BadInput(
            f"The warehouse has no ticket {ticket_id}{', it was deleted' if gone else ''}.",
            hint="check the number; `riskdesk sync run` brings what is missing.",
        )
    bands = _bands(connection, ticket_id, ticket[0], now)
    return Story(
        ticket_id=ticket_id,
        now=_second(now),
        created=_second(ticket[0]["created_at"]),
        status=bands["status"][-1].value,
        statuses=bands["status"],
        priorities=bands["priority"],
        groups=_named_groups(connection, bands["group_id"]),
        words=_words(connection, ticket_id, now),
        clocks=[_clock(clock, hours, _second(now)) for clock in _in_order(clocks)],
        marks=_marks(connection, ticket_id),
    )


def _in_order(clocks: Sequence[Clock]) -> list[Clock]:
    """Return the clocks as people know them: Zendesk's metrics first, the others as they began."""
    order = {name: place for place, name in enumerate(BY_NAME)}
    first: dict[str, int] = {}
    for clock in clocks:
        first.setdefault(clock.metric, clock.started_at or 0)
    return sorted(
        clocks,
        key=lambda one: (
            order.get(one.metric, len(order)),
            first[one.metric],
            one.metric,
            one.instance,
        ),
    )


def _clock(clock: Clock, hours: Hours, now: int) -> ClockLine:
    return ClockLine(
        title=title_of(clock.metric),
        instance=clock.instance,
        source=clock.source.value,
        state=clock.state.value,
        started=clock.started_at,
        ended=clock.fulfilled_at,
        due=clock.due_at,
        breached=clock.breach_at,
        elapsed=clock.elapsed_seconds,
        target=clock.target_seconds,
        business_hours=bool(clock.business_hours),
        policy=clock.policy_title,
        priority=clock.priority,
        explanation=explain(clock),
        pauses=clock.paused_spells,
        targets=[
            Target(
                at=each.applied_at,
                seconds=each.target_seconds,
                business_hours=each.business_hours,
                policy=each.policy_title,
                priority=each.priority,
            )
            for each in clock.targets
        ],
        openings=_openings(clock, hours, now),
    )


def _openings(clock: Clock, hours: Hours, now: int) -> list[tuple[int, int]]:
    """Return when the schedule of a clock was open, or will be, while the clock lasts."""
    time = hours.get((clock.schedule_id, clock.schedule_version))
    if clock.started_at is None or not isinstance(time, BusinessTime):
        return []
    end = clock.fulfilled_at or max(clock.due_at or 0, now)
    return list(time.openings(clock.started_at, end))


def _bands(
    connection: Connection, ticket_id: int, ticket: _Row, now: datetime
) -> dict[str, list[Band]]:
    """Return which values the fields had; a field without history always had its present one."""
    history = ticket_field_history
    query = (
        select(history.c.field, history.c.value, history.c.valid_from, history.c.valid_until)
        .where(
            history.c.ticket_id == ticket_id,
            history.c.field.in_(BANDS),
            history.c.valid_from <= now,
        )
        .order_by(history.c.valid_from, history.c.event_id)
    )
    found: dict[str, list[Band]] = {field: [] for field in BANDS}
    for row in _rows(connection, query):
        since, until = _second(row["valid_from"]), row["valid_until"]
        ends = None if until is None or until > now else _second(until)
        if since != ends:
            found[row["field"]].append(Band(row["value"] or "", since, ends))
    for field, bands in found.items():
        if not bands:
            value = "" if ticket[field] is None else str(ticket[field])
            bands.append(Band(value, _second(ticket["created_at"]), None))
    return found


def _named_groups(connection: Connection, bands: Sequence[Band]) -> list[Band]:
    ids = {int(band.value) for band in bands if band.value}
    query = select(groups.c.id, groups.c.name).where(groups.c.id.in_(ids))
    names = {str(row["id"]): row["name"] for row in _rows(connection, query)}
    return [Band(names.get(band.value, band.value), band.since, band.until) for band in bands]


def _marks(connection: Connection, ticket_id: int) -> list[str]:
    """Return what the desk knows of a ticket, as codes people use: A1, S2, zh ..."""
    marks = ticket_marks
    query = select(
        func.coalesce(marks.c.reason, marks.c.family),
        *(marks.c.severity, marks.c.language, marks.c.jurisdiction),
    ).where(marks.c.ticket_id == ticket_id)
    found = connection.execute(query).first() or ()
    return [value for value in found if value]


def _words(connection: Connection, ticket_id: int, now: datetime) -> list[Word]:
    comments = ticket_comments
    query = (
        select(comments.c.created_at, comments.c.public, users.c.role)
        .select_from(comments.outerjoin(users, users.c.id == comments.c.author_id))
        .where(
            comments.c.ticket_id == ticket_id,
            comments.c.deleted_at.is_(None),
            comments.c.created_at <= now,
        )
        .order_by(comments.c.created_at, comments.c.id)
    )
    return [Word(_second(row["created_at"]), _voice(row)) for row in _rows(connection, query)]


def _voice(row: _Row) -> Voice:
    if not row["public"]:
        return Voice.NOTE
    return Voice.STAFF if row["role"] in STAFF else Voice.CUSTOMER


def _rows(connection: Connection, query: Any) -> Sequence[_Row]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _second(moment: datetime) -> int:
    return int(moment.timestamp())
