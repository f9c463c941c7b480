"""Raw pages: cursors, ends, and pages with damaged records."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import responses
from msgspec import Raw

from integrations.runtime.errors import AnswerTooSlow, ZendeskRefused, ZendeskRetryable
from integrations.zendesk.export import Page, cursor_export, list_export, search_export, time_export
from tests.support.zendesk import ACCOUNT, Clock, make_session

CURSOR = "/api/v2/incremental/tickets/cursor.json"
EVENTS = "/api/v2/incremental/ticket_events.json"
GROUPS = "/api/v2/groups.json"
NOON_S = 1741003200  # 2025-03-03T12:00:00Z


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def asked(wire: responses.RequestsMock) -> list[dict[str, str]]:
    return [dict(parse_qsl(urlsplit(call.request.url or "").query)) for call in wire.calls]


def tickets(*ids: int, **envelope: Any) -> dict[str, Any]:
    return {"tickets": [{"id": number} for number in ids], **envelope}


def ids(pages: list[Page]) -> list[int]:
    return [record["id"] for page in pages for record in page.objects()]


def test_a_cursor_export_goes_from_its_start_to_the_end(wire: responses.RequestsMock) -> None:
    url = ACCOUNT + CURSOR
    wire.get(url, json=tickets(1, 2, after_cursor="b", end_of_stream=False))
    wire.get(url, json=tickets(3, after_cursor="c", end_of_stream=True))

    pages = list(
        cursor_export(
            make_session(),
            CURSOR,
            "tickets",
            start_time=1700000000,
            cursor=None,
            include=("metric_sets", "users"),
        )
    )

    assert ids(pages) == [1, 2, 3]
    assert [(page.cursor, page.end) for page in pages] == [("b", False), ("c", True)]
    assert asked(wire) == [
        {"start_time": "1700000000", "include": "metric_sets,users"},
        {"cursor": "b", "include": "metric_sets,users"},
    ]


def test_sideloads_travel_with_their_page(wire: responses.RequestsMock) -> None:
    body = tickets(1, users=[{"id": 9}], metric_sets=[{"id": 8}, None], count=1, end_of_stream=True)
    wire.get(ACCOUNT + CURSOR, json=body)

    (page,) = cursor_export(make_session(), CURSOR, "tickets", start_time=0, cursor=None)

    assert page.sideloads == {
        "users": [Raw(b'{"id": 9}')],
        "metric_sets": [Raw(b'{"id": 8}'), Raw(b"null")],
    }


def test_past_the_end_the_last_cursor_is_kept(wire: responses.RequestsMock) -> None:
    wire.get(ACCOUNT + CURSOR, json=tickets(after_cursor=None, end_of_stream=True))

    (page,) = cursor_export(make_session(), CURSOR, "tickets", start_time=None, cursor="last")

    assert (page.cursor, page.end, page.records) == ("last", True, [])


def test_a_cursor_that_does_not_move_ends_the_export(wire: responses.RequestsMock) -> None:
    wire.get(ACCOUNT + CURSOR, json=tickets(1, after_cursor="same", end_of_stream=False))

    (page,) = cursor_export(make_session(), CURSOR, "tickets", start_time=None, cursor="same")

    assert page.end


def test_a_time_export_goes_on_where_the_page_ended(wire: responses.RequestsMock) -> None:
    url = ACCOUNT + EVENTS
    link = f"{url}?start_time=200"
    wire.get(
        url,
        json={
            "ticket_events": [{"id": 1}],
            "end_time": 200,
            "end_of_stream": False,
            "next_page": link,
        },
    )
    wire.get(
        url,
        json={
            "ticket_events": [{"id": 2}],
            "end_time": 300,
            "end_of_stream": True,
            "next_page": link,
        },
    )

    pages = list(
        time_export(
            make_session(),
            EVENTS,
            "ticket_events",
            start_time=100,
            cursor=None,
            include=("comment_events",),
        )
    )

    assert [(page.cursor, page.end) for page in pages] == [("200", False), ("300", True)]
    assert [query["start_time"] for query in asked(wire)] == ["100", "200"]
    assert all(query["include"] == "comment_events" for query in asked(wire))


@pytest.mark.parametrize(
    "envelope",
    [
        pytest.param({"end_time": 300, "end_of_stream": True}, id="end of stream"),
        pytest.param({"end_time": 300}, id="repeats its own start for ever"),
        pytest.param({"end_time": None}, id="no end time"),
        pytest.param({}, id="nothing but records"),
        pytest.param({"end_time": 100}, id="goes back in time"),
    ],
)
def test_a_time_export_never_loops_at_its_end(
    wire: responses.RequestsMock, envelope: dict[str, Any]
) -> None:
    link = f"{ACCOUNT}{EVENTS}?start_time=300"
    wire.get(ACCOUNT + EVENTS, json={"ticket_events": [], "next_page": link, **envelope})

    (page,) = time_export(make_session(), EVENTS, "ticket_events", start_time=None, cursor="300")

    assert (page.cursor, page.end) == ("300", True)


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        pytest.param("300", NOON_S + 1, id="a page ends ahead of the present"),
        pytest.param(str(NOON_S + 900), NOON_S + 900, id="it began ahead of the present"),
    ],
)
def test_a_time_export_never_walks_into_the_future(
    wire: responses.RequestsMock, start: str, ends: int
) -> None:
    link = f"{ACCOUNT}{EVENTS}?start_time={ends}"
    wire.get(
        ACCOUNT + EVENTS,
        json={"ticket_events": [{"id": 1}], "end_time": ends, "next_page": link},
        headers={"Date": "Mon, 03 Mar 2025 12:00:00 GMT"},
    )

    (page,) = time_export(make_session(), EVENTS, "ticket_events", start_time=None, cursor=start)

    assert (page.cursor, page.end) == (str(NOON_S - 60), True)


@pytest.mark.parametrize(
    ("ends", "begins"),
    [
        pytest.param(NOON_S - 61, NOON_S - 61, id="older than a minute"),
        pytest.param(NOON_S, NOON_S - 60, id="at the present"),
    ],
)
def test_next_run_of_a_time_export_never_begins_within_the_newest_minute(
    wire: responses.RequestsMock, ends: int, begins: int
) -> None:
    wire.get(
        ACCOUNT + EVENTS,
        json={"ticket_events": [], "end_time": ends, "end_of_stream": True},
        headers={"Date": "Mon, 03 Mar 2025 12:00:00 GMT"},
    )

    (page,) = time_export(make_session(), EVENTS, "ticket_events", start_time=1, cursor=None)

    assert page.cursor == str(begins)


def test_a_list_with_cursors_is_followed_to_its_end(wire: responses.RequestsMock) -> None:
    url = ACCOUNT + GROUPS
    wire.get(url, json={"groups": [{"id": 1}], "meta": {"has_more": True, "after_cursor": "x"}})
    wire.get(url, json={"groups": [{"id": 2}], "meta": {"has_more": False, "after_cursor": "y"}})

    pages = list(list_export(make_session(), GROUPS, "groups", include=("users",)))

    assert ids(pages) == [1, 2]
    assert asked(wire) == [
        {"page[size]": "100", "include": "users"},
        {"page[size]": "100", "include": "users", "page[after]": "x"},
    ]


def test_a_list_with_page_numbers_is_followed_by_its_links(wire: responses.RequestsMock) -> None:
    link = "https://support.acme.example/api/v2/groups.json?page=2"  # the account's other name
    wire.get(ACCOUNT + GROUPS, json={"groups": [{"id": 1}], "next_page": link, "count": 2})
    wire.get(ACCOUNT + GROUPS, json={"groups": [{"id": 2}], "next_page": None, "count": 2})

    pages = list(list_export(make_session(), GROUPS, "groups"))

    assert ids(pages) == [1, 2]
    assert asked(wire)[1] == {"page": "2"}


def test_a_list_on_one_page_is_one_page(wire: responses.RequestsMock) -> None:
    wire.get(ACCOUNT + GROUPS, json={"groups": [{"id": 1}]})

    (page,) = list_export(make_session(), GROUPS, "groups", params={"page[size]": 1000})

    assert page.end
    assert asked(wire) == [{"page[size]": "1000"}]


def test_a_list_that_repeats_itself_is_refused(wire: responses.RequestsMock) -> None:
    body = {"groups": [{"id": 1}], "meta": {"has_more": True, "after_cursor": "x"}}
    wire.get(ACCOUNT + GROUPS, json=body)

    with pytest.raises(ZendeskRefused, match="repeats the same page"):
        list(list_export(make_session(), GROUPS, "groups"))


def test_entries_that_are_no_records_do_not_cost_the_page(wire: responses.RequestsMock) -> None:
    body = b'{"tickets":[{"id":1},null,"x",{"id":2,"subject":"\\ud83d"}],"end_of_stream":true}'
    wire.get(ACCOUNT + CURSOR, body=body)

    (page,) = cursor_export(make_session(), CURSOR, "tickets", start_time=0, cursor=None)

    assert ids([page]) == [1, 2]
    assert page.records[1:] == [Raw(b"null"), Raw(b'"x"'), Raw(b'{"id":2,"subject":"\\ud83d"}')]


@pytest.mark.parametrize(
    "body", [b"{}", b'{"tickets":null}', b'{"tickets":{}}', b"<html>"], ids=str
)
def test_a_page_without_its_records_is_not_taken_for_an_empty_one(
    wire: responses.RequestsMock, body: bytes
) -> None:
    wire.get(ACCOUNT + CURSOR, body=body)

    with pytest.raises(ZendeskRetryable):
        list(cursor_export(make_session(), CURSOR, "tickets", start_time=0, cursor=None))


def test_a_page_carries_the_clock_of_zendesk(wire: responses.RequestsMock) -> None:
    wire.get(
        ACCOUNT + CURSOR,
        json=tickets(end_of_stream=True),
        headers={"Date": "Wed, 21 Oct 2026 07:28:00 GMT"},
    )

    (page,) = cursor_export(make_session(), CURSOR, "tickets", start_time=0, cursor=None)

    assert page.server_time.isoformat() == "2026-10-21T07:28:00+00:00"


def too_slow_above(wire: responses.RequestsMock, largest: int, pages: int) -> list[int]:
    """Answer 504 to pages above a size; return the sizes that were asked for."""
    sizes: list[int] = []

    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        query = dict(parse_qsl(urlsplit(request.url or "").query))
        sizes.append(int(query.get("per_page", 1000)))
        if sizes[-1] > largest:
            return 504, {}, "<html>"
        served = sum(size <= largest for size in sizes)
        body = tickets(served, after_cursor=f"c{served}", end_of_stream=served >= pages)
        return 200, {}, json.dumps(body)

    wire.add_callback("GET", ACCOUNT + CURSOR, answer)
    return sizes


def test_pages_that_come_too_late_get_smaller_until_they_come(
    wire: responses.RequestsMock,
) -> None:
    sizes, clock = too_slow_above(wire, 300, pages=2), Clock()
    pages = list(
        cursor_export(make_session(clock=clock), CURSOR, "tickets", start_time=0, cursor=None)
    )

    assert sizes == [1000, 500, 250, 250]
    assert ids(pages) == [1, 2]
    assert clock.slept == []


def test_pages_grow_again_after_a_while(wire: responses.RequestsMock) -> None:
    sizes = too_slow_above(wire, 600, pages=12)
    list(cursor_export(make_session(), CURSOR, "tickets", start_time=0, cursor=None))

    assert sizes == [1000, *[500] * 5, 1000, *[500] * 5, 1000, *[500] * 2]


def test_a_page_that_never_comes_in_time_ends_in_the_error(wire: responses.RequestsMock) -> None:
    sizes = too_slow_above(wire, 0, pages=1)

    with pytest.raises(AnswerTooSlow):
        list(cursor_export(make_session(), CURSOR, "tickets", start_time=0, cursor=None))
    assert sizes == [1000, 500, 250, 125, 62, 31, 15, *[10] * 6]


def test_a_list_asks_for_smaller_pages_too(wire: responses.RequestsMock) -> None:
    wire.get(ACCOUNT + GROUPS, body=requests.ReadTimeout())
    wire.get(ACCOUNT + GROUPS, json={"groups": [{"id": 1}]})
    list(list_export(make_session(), GROUPS, "groups"))

    assert [query["page[size]"] for query in asked(wire)] == ["100", "50"]


def test_a_cut_page_is_asked_for_again_at_its_size(wire: responses.RequestsMock) -> None:
    wire.get(ACCOUNT + CURSOR, body=b'{"tickets":[{"id":')
    wire.get(ACCOUNT + CURSOR, json=tickets(1, end_of_stream=True))
    (page,) = cursor_export(make_session(), CURSOR, "tickets", start_time=0, cursor=None)

    assert ids([page]) == [1]
    assert all("per_page" not in query for query in asked(wire))


def test_the_last_cursor_of_a_list_is_where_a_later_run_goes_on(
    wire: responses.RequestsMock,
) -> None:
    path = "/api/v2/incremental/ticket_metric_events.json"
    meta = {"has_more": False, "after_cursor": "z"}
    wire.get(ACCOUNT + path, json={"ticket_metric_events": [{"id": 1}], "meta": meta})
    wire.get(
        ACCOUNT + path,
        json={"ticket_metric_events": [], "meta": {"has_more": False, "after_cursor": None}},
    )
    (first,) = list_export(make_session(), path, "ticket_metric_events", params={"start_time": 100})
    (again,) = list_export(make_session(), path, "ticket_metric_events", cursor=first.cursor)

    assert (first.cursor, again.cursor) == ("z", "z")


def test_a_search_export_names_the_kind_of_record(wire: responses.RequestsMock) -> None:
    url = f"{ACCOUNT}/api/v2/search/export.json"
    wire.get(url, json={"results": [{"id": 7}], "meta": {"has_more": False}})

    assert ids(list(search_export(make_session(), "tags:risk_s1", "ticket"))) == [7]
    assert asked(wire)[0] == {
        "query": "tags:risk_s1",
        "filter[type]": "ticket",
        "page[size]": "100",
    }
