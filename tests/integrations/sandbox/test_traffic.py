"""Many agents at once: whatever they do, the sandbox agrees with itself afterwards."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from tests.support.invariants import check_all
from tests.support.sandbox import Receiver, desk_on
from tests.support.traffic import Traffic

EVENTS = "created comment_added status_changed tags_changed soft_deleted merged undeleted".split()
FAULTS = {
    "webhooks": {"delayed": 0.2, "delay_seconds": [0, 0.1], "reordered": 0.2, "duplicated": 0.2},
    "api": {
        "too_many_requests": 0.05,
        "lost_answers": 0.05,
        "rules": [{"fault": "cut", "rate": 0.05, "after": "half"}],
    },
}
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
AGENTS, WISHES = 4, 40


def test_the_sandbox_agrees_with_itself_whatever_several_agents_did(receiver: Receiver) -> None:
    with desk_on(tickets=60, start=NOON, speed=1, export_lag=timedelta(0)) as desk:
        desk.subscribe(receiver.url, *EVENTS)
        agents = [Traffic(desk, seed) for seed in range(AGENTS)]

        _work(agents)
        desk.settle()
        told = [json.loads(one.body)["id"] for one in receiver.deliveries]
        errors = [error for agent in agents for error in agent.server_errors]

        assert errors == []
        assert len(told) == len(set(told)) == desk.sandbox.deliveries.counts["events"] > AGENTS
        check_all(desk)

        desk.put("/sandbox/faults", FAULTS)
        _work(agents)
        desk.put("/sandbox/faults", {})
        desk.settle()

        check_all(desk)
        for agent in agents:
            agent.close()


def _work(agents: list[Traffic]) -> None:
    def play(agent: Traffic) -> None:
        for _ in range(WISHES):
            agent.act()

    with ThreadPoolExecutor(AGENTS) as pool:
        list(pool.map(play, agents))  # raises what an agent raised
