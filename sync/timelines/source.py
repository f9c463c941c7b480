"""Reads a ticket's story from the warehouse: a fixed number of queries, no text of a comment."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from integrations.runtime.clock import parse_instant
from integrations.runtime.errors import BadInput
from sync.sla.explain import title_of
from sync.sla.metrics import BY_NAME
from sync.timelines.story import Band, ClockLine, Story, Target, Voice, Word
from sync.warehouse.tables.history import ticket_comments, ticket_field_history
from sync.warehouse.tables.marks import ticket_marks
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.sla import schedule_openings, sla_clock_targets, sla_clocks
from sync.warehouse.tables.tickets import tickets

STAFF = frozenset({"agent", "admin"})
BANDS = ("status", "priority", "group_id")

_Row = Mapping[str, Any]
_Hours = Mapping[tuple[int, int], Sequence[tuple[int, int]]]


def load_story(connection: Connection, ticket_id: int, *, now: datetime) -> Story:
    """Return what the warehouse knows of a ticket's life; clocks are as of their last refresh.

    Raises BadInput when there is no such ticket, or it was deleted.
    """
    ticket = _rows(connection, select(tickets).where(tickets.c.id == ticket_id))
    if not ticket or ticket[0]["deleted_at"] is not None:
        raise BadInput(
            f"The warehouse has no ticket {ticket_id}{', it was deleted' if ticket else ''}.",
            hint="check the number; `riskdesk sync run` brings what is missing.",
        )
    clocks = _clocks(connection, ticket_id)
    as_of = max((row["computed_at"] for row in clocks), default=now)
    bands = _bands(connection, ticket_id, ticket[0])
    targets = _targets(connection, ticket_id)
    hours = _hours(connection, clocks)
    return Story(
        ticket_id=ticket_id,
        now=_second(as_of),
        created=_second(ticket[0]["created_at"]),
        status=ticket[0]["status"],
        statuses=bands["status"],
        priorities=bands["priority"],
        groups=_named_groups(connection, bands["group_id"]),
        words=_words(connection, ticket_id),
        clocks=[_clock(row, targets, hours) for row in clocks],
        marks=_marks(connection, ticket_id),
    )


def _clocks(connection: Connection, ticket_id: int) -> Sequence[_Row]:
    query = select(sla_clocks).where(sla_clocks.c.ticket_id == ticket_id)
    found = _rows(connection, query.order_by(sla_clocks.c.metric, sla_clocks.c.instance))
    first = {row["metric"]: str(row["started_at"]) for row in reversed(found)}
    order = {name: place for place, name in enumerate(BY_NAME)}
    places = {name: (order.get(name, len(order)), began, name) for name, began in first.items()}
    return sorted(found, key=lambda row: places[row["metric"]])


def _clock(row: _Row, targets: Mapping[Any, Sequence[Target]], hours: _Hours) -> ClockLine:
    return ClockLine(
        title=title_of(row["metric"]),
        instance=row["instance"],
        source=row["source"],
        state=row["state"],
        started=_second_or_none(row["started_at"]),
        ended=_second_or_none(row["fulfilled_at"]),
        due=_second_or_none(row["due_at"]),
        breached=_second_or_none(row["breach_at"]),
        elapsed=row["elapsed_seconds"],
        target=row["target_seconds"],
        business_hours=bool(row["business_hours"]),
        policy=row["policy_title"],
        priority=row["priority"],
        explanation=row["explanation"],
        pauses=[
            (_second(parse_instant(since)), until and _second(parse_instant(until)))
            for since, until in row["paused_spells"]
        ],
        targets=targets.get((row["metric"], row["instance"]), ()),
        openings=hours.get((row["schedule_id"], row["schedule_version"] or 0), ()),
    )


def _targets(connection: Connection, ticket_id: int) -> Mapping[Any, Sequence[Target]]:
    found: defaultdict[tuple[str, int], list[Target]] = defaultdict(list)
    query = select(sla_clock_targets).where(sla_clock_targets.c.ticket_id == ticket_id)
    for row in _rows(connection, query.order_by(sla_clock_targets.c.position)):
        found[row["metric"], row["instance"]].append(
            Target(
                at=_second(row["applied_at"]),
                seconds=row["target_seconds"],
                business_hours=row["business_hours"],
                policy=row["policy_title"],
                priority=row["priority"],
            )
        )
    return found


def _hours(connection: Connection, clocks: Sequence[_Row]) -> _Hours:
    """Return the openings of the schedules that clocks count in, while the clocks last."""
    counted = [row for row in clocks if row["schedule_id"] is not None and row["started_at"]]
    found: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    if not counted:
        return found
    ends = [row[name] for row in counted for name in ("due_at", "fulfilled_at", "computed_at")]
    openings = schedule_openings
    query = (
        select(openings)
        .where(
            openings.c.schedule_id.in_({row["schedule_id"] for row in counted}),
            openings.c.closes_at >= min(row["started_at"] for row in counted),
            openings.c.opens_at <= max(at for at in ends if at is not None),
        )
        .order_by(openings.c.opens_at)
    )
    for row in _rows(connection, query):
        opening = (_second(row["opens_at"]), _second(row["closes_at"]))
        found[row["schedule_id"], row["schedule_version"]].append(opening)
    return found


def _bands(connection: Connection, ticket_id: int, ticket: _Row) -> dict[str, list[Band]]:
    """Return which values the fields had; a field without history always had its present one."""
    history = ticket_field_history
    query = (
        select(history.c.field, history.c.value, history.c.valid_from, history.c.valid_until)
        .where(history.c.ticket_id == ticket_id, history.c.field.in_(BANDS))
        .order_by(history.c.valid_from, history.c.event_id)
    )
    found: dict[str, list[Band]] = {field: [] for field in BANDS}
    for row in _rows(connection, query):
        since, until = _second(row["valid_from"]), _second_or_none(row["valid_until"])
        if since != until:
            found[row["field"]].append(Band(row["value"] or "", since, until))
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


def _words(connection: Connection, ticket_id: int) -> list[Word]:
    comments = ticket_comments
    query = (
        select(comments.c.created_at, comments.c.public, users.c.role)
        .select_from(comments.outerjoin(users, users.c.id == comments.c.author_id))
        .where(comments.c.ticket_id == ticket_id, comments.c.deleted_at.is_(None))
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


def _second_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else _second(moment)
