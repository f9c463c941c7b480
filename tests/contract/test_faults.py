"""Every fault of the sandbox against the client: the work completes, or ends in the typed error.

What was done is counted in the sandbox's own state, so that nothing done twice goes unseen.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from integrations.runtime.errors import ZendeskError
from integrations.sandbox.fault_rules import (
    AnyRule,
    Cut,
    ExpiredToken,
    Garbled,
    ServerError,
    Slow,
    Timeout,
    TooManyRequests,
)
from integrations.sandbox.faults import ApiFaults, Faults
from integrations.sandbox.server import Sandbox, running_sandbox
from integrations.zendesk import objects, session
from integrations.zendesk.client import ZendeskClient
from integrations.zendesk.export import cursor_export
from tests.support.contract import OAUTH, connected, sandbox_with

EXPORT = "/api/v2/incremental/tickets/cursor.json"
TICKETS = 30
COLLEAGUE = "colleague@partner.example"
NUMBERS = count(1)  # each piece of work has subjects, markers and names of its own

RULES: dict[str, dict[str, Any]] = {
    "429 in seconds": {"kind": TooManyRequests, "retry_after": 1},
    "429 of zero seconds": {"kind": TooManyRequests, "retry_after": 0},
    "429 of a fraction": {"kind": TooManyRequests, "retry_after": "0.05"},
    "429 until a date": {"kind": TooManyRequests, "retry_after": 1, "as_date": True},
    "429 without an end": {"kind": TooManyRequests, "retry_after": None},
    "429 of nonsense": {"kind": TooManyRequests, "retry_after": "soon"},
    "500": {"kind": ServerError, "statuses": (500,)},
    "502 as a page": {"kind": ServerError, "statuses": (502,), "body": "html"},
    "503 announced": {"kind": ServerError, "statuses": (503,), "retry_after": "0.05"},
    "503 announced and done": {
        "kind": ServerError,
        "statuses": (503,),
        "retry_after": 0,
        "done": True,
    },
    "503 without a body": {"kind": ServerError, "statuses": (503,), "body": "empty"},
    "504": {"kind": ServerError, "statuses": (504,)},
    "500 when done": {"kind": ServerError, "statuses": (500,), "done": True},
    "504 when done": {"kind": ServerError, "statuses": (504,), "done": True},
    "no answer": {"kind": Timeout, "seconds": 20.0},
    "no answer when done": {"kind": Timeout, "seconds": 20.0, "done": True},
    "cut undone": {"kind": Cut, "after": "nothing", "done": False},
    "cut when done": {"kind": Cut, "after": "nothing"},
    "cut after the headers": {"kind": Cut, "after": "headers"},
    "cut in the body": {"kind": Cut, "after": "half"},
    "half the JSON": {"kind": Garbled, "body": "half_json"},
    "a page instead of JSON": {"kind": Garbled, "body": "html"},
    "slow": {"kind": Slow, "seconds": 0.05},
    "token dies": {"kind": ExpiredToken},
}


def make_rule(name: str, **where: Any) -> AnyRule:
    fields = RULES[name] | where
    kind = fields.pop("kind")
    rule: AnyRule = kind(**fields)
    return rule


@dataclass(frozen=True)
class Work:
    """Something to do, the request of it that goes wrong, and how often its effect is there."""

    method: str
    path: str
    do: Callable[[ZendeskClient, int], Any]
    effects: Callable[[Sandbox, int], int]


def create(client: ZendeskClient, number: int) -> Any:
    ticket = {"subject": f"complaint {number}", "comment": {"body": "my key is 42"}}
    return client.create_ticket(ticket, idempotency_key=f"key-{number}")


def created(sandbox: Sandbox, number: int) -> int:
    cases = sandbox.state.tickets.values()
    return sum(case.record["subject"] == f"complaint {number}" for case in cases)


def update(client: ZendeskClient, number: int) -> Any:
    note = {"comment": {"body": f"note {number}", "public": False}}
    return client.update_with(one_of(number), lambda _: note, marker=f"update-{number}")


def one_of(number: int) -> int:
    """Return a ticket for a piece of work: no ticket may be updated often."""
    return 1 + number % TICKETS


def updated(sandbox: Sandbox, number: int) -> int:
    audits = sandbox.state.ticket(one_of(number)).audits
    return sum(a["metadata"]["custom"].get("riskdesk") == f"update-{number}" for a in audits)


def update_many(client: ZendeskClient, number: int) -> Any:
    note = {"comment": {"body": f"note {number}", "public": False}}
    both = {one_of(number): note, one_of(number + 1): note}
    return client.jobs.update_tickets(both, marker=f"bulk-{number}")


def updated_many(sandbox: Sandbox, number: int) -> int:
    both = (one_of(number), one_of(number + 1))
    audits = [audit for ticket_id in both for audit in sandbox.state.ticket(ticket_id).audits]
    found = sum(a["metadata"]["custom"].get("riskdesk") == f"bulk-{number}" for a in audits)
    return found // 2 if found % 2 == 0 else -1


def subscribe(client: ZendeskClient, number: int) -> Any:
    return client.create_webhook(
        name=f"hook {number}",
        endpoint="http://127.0.0.1:9/hook",
        subscriptions=["zen:event-type:ticket.created"],
    )


def subscribed(sandbox: Sandbox, number: int) -> int:
    return len(sandbox.state.webhooks.store.where(name=f"hook {number}"))


def ask_department(client: ZendeskClient, number: int) -> Any:
    message = {"subject": f"side {number}", "body": "Please look.", "to": [{"email": COLLEAGUE}]}
    talks = client.side_conversations
    return talks.create(one_of(number), message, key=f"side-{number}")


def asked(sandbox: Sandbox, number: int) -> int:
    found = sandbox.state.side_conversations.of_ticket(one_of(number))
    return sum(one.subject == f"side {number}" for one in found)


WRITES = {
    "creation": Work("POST", "tickets", create, created),
    "update": Work("PUT", "tickets/[0-9]*", update, updated),
    "bulk update": Work("PUT", "tickets/update_many", update_many, updated_many),
    "webhook": Work("POST", "webhooks", subscribe, subscribed),
    "side conversation": Work("POST", "tickets/*/side_conversations", ask_department, asked),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(sandbox_with(job_seconds=0.0)) as running:
        client = connected(running.url, OAUTH)
        for _ in range(TICKETS):
            create(client, next(NUMBERS))
        client.session.close()
        yield running


@pytest.fixture
def client(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZendeskClient]:
    for module in (session, objects):
        monkeypatch.setattr(module, "TIMEOUT_S", (2.0, 0.5))
    client = connected(sandbox.url, OAUTH)
    monkeypatch.setattr(client.session.patience, "sleep", lambda _: None)
    client.me()
    yield client
    sandbox.dice.faults = Faults()
    client.session.close()


def strike(sandbox: Sandbox, *rules: AnyRule) -> None:
    sandbox.dice.faults = Faults(api=ApiFaults(rules=rules))


@pytest.mark.parametrize("work", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("fault", RULES)
def test_a_write_that_goes_wrong_once_is_done_exactly_once(
    sandbox: Sandbox, client: ZendeskClient, fault: str, work: Work
) -> None:
    number = next(NUMBERS)
    strike(sandbox, make_rule(fault, method=work.method, path=work.path, count=1))
    work.do(client, number)

    assert sandbox.dice._hit[0] == 1
    assert work.effects(sandbox, number) == 1


@pytest.mark.parametrize("work", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("fault", [name for name in RULES if name not in {"slow", "token dies"}])
def test_a_write_that_always_goes_wrong_is_found_done_or_ends_in_the_error(
    sandbox: Sandbox,
    client: ZendeskClient,
    fault: str,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client.session.pacer, "note", lambda *_: None)  # no pause without an end
    number = next(NUMBERS)
    strike(sandbox, make_rule(fault, method=work.method, path=work.path))
    try:
        work.do(client, number)
        done = {1}
    except ZendeskError:
        done = {0, 1}

    assert work.effects(sandbox, number) in done


@pytest.mark.parametrize("fault", RULES)
def test_an_export_that_goes_wrong_is_complete_all_the_same(
    sandbox: Sandbox, client: ZendeskClient, fault: str
) -> None:
    times = 1 if fault == "token dies" else 2  # a second death at once is a refused login
    strike(sandbox, make_rule(fault, path="incremental/*", skip=1, count=times))
    pages = list(
        cursor_export(
            client.session,
            EXPORT,
            "tickets",
            start_time=0,
            cursor=None,
            params={"per_page": 10},
        )
    )
    found = [record["id"] for page in pages for record in page.objects()]

    assert sandbox.dice._hit[0] == times
    assert sorted(found) == sorted(sandbox.state.tickets)


@pytest.mark.parametrize("fault", ["504", "no answer"])
def test_only_large_pages_fail_and_the_export_is_complete(
    sandbox: Sandbox, client: ZendeskClient, fault: str
) -> None:
    strike(sandbox, make_rule(fault, path="incremental/*", page_over=300))
    pages = cursor_export(client.session, EXPORT, "tickets", start_time=0, cursor=None)
    found = {record["id"] for page in pages for record in page.objects()}

    assert found == set(sandbox.state.tickets)


def test_work_comes_through_a_day_on_which_everything_goes_wrong(
    sandbox: Sandbox, client: ZendeskClient
) -> None:
    names = ("429 of zero seconds", "500", "504 when done", "cut in the body", "token dies")
    strike(sandbox, *(make_rule(name, rate=0.05) for name in names))
    numbers = [next(NUMBERS) for _ in range(20)]
    for number in numbers:
        create(client, number)
        update(client, number)

    assert sum(sandbox.dice._hit) > 5
    assert [created(sandbox, number) for number in numbers] == [1] * 20
    assert [updated(sandbox, number) for number in numbers] == [1] * 20
