"""Metric events and SLA clocks as clients read them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlparse

import msgspec
import pytest

from integrations.sandbox.faults import parse_faults
from tests.support.metric_events import second
from tests.support.sandbox import Desk, desk_on

OPENED = "2026-03-03T01:00:00Z"
PATH = "incremental/ticket_metric_events"
START = {"start_time": second(OPENED)}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """Give a sandbox in which one ticket was answered and another one waits, with its lag."""
    with desk_on() as desk:
        desk.set_clock(OPENED)
        answered, _ = (opened(desk) for _ in range(2))
        desk.set_clock("2026-03-03T01:10:00Z")
        agent = desk.user_id("priya.nair@example.com")
        desk.update(answered, comment={"body": "Hello", "author_id": agent})
        desk.set_clock("2026-03-03T01:20:00Z")
        yield desk


def opened(desk: Desk) -> int:
    """Open a ticket that a customer wrote."""
    customer = desk.sandbox.state.user_by_email("wang.fang@customer.example")
    if customer is None:
        person = {"name": "Wang Fang", "email": "wang.fang@customer.example"}
        customer = desk.post("users", {"user": person})["user"]
    ticket = desk.ticket(priority="high", submitter_id=customer["id"])
    return int(ticket["id"])


def exported(desk: Desk, **query: Any) -> Any:
    return desk.get(PATH, params=START | query)


def test_the_export_by_time_tells_events_in_order_with_what_leads_on(desk: Desk) -> None:
    body = exported(desk)

    events = body.pop("ticket_metric_events")
    places = [(event["time"], event["id"]) for event in events]
    assert places == sorted(places)
    assert set(body) == {"count", "end_of_stream", "next_page", "end_time"}
    assert (body["count"], body["end_of_stream"]) == (len(events), True)


def test_the_export_tells_breaches_that_lie_ahead_and_the_next_one_begins_at_the_present(
    desk: Desk,
) -> None:
    body = exported(desk)

    breaches = [event for event in body["ticket_metric_events"] if event["type"] == "breach"]
    assert [event["deleted"] for event in breaches] == [True, False, False, False]
    assert breaches[-1]["time"] == "2026-03-03T09:00:00Z"
    assert body["end_time"] == second("2026-03-03T01:19:00Z")


def test_a_page_by_time_keeps_a_second_together(desk: Desk) -> None:
    body = exported(desk, per_page=1)

    assert {event["time"] for event in body["ticket_metric_events"]} == {OPENED}
    assert body["count"] > 1
    assert not body["end_of_stream"]


def test_pages_by_time_tell_every_event_once(desk: Desk) -> None:
    whole = exported(desk)["ticket_metric_events"]
    read, body = [], exported(desk, per_page=1)
    read += body["ticket_metric_events"]
    while not body["end_of_stream"]:
        body = desk.session.get(body["next_page"], timeout=10).json()
        read += body["ticket_metric_events"]

    assert read == whole


def test_pages_by_cursor_tell_every_event_once(desk: Desk) -> None:
    whole = exported(desk)["ticket_metric_events"]
    body = exported(desk, **{"page[size]": 7})
    read = list(body["ticket_metric_events"])
    while body["meta"]["has_more"]:
        body = desk.session.get(body["links"]["next"], timeout=10).json()
        read += body["ticket_metric_events"]

    assert read == whole


def test_a_cursor_leads_back(desk: Desk) -> None:
    first = exported(desk, **{"page[size]": 7})
    second_page = desk.session.get(first["links"]["next"], timeout=10).json()

    back = desk.session.get(second_page["links"]["prev"], timeout=10).json()

    assert back["ticket_metric_events"] == first["ticket_metric_events"]


def test_after_the_last_page_the_cursor_rests_at_the_present(desk: Desk) -> None:
    last = exported(desk, **{"page[size]": 100})
    again = desk.session.get(last["links"]["next"], timeout=10).json()

    ahead = {event["type"] for event in again["ticket_metric_events"]}

    assert last["meta"]["has_more"] is False
    assert ahead == {"breach"}


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"page[size]": 101}, "InvalidPaginationParameter"),
        ({"page[after]": "nonsense"}, "InvalidPaginationParameter"),
        ({"start_time": "yesterday"}, "InvalidValue"),
        ({"start_time": second("2026-03-03T01:19:30Z")}, "StartTimeTooRecent"),
    ],
)
def test_a_wrong_question_is_refused(desk: Desk, query: dict[str, Any], error: str) -> None:
    answer = desk.call("GET", PATH, params=START | query)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_changes_are_told_in_the_order_in_which_they_were_made(desk: Desk) -> None:
    since = {"start_time": second("2026-03-03T01:10:00Z"), "include_changes": "true"}

    events = exported(desk, **since)["ticket_metric_events"]

    assert [event["type"] for event in events if event["deleted"]] == ["breach"]
    assert all(event["ticket_id"] == 1 for event in events)


def test_what_is_younger_than_a_minute_is_left_for_later() -> None:
    with desk_on() as desk:
        desk.set_clock(OPENED)
        opened(desk)
        desk.set_clock("2026-03-03T01:00:59Z")
        early = desk.get(PATH, params={"start_time": 0})["ticket_metric_events"]
        desk.set_clock("2026-03-03T01:01:00Z")

        late = desk.get(PATH, params={"start_time": 0})["ticket_metric_events"]

    assert early == []
    assert len(late) > 10


def test_events_of_deleted_tickets_can_be_left_out() -> None:
    with desk_on() as desk:
        desk.set_clock(OPENED)
        desk.delete(f"tickets/{opened(desk)}.json")
        desk.set_clock("2026-03-03T02:00:00Z")

        kept = desk.get(PATH, params={"start_time": 0})["ticket_metric_events"]
        left = desk.get(PATH, params={"start_time": 0, "exclude_deleted": "true"})

    assert kept
    assert left["ticket_metric_events"] == []


def test_the_events_of_one_ticket_lie_under_the_names_of_the_metrics(desk: Desk) -> None:
    body = desk.get("tickets/1/metric_events")

    assert list(body) == sorted(body)
    assert len(body) == 7
    assert [event["instance_id"] for event in body["group_ownership_time"]] == [0]


def test_a_ticket_carries_its_clocks_and_events_when_asked(desk: Desk) -> None:
    ticket = desk.get("tickets/2.json", params={"include": "slas,metric_events"})["ticket"]

    assert ticket["metric_events"] == desk.get("tickets/2/metric_events")
    assert ticket["slas"]["policy_metrics"] == [
        {
            "breach_at": "2026-03-03T02:00:00Z",
            "stage": "active",
            "metric": "first_reply_time",
            "minutes": 40,
        },
        {
            "breach_at": "2026-03-03T09:00:00Z",
            "stage": "active",
            "metric": "requester_wait_time",
            "hours": 8,
        },
    ]


@pytest.mark.parametrize("path", ["tickets.json", "tickets/show_many.json?ids=1,2"])
def test_lists_of_tickets_carry_the_clocks_too(desk: Desk, path: str) -> None:
    tickets = desk.get(path, params={"include": "slas"})["tickets"]

    stages = [[one["stage"] for one in ticket["slas"]["policy_metrics"]] for ticket in tickets]
    assert stages == [["achieved", "active"], ["active", "active"]]


def test_the_clocks_of_a_ticket_have_an_address_of_their_own(desk: Desk) -> None:
    clocks = desk.get("tickets/2/slas/policy_metrics.json")["policy_metrics"]

    assert [clock["metric"] for clock in clocks] == ["first_reply_time", "requester_wait_time"]
    assert desk.get("tickets/2/group_slas/policy_metrics.json") == {"policy_metrics": []}


def test_a_breach_does_not_touch_the_ticket(desk: Desk) -> None:
    ticket = desk.get("tickets/2.json")["ticket"]

    assert ticket["updated_at"] == OPENED


def test_the_next_page_keeps_the_question(desk: Desk) -> None:
    link = exported(desk, include_changes="true")["next_page"]

    assert parse_qs(urlparse(link).query)["include_changes"] == ["true"]


def test_late_events_bear_their_original_time() -> None:
    late = {"metric_events": {"late_metric_events": {"rate": 1, "minutes": 12}}}
    with desk_on(faults=parse_faults(msgspec.json.encode(late))) as desk:
        desk.set_clock(OPENED)
        ticket = opened(desk)
        desk.set_clock("2026-03-03T01:10:59Z")
        early = desk.get(f"tickets/{ticket}/metric_events")["reply_time"]
        desk.set_clock("2026-03-03T01:14:00Z")

        body = desk.get(PATH, params={"start_time": 0})

    times = {one["time"] for one in body["ticket_metric_events"] if one["type"] != "breach"}
    assert early == []
    assert times == {OPENED}


def test_a_breach_is_taken_back_as_late_as_the_answer_is_told() -> None:
    late = {"metric_events": {"late_metric_events": {"rate": 1, "minutes": 12}}}
    with desk_on() as desk:
        desk.set_clock(OPENED)
        ticket = opened(desk)
        desk.sandbox.dice.faults = parse_faults(msgspec.json.encode(late))
        desk.update(ticket, comment={"body": "We look into it"})
        desk.set_clock("2026-03-03T01:10:59Z")
        early = desk.get(PATH, params={"start_time": 0})["ticket_metric_events"]
        desk.set_clock("2026-03-03T01:14:00Z")
        events = desk.get(PATH, params={"start_time": 0})["ticket_metric_events"]

    told = [
        [one["deleted"] for one in page if (one["metric"], one["type"]) == ("reply_time", "breach")]
        for page in (early, events)
    ]
    assert told == [[False], [True]]


def test_a_repeated_event_stands_on_the_page_twice() -> None:
    with desk_on(faults=parse_faults(b'{"metric_events": {"repeated": 1}}')) as desk:
        desk.set_clock(OPENED)
        opened(desk)
        desk.set_clock("2026-03-03T01:02:00Z")
        events = desk.get(PATH, params={"start_time": 0})["ticket_metric_events"]

    assert set(Counter(one["id"] for one in events).values()) == {2}


def test_audits_tell_of_policy_and_targets_when_the_switch_is_on() -> None:
    with desk_on(sla_audit_events=True) as desk:
        ticket = opened(desk)
        desk.update(ticket, priority="urgent")
        audits = desk.get(f"tickets/{ticket}/audits")["audits"]

    told = [
        (event["field_name"], event["previous_value"], event["value"])
        for event in audits[-1]["events"]
        if event["type"] == "Change"
    ]
    hour, quarter = ({"minutes": n, "in_business_hours": False} for n in (60, 15))
    assert ("first_reply_time", hour, quarter) in told
    assert ("sla_policy", None, "All tickets") in [
        (event["field_name"], event["previous_value"], event["value"])
        for event in audits[0]["events"]
        if event["type"] == "Change"
    ]
