"""The player against the local Zendesk: what people did can be read there afterwards."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from integrations.runtime.clock import format_instant
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.faults import ApiFaults, Faults
from integrations.sandbox.server import Sandbox, running_sandbox
from riskdesk.demo.complaints import own_complaints
from riskdesk.demo.player import Played, create_webhook, play
from riskdesk.demo.script import Kind, Script, build_script

DAY = build_script(own_complaints())
FORENOON = build_script(own_complaints()[::8])
UNLIMITED = 1_000_000


def make_config(script: Script, faults: Faults | None = None) -> SandboxConfig:
    return SandboxConfig(
        seed=3,
        rpm=UNLIMITED,
        endpoint_limits=False,
        start=script.start - timedelta(minutes=5),
        faults=faults or Faults(),
    )


@pytest.fixture(scope="module")
def scene() -> Iterator[tuple[Sandbox, Played]]:
    """The whole day, played once."""
    with running_sandbox(make_config(DAY)) as sandbox:
        played = play(DAY, sandbox.url)
        yield sandbox, played


def comments_of(sandbox: Sandbox, ticket_id: int) -> list[tuple[str, str, bool, str]]:
    """Return time, role of the author, publicity and text of each comment."""
    return [
        (
            audit["created_at"],
            sandbox.state.users.get(event["author_id"])["role"],
            event["public"],
            event["body"],
        )
        for event, audit in sandbox.state.tickets[ticket_id].comments()
    ]


def test_every_step_is_taken_and_every_complaint_has_a_ticket(
    scene: tuple[Sandbox, Played],
) -> None:
    sandbox, played = scene

    assert played.failures == []
    assert played.steps == len(DAY.steps)
    assert set(played.tickets) == set(DAY.complaints)
    assert set(played.tickets.values()) == set(sandbox.state.tickets)


def test_zendesk_shows_each_word_at_its_time_from_its_person(
    scene: tuple[Sandbox, Played],
) -> None:
    sandbox, played = scene
    customers = {Kind.WRITES, Kind.WAITS, Kind.ANSWERS, Kind.REOPENS}
    for complaint_id, ticket_id in played.tickets.items():
        spoken = [step for step in DAY.steps if step.complaint_id == complaint_id and step.text]

        assert comments_of(sandbox, ticket_id) == [
            (
                format_instant(step.at),
                "end-user" if step.kind in customers else "agent",
                step.kind is not Kind.NOTES,
                step.text,
            )
            for step in spoken
        ]


def test_tickets_end_the_day_in_the_state_their_last_step_left(
    scene: tuple[Sandbox, Played],
) -> None:
    sandbox, played = scene
    last = {step.complaint_id: step.kind for step in DAY.steps}
    wanted = {Kind.SOLVES: "solved", Kind.VANISHES: "deleted", Kind.ANSWERS: "open"}
    checked = 0
    for complaint_id, kind in last.items():
        if kind in wanted:
            checked += 1
            case = sandbox.state.tickets[played.tickets[complaint_id]]
            assert case.record["status"] == wanted[kind]

    assert checked > 80


def test_corrected_priority_is_kept(scene: tuple[Sandbox, Played]) -> None:
    sandbox, played = scene
    corrections = [step for step in DAY.steps if step.kind is Kind.CORRECTS]

    assert corrections
    for step in corrections:
        case = sandbox.state.tickets[played.tickets[step.complaint_id]]
        assert case.record["priority"] == step.priority


def test_clock_stands_at_the_end_of_the_day(scene: tuple[Sandbox, Played]) -> None:
    sandbox, _ = scene

    assert sandbox.state.clock.now() == DAY.end


def test_everything_is_done_once_when_zendesk_stumbles() -> None:
    faults = Faults(
        api=ApiFaults(
            too_many_requests=0.05, retry_after=0.01, server_errors=0.05, lost_answers=0.1
        )
    )
    with running_sandbox(make_config(FORENOON, faults)) as sandbox:
        played = play(FORENOON, sandbox.url, sleep=lambda _seconds: None)

        said = {step.complaint_id: 0 for step in FORENOON.steps}
        for step in FORENOON.steps:
            said[step.complaint_id] += bool(step.text)
        assert played.failures == []
        assert len(sandbox.state.tickets) == len(FORENOON.complaints)
        for complaint_id, ticket_id in played.tickets.items():
            assert len(comments_of(sandbox, ticket_id)) == said[complaint_id]


def test_webhook_has_the_secret_that_was_returned() -> None:
    with running_sandbox() as sandbox:
        secret = create_webhook(sandbox.url, "http://127.0.0.1:9/webhooks/zendesk")

        (webhook,) = sandbox.state.webhooks.store.all()
        shown = requests.get(
            f"{sandbox.url}/api/v2/webhooks/{webhook['id']}/signing_secret",
            headers={"Authorization": "Bearer sandbox"},
            timeout=5,
        ).json()
        assert secret == shown["signing_secret"]["secret"]
        assert webhook["status"] == "active"
