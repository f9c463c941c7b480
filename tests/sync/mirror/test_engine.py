"""Whole runs of the mirror over pages that a test writes down."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine

from integrations.runtime.database import transaction
from integrations.runtime.errors import RecordGone, ZendeskRetryable
from integrations.zendesk.export import Page
from sync.mirror import cursors
from sync.mirror import engine as mirror
from sync.streams.registry import BY_NAME
from sync.warehouse.tables.cursors import sync_cursors
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.people import groups
from sync.warehouse.tables.policies import schedule_holidays, schedules
from sync.warehouse.tables.quarantine import quarantined_records
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from tests.support.mirror import (
    NOON,
    WrittenPages,
    as_ticket_event,
    at,
    established,
    exported,
    make_audit,
    make_comment,
    make_group,
    make_page,
    make_ticket,
    make_user,
    rows,
)


class CrashError(Exception):
    """The process dies here."""


def copy(
    engine: Engine, name: str, *pages: Page | Exception, on_page: mirror.OnPage | None = None
) -> mirror.StreamResult:
    """Run one stream over these pages."""
    stream = BY_NAME[name]
    established(engine, stream)
    source = WrittenPages({stream.path: pages})
    (result,) = mirror.run(engine, source, [stream], now=NOON, on_page=on_page)
    return result


BUSY = ZendeskRetryable("Zendesk is busy.", hint="wait.", status=503)


def test_pages_are_stored_with_their_cursor(any_engine: Engine) -> None:
    result = copy(
        any_engine,
        "tickets",
        make_page(exported(make_ticket(1), generated=0), cursor="a"),
        make_page(exported(make_ticket(2), generated=1), cursor="b", end=True),
    )

    assert (result.rows, result.pages, result.error) == (2, 2, None)
    assert result.lag == timedelta(minutes=1), "exports leave their newest minute out"
    (position,) = rows(any_engine, sync_cursors)
    assert (position["cursor"], position["caught_up_at"]) == ("b", NOON)


def test_next_run_goes_on_at_the_cursor(any_engine: Engine) -> None:
    copy(any_engine, "tickets", make_page(make_ticket(1), cursor="a", end=True))
    source = WrittenPages({})
    mirror.run(any_engine, source, [BY_NAME["tickets"]], now=NOON)

    assert source.asked == [("tickets", "a", mirror.BEGINNING)]


def test_cursor_survives_an_empty_page_past_the_end(any_engine: Engine) -> None:
    copy(any_engine, "tickets", make_page(make_ticket(1), cursor="a", end=True))
    copy(any_engine, "tickets", make_page(cursor=None, end=True, minutes=9))

    (position,) = rows(any_engine, sync_cursors)
    assert position["cursor"] == "a"
    assert position["caught_up_at"] == NOON + timedelta(minutes=9)


def test_crash_inside_a_page_leaves_neither_its_rows_nor_its_cursor(any_engine: Engine) -> None:
    def crash_on_second(_connection: Connection, _stream: str, ids: Collection[int]) -> None:
        if 2 in ids:
            raise CrashError

    pages = [make_page(make_ticket(n), cursor=str(n), end=n == 3) for n in (1, 2, 3)]
    with pytest.raises(CrashError):
        copy(any_engine, "tickets", *pages, on_page=crash_on_second)
    assert [row["id"] for row in rows(any_engine, tickets)] == [1]
    assert rows(any_engine, sync_cursors)[0]["cursor"] == "1"

    copy(any_engine, "tickets", *pages[1:])
    assert [row["id"] for row in rows(any_engine, tickets)] == [1, 2, 3]


def test_same_pages_again_change_nothing(any_engine: Engine) -> None:
    audit = as_ticket_event(make_audit(70, [make_comment(71)]))
    pages = [make_page(audit, cursor="1", end=False), make_page(audit, cursor="2", end=True)]
    copy(any_engine, "ticket_events", *pages)
    first = rows(any_engine, ticket_comments)
    copy(any_engine, "ticket_events", *pages)

    assert len(first) == 1
    assert rows(any_engine, ticket_comments) == first


def test_pages_out_of_order_end_in_the_newest_state(any_engine: Engine) -> None:
    new = exported(make_ticket(updated=9, status="solved"), generated=9)
    old = exported(make_ticket(updated=1, status="open"), generated=1)
    copy(any_engine, "tickets", make_page(new, cursor="a"), make_page(old, cursor="b", end=True))

    assert rows(any_engine, tickets)[0]["status"] == "solved"


def test_deleted_ticket_is_marked(any_engine: Engine) -> None:
    copy(any_engine, "tickets", make_page(exported(make_ticket(), generated=0), cursor="a"))
    gone = exported(make_ticket(status="deleted", updated=3), generated=3)
    copy(any_engine, "tickets", make_page(gone, cursor="b", end=True))

    (ticket,) = rows(any_engine, tickets)
    assert (ticket["status"], ticket["deleted_at"]) == ("deleted", NOON + timedelta(minutes=3))


def test_bad_record_is_kept_aside_and_counted(any_engine: Engine) -> None:
    result = copy(
        any_engine,
        "tickets",
        make_page(make_ticket(1), make_ticket(2, created_at=5), "x", end=True),
    )

    assert (result.rows, result.quarantined, result.error) == (1, 2, None)
    assert len(rows(any_engine, quarantined_records)) == 2


def test_callback_gets_only_what_was_stored(any_engine: Engine) -> None:
    got: list[tuple[str, list[int]]] = []

    def note(_connection: Connection, stream: str, ids: Collection[int]) -> None:
        got.append((stream, [*ids]))

    page = make_page(make_ticket(1), make_ticket(2, status=None), None, end=True)
    copy(any_engine, "tickets", page, on_page=note)

    assert got == [("tickets", [1])]


def test_sideloaded_metrics_are_stored(any_engine: Engine) -> None:
    metrics = {"id": 88, "ticket_id": 1, "updated_at": at(), "replies": 2}
    page = make_page(make_ticket(1), end=True, metric_sets=[metrics])
    copy(any_engine, "tickets", page)

    assert rows(any_engine, ticket_metrics)[0]["replies"] == 2


def test_group_missing_from_the_full_list_is_marked_deleted(any_engine: Engine) -> None:
    copy(any_engine, "groups", make_page(make_group(1), make_group(2), end=True))
    result = copy(any_engine, "groups", make_page(make_group(2), end=True, minutes=5))

    assert result.deleted == 1
    assert [row["deleted_at"] for row in rows(any_engine, groups)] == [
        NOON + timedelta(minutes=5),
        None,
    ]


def test_group_that_comes_back_is_alive_again(any_engine: Engine) -> None:
    for minutes, present in ((0, [make_group(1)]), (1, []), (2, [make_group(1)])):
        copy(any_engine, "groups", make_page(*present, end=True, minutes=minutes))

    assert rows(any_engine, groups)[0]["deleted_at"] is None


def test_list_that_broke_off_marks_nothing_deleted(any_engine: Engine) -> None:
    copy(any_engine, "groups", make_page(make_group(1), make_group(2), end=True))
    result = copy(any_engine, "groups", make_page(make_group(1)), BUSY)

    assert result.error == "Zendesk is busy."
    assert [row["deleted_at"] for row in rows(any_engine, groups)] == [None, None]


def test_holidays_are_read_for_every_schedule_and_a_vanished_schedule_is_no_error(
    any_engine: Engine,
) -> None:
    times = {"time_zone": "UTC", "intervals": [], "updated_at": at()}
    listed = [{"id": number, "name": f"Schedule {number}"} | times for number in (1, 2)]
    holiday = {"id": 5, "name": "春节", "start_date": "2025-01-28", "end_date": "2025-02-04"}
    path = BY_NAME["schedule_holidays"].path
    source = WrittenPages(
        {
            BY_NAME["schedules"].path: [make_page(*listed, end=True)],
            path.format(parent_id=1): [make_page(holiday, end=True)],
            path.format(parent_id=2): [RecordGone("gone", hint="none")],
        }
    )
    chosen = [BY_NAME["schedules"], BY_NAME["schedule_holidays"]]
    results = mirror.run(any_engine, source, chosen, now=NOON)

    assert [result.error for result in results] == [None, None]
    assert len(rows(any_engine, schedules)) == 2
    (row,) = rows(any_engine, schedule_holidays)
    assert (row["schedule_id"], row["name"], row["end_date"].month) == (1, "春节", 2)


def test_stream_that_fails_is_reported_and_the_others_are_copied(any_engine: Engine) -> None:
    source = WrittenPages(
        {
            BY_NAME["tickets"].path: [make_page(make_ticket(1), cursor="a"), BUSY],
            BY_NAME["users"].path: [make_page(make_user(), cursor="u", end=True)],
        }
    )
    chosen = [BY_NAME["tickets"], BY_NAME["users"]]
    established(any_engine, *chosen)
    still = mirror.Shift(timer=lambda: 0.0)
    failed, fine = mirror.run(any_engine, source, chosen, now=NOON, shift=still)

    assert (failed.rows, failed.error, failed.hint) == (1, "Zendesk is busy.", "wait.")
    assert failed.lag is None
    assert (fine.rows, fine.error) == (1, None)
    by_stream = {row["stream"]: row for row in rows(any_engine, sync_cursors)}
    assert (by_stream["tickets"]["cursor"], by_stream["tickets"]["failed_at"]) == ("a", NOON)
    assert by_stream["users"]["error"] is None


def test_stream_that_failed_before_its_first_page_can_be_seen(any_engine: Engine) -> None:
    copy(any_engine, "tickets", BUSY)

    assert rows(any_engine, sync_cursors)[0]["error"] == "Zendesk is busy."


def test_two_runs_at_once_never_move_the_cursor_back(any_engine: Engine) -> None:
    def get_ahead() -> None:
        source.after_page = lambda: None
        with transaction(any_engine) as connection:
            before = cursors.read(connection, "tickets")
            cursors.write(connection, replace(before, cursor="z", pages=before.pages + 1))

    stream = BY_NAME["tickets"]
    established(any_engine, stream)
    pages = [make_page(make_ticket(1), cursor=cursor) for cursor in ("a", "b")]
    source = WrittenPages({stream.path: pages}, after_page=get_ahead)
    (result,) = mirror.run(any_engine, source, [stream], now=NOON)

    assert "Another run" in (result.error or "")
    assert rows(any_engine, sync_cursors)[0]["cursor"] == "z"


def test_database_that_fails_in_one_stream_does_not_stop_the_others(sqlite_engine: Engine) -> None:
    tickets.drop(sqlite_engine)
    failed = copy(sqlite_engine, "tickets", make_page(make_ticket(), end=True))
    fine = copy(sqlite_engine, "users", make_page(make_user(), end=True))

    assert "The database failed while tickets was copied" in (failed.error or "")
    assert (fine.rows, fine.error) == (1, None)
