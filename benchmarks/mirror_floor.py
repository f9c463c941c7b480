"""The floor of benchmarks/mirror.py: copying tickets as plainly as it can be done honestly."""

from datetime import datetime
from typing import Any

import msgspec
import psycopg
import requests
from msgspec import Raw
from sqlalchemy import Engine

TICKETS_PATH = "/api/v2/incremental/tickets/cursor.json"

Wide = (
    *("id", "subject", "description", "status", "custom_status_id", "priority", "type"),
    *("requester_id", "submitter_id", "assignee_id", "group_id", "organization_id", "brand_id"),
    *("ticket_form_id", "problem_id", "external_id", "recipient", "is_public", "due_at", "tags"),
    *("custom_fields", "created_at", "updated_at", "generated_timestamp"),
)
TEXTS = frozenset(
    {"subject", "description", "status", "priority", "type", "external_id", "recipient"}
)
TIMES = frozenset({"due_at", "created_at", "updated_at"})
LISTS = frozenset({"tags", "custom_fields"})
COUNTS = ("reopens", "replies", "assignee_stations", "group_stations")
MOMENTS = (
    *("assigned_at", "initially_assigned_at", "status_updated_at", "latest_comment_added_at"),
    *("solved_at", "created_at", "updated_at"),
)
DURATIONS = (
    *("reply_time_in_minutes", "first_resolution_time_in_minutes", "on_hold_time_in_minutes"),
    *("full_resolution_time_in_minutes", "requester_wait_time_in_minutes"),
    "agent_wait_time_in_minutes",
)


class Via(msgspec.Struct):
    """The part of `via` that is a column."""

    channel: str | None = None


class Both(msgspec.Struct):
    """A duration on two clocks."""

    calendar: int | None = None
    business: int | None = None


def _type(name: str) -> Any:
    if name in TEXTS:
        return str | None
    if name in TIMES:
        return datetime | None
    return Raw if name in LISTS else (bool | None if name == "is_public" else int | None)


PlainTicket = msgspec.defstruct(
    "PlainTicket",
    [*((n, _type(n)) for n in Wide if n not in LISTS), *((n, Raw) for n in LISTS), ("via", Via)],
)
PlainMetrics = msgspec.defstruct(
    "PlainMetrics",
    [
        *((n, int) for n in ("id", "ticket_id", *COUNTS)),
        *((n, datetime | None) for n in MOMENTS),
        *((n, Both) for n in DURATIONS),
    ],
)


class Envelope(msgspec.Struct):
    """A page: its records stay bytes, because they are stored as they came."""

    tickets: list[Raw]
    metric_sets: list[Raw]
    after_cursor: str
    end_of_stream: bool


def _sql_type(name: str) -> str:
    if name in TEXTS or name == "via_channel":
        return "text"
    if name in TIMES or name in MOMENTS:
        return "timestamptz"
    if name in LISTS or name == "raw":
        return "jsonb"
    return "boolean" if name == "is_public" else "bigint"


TICKET_COLUMNS = (*Wide, "via_channel", "raw")
METRIC_COLUMNS = (
    *("id", "ticket_id", *COUNTS, *MOMENTS),
    *(f"{name}_{clock}" for name in DURATIONS for clock in ("calendar", "business")),
    "raw",
)
TARGETS = (
    ("floor_tickets", TICKET_COLUMNS, "generated_timestamp"),
    ("floor_metrics", METRIC_COLUMNS, "updated_at"),
)


def _ticket_row(record: Any, raw: Raw) -> list[Any]:
    row = [getattr(record, name) for name in Wide]
    row[19], row[20] = str(row[19], "utf-8"), str(row[20], "utf-8")
    return [*row, record.via.channel, str(raw, "utf-8")]


def _metric_row(record: Any, raw: Raw) -> list[Any]:
    row = [getattr(record, name) for name in ("id", "ticket_id", *COUNTS, *MOMENTS)]
    for name in DURATIONS:
        both = getattr(record, name)
        row += (both.calendar, both.business)
    return [*row, str(raw, "utf-8")]


def _floor_upsert(table: str, columns: tuple[str, ...], clock: str) -> str:
    names = ", ".join(columns)
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "id")
    return (  # names are all our own
        f"INSERT INTO {table} ({names}) SELECT {names} FROM staged_{table} ORDER BY id "  # noqa: S608
        f"ON CONFLICT (id) DO UPDATE SET {changes} WHERE excluded.{clock} >= {table}.{clock}"
    )


def floor(url: str, engine: Engine) -> None:
    """Copy all tickets as plainly as it can be done without losing what was asked for."""
    decode_page = msgspec.json.Decoder(Envelope).decode
    decoders = [msgspec.json.Decoder(each).decode for each in (PlainTicket, PlainMetrics)]
    session, cursor = requests.Session(), "0"
    dsn = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn) as connection:
        for table, columns, _ in TARGETS:
            spec = ", ".join(f"{name} {_sql_type(name)}" for name in columns)
            connection.execute(f"CREATE TABLE {table} ({spec}, PRIMARY KEY (id))")
            connection.execute(f"CREATE TEMP TABLE staged_{table} ({spec}) ON COMMIT DELETE ROWS")
        connection.execute("CREATE TABLE floor_cursor (cursor text)")
        connection.execute("INSERT INTO floor_cursor VALUES (NULL)")
        connection.commit()
        while True:
            query = {"cursor": cursor, "include": "metric_sets"}
            answer = session.get(url + TICKETS_PATH, params=query, timeout=60)
            answer.raise_for_status()
            page = decode_page(answer.content)
            for target, decode, shape, records in zip(
                TARGETS,
                decoders,
                (_ticket_row, _metric_row),
                (page.tickets, page.metric_sets),
                strict=True,
            ):
                with connection.cursor().copy(f"COPY staged_{target[0]} FROM STDIN") as copy:
                    for raw in records:
                        copy.write_row(shape(decode(raw), raw))
                connection.execute(_floor_upsert(*target))
            connection.execute("UPDATE floor_cursor SET cursor = %s", (page.after_cursor,))
            connection.commit()
            cursor = page.after_cursor
            if page.end_of_stream:
                return
