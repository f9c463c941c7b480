"""What must hold in a sandbox whatever was done to it: the same thing said in two ways is equal."""

from collections import Counter
from typing import Any

from integrations.sandbox.state.account import Account
from integrations.sandbox.state.metric_events import REPLY, RESOLUTION, STATUS
from integrations.sandbox.state.metrics import metric_set
from integrations.sandbox.state.ticketing.ticket_case import TicketCase
from tests.support.sandbox import Desk

FIRST_MINUTES = {
    REPLY: "reply_time_in_minutes",
    RESOLUTION: "first_resolution_time_in_minutes",
}
FOREVER = 1 << 40
REPLAYED = ("subject", "priority", "type", "status", "group_id", "assignee_id", "tags")
PAGE = {"page[size]": 100}


def check_all(desk: Desk) -> None:
    """Fail with the first ticket about which two answers of the sandbox disagree."""
    check_lists(desk)
    check_tags(desk)
    check_search(desk)
    account = desk.sandbox.state
    for case in account.living_tickets():
        check_group(account, case)
        check_audits(case)
        check_metrics(account, case)


def check_lists(desk: Desk) -> None:
    """Lists have every ticket, exports those in the bin too, and the bin has nothing else."""
    listed = set(_ids(desk, "tickets", "tickets"))
    exported = {one["id"]: one["status"] for one in _exported(desk)}
    account = desk.sandbox.state
    binned = {one["id"] for one in desk.get("deleted_tickets", params=PAGE)["deleted_tickets"]}
    living = {number for number, status in exported.items() if status != "deleted"}

    assert listed == living == {case.id for case in account.living_tickets()}
    assert set(exported) == set(account.tickets)
    assert not binned & listed
    assert binned == {case.id for case in account.tickets.deleted[:100]} or len(binned) == 100


def check_tags(desk: Desk) -> None:
    """Tags are counted as they are on the tickets."""
    recount = Counter(
        tag for case in desk.sandbox.state.living_tickets() for tag in case.record["tags"]
    )
    told = _pages(desk, "tags", "tags")

    assert {one["name"]: one["count"] for one in told} == dict(recount)


def check_search(desk: Desk) -> None:
    """Searches find what reading every ticket finds."""
    account = desk.sandbox.state
    group = account.groups.all()[0]["id"]
    scans: dict[str, Any] = {
        "tags:vip": lambda case: "vip" in case.record["tags"],
        "status:pending": lambda case: case.record["status"] == "pending",
        "priority>normal": lambda case: case.record["priority"] in ("high", "urgent"),
        f"group:{group}": lambda case: case.record["group_id"] == group,
        "assignee:none": lambda case: case.record["assignee_id"] is None,
    }
    for query, holds in scans.items():
        scanned = {case.id for case in account.living_tickets() if holds(case)}
        more = {"query": query, "filter[type]": "ticket", "page[size]": 1000}
        found = [one["id"] for one in _pages(desk, "search/export", "results", more)]

        assert len(found) == len(set(found)), query
        assert set(found) == scanned, query


def check_group(account: Account, case: TicketCase) -> None:
    """An assignee is an agent of the ticket's group."""
    agent, group = case.record["assignee_id"], case.record["group_id"]
    if agent is None or case.record["status"] == "closed":
        return

    assert account.group_memberships.where(user_id=agent, group_id=group), case.record


def check_audits(case: TicketCase) -> None:
    """Audits, replayed from the creation on, end in the present record."""
    values: dict[str, Any] = {"tags": [], "group_id": None, "assignee_id": None}
    for audit in case.audits:
        for event in audit["events"]:
            if event["type"] in ("Create", "Change"):
                field = event["field_name"]
                if event["type"] == "Change" and field in REPLAYED:
                    was = _as_told(values.get(field))
                    assert was == _as_told(event["previous_value"]), (case.id, event)
                values[field] = event["value"]

    for name in REPLAYED:
        assert _as_told(values.get(name)) == _as_told(case.record[name]), (case.id, name)


def check_metrics(account: Account, case: TicketCase) -> None:
    """Metric events and metric sets tell the same minutes to the first reply and solution."""
    told = metric_set(case, account.schedule_of(case))
    for metric, field in FIRST_MINUTES.items():
        ends = [
            event.detail
            for event in account.metric_events.of(case, FOREVER)
            if (event.metric, event.instance, event.type) == (metric, 1, STATUS)
        ]
        minutes = told[field]
        if ends and minutes["calendar"] is not None:
            assert ends[0] >> 32 == minutes["calendar"], (case.id, field, told)


def _as_told(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return None if value is None else str(value)


def _ids(desk: Desk, path: str, key: str) -> list[int]:
    return [one["id"] for one in _pages(desk, path, key)]


def _pages(desk: Desk, path: str, key: str, query: Any = PAGE) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    query = dict(query)
    while True:
        body = desk.get(path, params=query)
        records += body[key]
        if not body["meta"]["has_more"]:
            return records
        query["page[after]"] = body["meta"]["after_cursor"]


def _exported(desk: Desk) -> list[dict[str, Any]]:
    query: dict[str, Any] = {"start_time": 0}
    records: list[dict[str, Any]] = []
    while True:
        body = desk.get("incremental/tickets/cursor", params=query)
        records += body["tickets"]
        if body["end_of_stream"]:
            return records
        query = {"cursor": body["after_cursor"]}
