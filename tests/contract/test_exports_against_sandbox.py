"""Exports and lists of the real client against the sandbox, over a real socket."""

import pytest

from integrations.zendesk.client import ZendeskClient
from integrations.zendesk.export import cursor_export, list_export, time_export
from tests.support.contract import BEARER, TICKETS, client, complaint, connected, url

__all__ = ["client", "url"]

CURSOR = "/api/v2/incremental/tickets/cursor.json"
EVENTS = "/api/v2/incremental/ticket_events.json"


def test_the_cursor_export_finds_every_ticket_once_and_then_nothing(url: str) -> None:
    client = connected(url, BEARER)
    pages = list(
        cursor_export(
            client.session,
            CURSOR,
            "tickets",
            start_time=0,
            cursor=None,
            include=("metric_sets", "users"),
            params={"per_page": 50},
        )
    )
    found = [ticket["id"] for page in pages for ticket in page.objects()]
    again = list(
        cursor_export(client.session, CURSOR, "tickets", start_time=None, cursor=pages[-1].cursor)
    )

    assert len(set(found)) == len(found) >= TICKETS
    assert [page.end for page in pages] == [False] * (len(pages) - 1) + [True]
    assert len(pages) > 2
    assert all(page.sideloads["metric_sets"] and page.sideloads["users"] for page in pages[:1])
    assert [page.records for page in again] == [[]]
    assert again[-1].cursor == pages[-1].cursor


def test_the_cursor_export_goes_on_with_what_changed(url: str) -> None:
    client = connected(url, BEARER)
    *_, last = cursor_export(client.session, CURSOR, "tickets", start_time=0, cursor=None)
    ticket = complaint(client, "changed")
    pages = list(
        cursor_export(client.session, CURSOR, "tickets", start_time=None, cursor=last.cursor)
    )

    assert [record["id"] for page in pages for record in page.objects()] == [ticket["id"]]


def test_the_event_export_brings_every_comment_and_ends(client: ZendeskClient) -> None:
    ticket = complaint(client, "events")
    pages = list(
        time_export(
            client.session,
            EVENTS,
            "ticket_events",
            start_time=0,
            cursor=None,
            include=("comment_events",),
        )
    )
    events = [event for page in pages for event in page.objects()]
    mine = [event for event in events if event["ticket_id"] == ticket["id"]]
    comments = [
        child
        for event in mine
        for child in event["child_events"]
        if child.get("event_type") == "Comment"
    ]
    again = list(
        time_export(
            client.session, EVENTS, "ticket_events", start_time=None, cursor=pages[-1].cursor
        )
    )

    assert pages[-1].end
    assert comments[0]["body"] == "My account is frozen."
    assert len(again) == 1


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/api/v2/users.json", "users"),
        ("/api/v2/groups.json", "groups"),
        ("/api/v2/ticket_fields.json", "ticket_fields"),
        ("/api/v2/slas/policies.json", "sla_policies"),
    ],
)
def test_lists_come_whole_in_pages_of_any_size(client: ZendeskClient, path: str, key: str) -> None:
    whole = [r["id"] for page in list_export(client.session, path, key) for r in page.objects()]
    pages = list(list_export(client.session, path, key, params={"page[size]": 3}))
    piecewise = [record["id"] for page in pages for record in page.objects()]

    assert whole
    assert sorted(piecewise) == sorted(whole)


def test_lists_by_page_number_come_whole_too(client: ZendeskClient) -> None:
    path = "/api/v2/users.json"
    whole = [r["id"] for page in list_export(client.session, path, "users") for r in page.objects()]
    answer = client.session.read(path, {"per_page": 7, "page": 1})
    numbered = [record["id"] for record in answer["users"]]
    while answer["next_page"]:
        answer = client.session.get(answer["next_page"]).json()
        numbered += [record["id"] for record in answer["users"]]

    assert sorted(numbered) == sorted(whole)
