"""An account in the sandbox that has something of everything the mirror copies."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from pydantic import HttpUrl, SecretStr

from integrations.runtime.settings import Settings
from integrations.zendesk.account import connect
from integrations.zendesk.client import ZendeskClient
from sync.streams.registry import BY_NAME
from sync.streams.stream import Paging, Stream
from tests.support.sandbox import Desk, desk_on
from tests.support.tour import Tour

KEY = "k-3f9"  # stands wherever a webhook has something secret
WEBHOOK = {
    "name": "Alarm",
    "endpoint": f"https://user:{KEY}@hooks.example.com:8443/services/{KEY}?token={KEY}",
    "http_method": "POST",
    "request_format": "json",
    "status": "active",
    "subscriptions": ["conditional_ticket_events"],
    "authentication": {
        "type": "basic_auth",
        "data": {"username": f"desk-{KEY}", "password": KEY},
        "add_position": "header",
    },
    "custom_headers": {"X-Api-Key": KEY},
}
MADE_ANEW = (
    *("automations", "macros", "triggers", "views", "organizations", "brands", "groups"),
    *("ticket_forms", "ticket_fields", "custom_statuses", "custom_roles"),
    *("slas/policies", "group_slas/policies"),
)


@contextmanager
def furnished_account() -> Iterator[Desk]:
    """Run a sandbox with at least one record for every stream."""
    with desk_on(seed=23, tickets=6, export_lag=timedelta(0)) as desk:
        tour = Tour(desk)
        for plural in MADE_ANEW:
            tour.new(plural)
        tour.rated()
        tour.deleted_ticket()
        tour.deleted_user()
        desk.post("webhooks", {"webhook": WEBHOOK})
        schedule = desk.get("business_hours/schedules.json")["schedules"][0]["id"]
        holiday = {"name": "春节", "start_date": "2026-12-24", "end_date": "2026-12-26"}
        desk.post(f"business_hours/schedules/{schedule}/holidays", {"holiday": holiday})
        _promise_and_answer(desk)
        _ask_legal(desk)
        yield desk


def _promise_and_answer(desk: Desk) -> None:
    """Open a ticket that two policies make promises for, answer it, solve it."""
    legal = desk.group_id("Legal")
    ticket = desk.ticket(priority="urgent", tags=["riskdesk", "vip"], group_id=legal)
    desk.update(ticket["id"], comment={"body": "We look at it", "public": True})
    desk.update(ticket["id"], status="solved")


def _ask_legal(desk: Desk) -> None:
    """Hold a side conversation: question, reply, end."""
    ticket = desk.ticket(subject="Court order")["id"]
    path = f"tickets/{ticket}/side_conversations"
    message = {"subject": "Order", "body": "Is it real?", "to": [{"email": "law@example.org"}]}
    made = desk.post(path, {"message": message})["side_conversation"]["id"]
    again = {"body": "Any news?", "to": [{"email": "law@example.org"}]}
    desk.post(f"{path}/{made}/reply", {"message": again})
    desk.put(f"{path}/{made}", {"side_conversation": {"state": "closed"}})


def client_of(desk: Desk) -> ZendeskClient:
    """Return our own client for the account, without limits in its way."""
    return connect(
        Settings(
            zendesk_url=HttpUrl(desk.sandbox.url),
            zendesk_access_token=SecretStr("sandbox"),
            zendesk_client_id=None,
            zendesk_email=None,
            requests_per_minute=100_000,
            export_requests_per_minute=100_000,
        )
    )


def records_of(desk: Desk, stream: Stream) -> list[dict[str, Any]]:
    """Return what Zendesk lists for a stream, asked without our client: one page holds it all."""
    if stream.parent is not None:
        parents = records_of(desk, BY_NAME[stream.parent])
        return [
            {str(stream.parent_key): parent["id"]} | record
            for parent in parents
            for record in _listed(desk, stream, stream.path.format(parent_id=parent["id"]))
        ]
    return _listed(desk, stream, stream.path)


def _listed(desk: Desk, stream: Stream, path: str) -> list[dict[str, Any]]:
    size = {"page[size]": "100"} if stream.paging is Paging.FULL_LIST else {"start_time": "0"}
    include = {"include": ",".join(stream.include)} if stream.include else {}
    answer = desk.get(path, params={**size, **include, **stream.params})
    assert not answer.get("meta", {}).get("has_more")
    assert answer.get("end_of_stream", True)
    found: list[dict[str, Any]] = answer[stream.records_key]
    return found
