"""Pages by lists: nothing is left out at ties, at ends, after stops and in the archive."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from integrations.runtime.clock import format_instant
from integrations.zendesk.answers import read_json
from integrations.zendesk.auth import FixedLogin
from integrations.zendesk.client import ZendeskClient
from integrations.zendesk.export import Page
from sync.sources.lists import LAST_ID, OVERLAP, ZendeskLists
from tests.support.copying import EVERYTHING, START, import_tickets, quiet_change
from tests.support.sandbox import ADMIN, Desk, desk_on
from tests.support.zendesk import Clock, make_session

STREAMS = {stream.name: stream for stream in ZendeskLists.streams}
BEGINNING = datetime.fromtimestamp(0, tz=START.tzinfo)
Read = Callable[..., Iterator[Page]]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_on(seed=5, start=START, archive_after=timedelta(days=120)) as talking:
        yield talking


@pytest.fixture
def read(desk: Desk) -> Iterator[Read]:
    """Read a stream, from a cursor or a time on."""
    everything = {"requests_per_minute": EVERYTHING, "export_requests_per_minute": EVERYTHING}
    session = make_session(desk.sandbox.url, clock=Clock(), login=FixedLogin(ADMIN), **everything)
    source = ZendeskLists(ZendeskClient(session).session)

    def pages(name: str, cursor: str | None = None, start: datetime = BEGINNING) -> Iterator[Page]:
        stream = STREAMS[name]
        return source.pages(stream, stream.path, cursor=cursor, start=start)

    yield pages
    session.close()


def later(desk: Desk, by: timedelta) -> None:
    desk.set_clock(format_instant(desk.sandbox.state.clock.now() + by))


def past(day: int, **fields: Any) -> dict[str, Any]:
    """Build a ticket of the past, closed so many days ago."""
    moment = format_instant(START - timedelta(days=day))
    told = {"created_at": moment, "updated_at": moment, "status": "closed"}
    return {"subject": f"{day} days ago", "comment": {"body": "Old"}} | told | fields


def ids(pages: Iterator[Page] | list[Page]) -> list[int]:
    return [record["id"] for page in pages for record in page.objects()]


def test_more_than_a_thousand_changes_in_one_second_all_come(desk: Desk, read: Read) -> None:
    made = import_tickets(desk, [past(1) for _ in range(1_100)])

    assert sorted(ids(read("tickets"))) == made


def test_a_pull_that_was_stopped_in_the_middle_of_a_second_goes_on_there(
    desk: Desk, read: Read
) -> None:
    made = import_tickets(desk, [past(1) for _ in range(350)])
    found: list[int] = []
    cursor = None
    for _ in range(10):  # each time another process, killed after its first page
        page = next(read("tickets", cursor))
        found += ids([page])
        cursor = page.cursor
        if page.end:
            break

    assert sorted(found) == made


def test_the_next_pull_begins_before_the_newest_change(desk: Desk, read: Read) -> None:
    late = desk.ticket()["id"]
    later(desk, OVERLAP + timedelta(seconds=1))
    newest = desk.ticket()["id"]
    cursor = list(read("tickets"))[-1].cursor

    # A change becomes visible that bears an older time than one that was read already.
    record = desk.sandbox.state.tickets[late].record
    record["updated_at"] = format_instant(desk.sandbox.state.clock.now() - OVERLAP)
    desk.sandbox.state.tickets.refile(desk.sandbox.state.tickets[late])

    assert ids(read("tickets", cursor)) == [late, newest]
    assert ids(read("tickets", cursor)) == [late, newest]  # and however often it is asked for


def test_an_empty_account_keeps_its_place(desk: Desk, read: Read) -> None:
    (nothing,) = read("tickets")
    (still_nothing,) = read("tickets", start=desk.sandbox.state.clock.now())
    made = desk.ticket()["id"]

    assert (nothing.records, nothing.end, nothing.cursor) == ([], True, None)
    assert still_nothing.end
    assert ids(read("tickets", still_nothing.cursor)) == [made]


def test_changes_begin_with_the_second_that_is_asked_for(desk: Desk, read: Read) -> None:
    desk.ticket()
    later(desk, timedelta(seconds=1))
    second = desk.ticket()["id"]

    assert ids(read("tickets", start=desk.sandbox.state.clock.now())) == [second]


def test_metrics_ride_along_with_changed_tickets(desk: Desk, read: Read) -> None:
    made = desk.ticket()["id"]
    (page,) = read("tickets")

    assert [read_json(each)["ticket_id"] for each in page.sideloads["metric_sets"]] == [made]


def test_deletions_come_in_their_order(desk: Desk, read: Read) -> None:
    first, second = desk.ticket()["id"], desk.ticket()["id"]
    desk.delete(f"tickets/{second}")
    later(desk, timedelta(minutes=1))
    desk.delete(f"tickets/{first}")

    (page,) = read("ticket_deletions")

    assert ids([page]) == [second, first]
    assert ids(read("ticket_deletions", start=desk.sandbox.state.clock.now())) == [first]


def test_audits_of_all_tickets_come_from_the_oldest(desk: Desk, read: Read) -> None:
    made = desk.ticket()["id"]
    later(desk, timedelta(minutes=1))
    changed = desk.update(made, priority="high")["audit"]["id"]

    assert ids(read("ticket_events"))[-1] == changed
    assert ids(read("ticket_events", start=desk.sandbox.state.clock.now())) == [changed]


def test_a_sweep_sees_changes_without_a_new_time_and_begins_again(desk: Desk, read: Read) -> None:
    made = import_tickets(desk, [past(1) for _ in range(150)])
    quiet_change(desk, made[0], priority="urgent")
    first = next(read("ticket_sweep"))
    rest = list(read("ticket_sweep", first.cursor))

    assert first.objects()[0]["priority"] == "urgent"
    assert ids([first, *rest]) == made
    assert [page.span for page in (first, *rest)] == [(0, made[99]), (made[99], LAST_ID)]
    assert ids(read("ticket_sweep", rest[-1].cursor)) == made


def test_the_archive_is_found_with_its_metrics(desk: Desk, read: Read) -> None:
    made = import_tickets(desk, [past(day) for day in (119, 121, 122)])
    later(desk, timedelta(seconds=1))
    pages = list(read("archived_tickets"))

    assert ids(read("tickets")) == made[:1]
    assert sorted(ids(pages)) == made
    assert [each for page in pages for each in page.sideloads["metric_sets"]]
    assert "result_type" not in pages[0].objects()[0]
    assert sorted(ids(read("archived_tickets", pages[-1].cursor))) == made


def test_a_search_that_zendesk_forgot_goes_on_where_it_was(desk: Desk, read: Read) -> None:
    made = import_tickets(desk, [past(200 + number // 600) for number in range(1_300)])
    first = next(read("archived_tickets"))
    later(desk, timedelta(hours=2))  # the cursor of a search dies after one
    rest = list(read("archived_tickets", first.cursor))

    assert set(ids([first, *rest])) == set(made)
    assert len(ids(rest)) < len(made) - 500  # not from the beginning


def test_deleted_users_come_whole(desk: Desk, read: Read) -> None:
    user = desk.post("users", {"user": {"name": "Ana", "email": "ana@customer.example"}})["user"]
    desk.delete(f"users/{user['id']}")
    (page,) = read("deleted_users")

    (record,) = page.objects()
    assert (record["id"], record["active"], record["email"]) == (user["id"], False, None)
    assert {"user_fields", "suspended", "tags"} <= record.keys()


def test_what_only_exports_tell_is_named_with_its_reason() -> None:
    assert set(ZendeskLists.missing) == {"ticket_metric_events"}
    assert "ticket_metric_events" not in STREAMS
    assert not any("incremental" in stream.path for stream in ZendeskLists.streams)
