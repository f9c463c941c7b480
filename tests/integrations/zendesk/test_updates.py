"""Updates that are decided on the ticket as it is: conflicts, lost answers, endless trouble."""

import json
from typing import Any

import pytest
import responses

from integrations.runtime.errors import OutcomeUnknown, UpdateConflict
from tests.support.zendesk import ACCOUNT, Clock, make_client

API = f"{ACCOUNT}/api/v2"
TICKET = {"id": 7, "updated_at": "2026-01-01T00:00:00Z", "status": "open"}
AUDIT = {"id": 1, "created_at": "x", "metadata": {"custom": {"riskdesk": "m-1"}}, "events": []}


def solve(ticket: dict[str, Any]) -> dict[str, Any] | None:
    return None if ticket["status"] == "solved" else {"status": "solved"}


def stamps() -> list[str]:
    bodies = [json.loads(call.request.body or b"") for call in responses.calls if is_put(call)]
    return [body["ticket"]["updated_stamp"] for body in bodies]


def is_put(call: Any) -> bool:
    return bool(call.request.method == "PUT")


@responses.activate
def test_after_a_conflict_the_ticket_is_decided_about_anew() -> None:
    later = TICKET | {"updated_at": "2026-01-01T00:00:09Z"}
    responses.get(f"{API}/tickets/7.json", json={"ticket": TICKET})
    responses.get(f"{API}/tickets/7.json", json={"ticket": later})
    responses.put(f"{API}/tickets/7.json", status=409, json={"error": "UpdateConflict"})
    responses.put(f"{API}/tickets/7.json", json={"ticket": later, "audit": AUDIT})
    clock = Clock()

    changed = make_client(clock=clock).update_with(7, solve, marker="m-1")

    assert changed == {"ticket": later, "audit": AUDIT}
    assert stamps() == ["2026-01-01T00:00:00Z", "2026-01-01T00:00:09Z"]
    assert len(clock.slept) == 1


@responses.activate
def test_a_decision_that_somebody_made_meanwhile_is_not_made_twice() -> None:
    responses.get(f"{API}/tickets/7.json", json={"ticket": TICKET})
    responses.get(f"{API}/tickets/7.json", json={"ticket": TICKET | {"status": "solved"}})
    responses.put(f"{API}/tickets/7.json", status=409)

    assert make_client().update_with(7, solve, marker="m-1") is None


@responses.activate
def test_endless_conflicts_end_in_the_conflict() -> None:
    responses.get(f"{API}/tickets/7.json", json={"ticket": TICKET})
    responses.put(f"{API}/tickets/7.json", status=409)

    with pytest.raises(UpdateConflict):
        make_client().update_with(7, solve, marker="m-1")

    assert len(stamps()) == 5


@responses.activate
@pytest.mark.parametrize("was_made", [True, False])
def test_an_update_of_unknown_outcome_is_looked_up_before_it_is_sent_again(
    *,
    was_made: bool,
) -> None:
    responses.get(f"{API}/tickets/7.json", json={"ticket": TICKET})
    responses.put(f"{API}/tickets/7.json", status=502)
    responses.put(f"{API}/tickets/7.json", json={"ticket": TICKET, "audit": AUDIT})
    audits = [AUDIT] if was_made else []
    responses.get(f"{API}/tickets/7/audits.json", json={"audits": audits})

    changed = make_client().update_with(7, solve, marker="m-1")

    assert changed == {"ticket": TICKET, "audit": AUDIT}
    assert len(stamps()) == (1 if was_made else 2)


@responses.activate
def test_an_update_that_stays_unknown_ends_so() -> None:
    responses.get(f"{API}/tickets/7.json", json={"ticket": TICKET})
    responses.put(f"{API}/tickets/7.json", status=502)
    responses.get(f"{API}/tickets/7/audits.json", json={"audits": []})

    with pytest.raises(OutcomeUnknown):
        make_client().update_with(7, solve, marker="m-1")


@responses.activate
def test_a_conflict_after_a_lost_answer_may_be_our_own_change() -> None:
    responses.get(f"{API}/tickets/7.json", json={"ticket": TICKET})
    responses.put(f"{API}/tickets/7.json", status=502)
    responses.put(f"{API}/tickets/7.json", status=409)  # ours came in late, after the look
    responses.get(f"{API}/tickets/7/audits.json", json={"audits": []})
    responses.get(f"{API}/tickets/7/audits.json", json={"audits": [AUDIT]})

    changed = make_client().update_with(7, solve, marker="m-1")

    assert changed == {"ticket": TICKET, "audit": AUDIT}
    assert len(stamps()) == 2
