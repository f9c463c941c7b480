"""Which metric events a ticket's life writes, in order; each scenario names the rule it shows."""

import pytest

from tests.support.sla_stage import (
    ASKS,
    NOTES,
    OPENED,
    SAYS,
    Stage,
    Steps,
    played,
    target,
    told,
)

SCENARIOS: dict[str, tuple[str, str, Steps, list[str]]] = {
    "the first reply comes in time: the breach is withdrawn": (
        "first_reply_time",
        "reply_time",
        [("09:50", SAYS)],
        [
            "09:00 1 activate",
            "09:00 1 apply_sla",
            "10:00 1 breach deleted",
            "09:50 1 fulfill",
            "09:50 1 update_status",
        ],
    ),
    "the first reply comes late: the breach stays": (
        "first_reply_time",
        "reply_time",
        [("10:10", SAYS)],
        [
            "09:00 1 activate",
            "09:00 1 apply_sla",
            "10:00 1 breach",
            "10:10 1 fulfill",
            "10:10 1 update_status",
        ],
    ),
    "a reply on the second of the deadline is in time": (
        "first_reply_time",
        "reply_time",
        [("10:00", SAYS)],
        [
            "09:00 1 activate",
            "09:00 1 apply_sla",
            "10:00 1 breach deleted",
            "10:00 1 fulfill",
            "10:00 1 update_status",
        ],
    ),
    "a reply clock does not pause while the customer is asked": (
        "first_reply_time",
        "reply_time",
        [("09:10", {"status": "pending"}), ("09:20", {"status": "hold"})],
        ["09:00 1 activate", "09:00 1 apply_sla", "10:00 1 breach"],
    ),
    "solving ends the reply clock as well": (
        "first_reply_time",
        "reply_time",
        [("09:30", {"status": "solved"})],
        [
            "09:00 1 activate",
            "09:00 1 apply_sla",
            "10:00 1 breach deleted",
            "09:30 1 fulfill",
            "09:30 1 update_status",
        ],
    ),
    "the oldest unanswered question opens the next reply, a second one nothing": (
        "next_reply_time",
        "reply_time",
        [("09:10", SAYS), ("09:20", ASKS), ("09:30", ASKS), ("09:40", SAYS)],
        [
            "09:00 1 activate",
            "09:10 1 fulfill",
            "09:10 1 update_status",
            "09:20 2 activate",
            "09:20 2 apply_sla",
            "10:20 2 breach deleted",
            "09:40 2 fulfill",
            "09:40 2 update_status",
        ],
    ),
    "a question after Solved opens a next reply": (
        "next_reply_time",
        "reply_time",
        [("09:10", SAYS | {"status": "solved"}), ("09:20", ASKS)],
        [
            "09:00 1 activate",
            "09:10 1 fulfill",
            "09:10 1 update_status",
            "09:20 2 activate",
            "09:20 2 apply_sla",
            "10:20 2 breach",
        ],
    ),
    "requester wait pauses while pending, and its breach moves": (
        "requester_wait_time",
        "requester_wait_time",
        [("09:20", {"status": "pending"}), ("09:50", {"status": "open"})],
        [
            "09:00 1 activate",
            "09:00 1 apply_sla",
            "10:00 1 breach deleted",
            "09:20 1 pause",
            "09:50 1 activate",
            "10:30 1 breach",
        ],
    ),
    "requester wait runs on hold": (
        "requester_wait_time",
        "requester_wait_time",
        [("09:20", {"status": "hold"})],
        ["09:00 1 activate", "09:00 1 apply_sla", "10:00 1 breach"],
    ),
    "agent work pauses on hold too": (
        "agent_work_time",
        "agent_work_time",
        [("09:20", {"status": "hold"}), ("09:40", {"status": "pending"})],
        ["09:00 1 activate", "09:00 1 apply_sla", "10:00 1 breach deleted", "09:20 1 pause"],
    ),
    "resolution counts every unsolved status and goes on after a reopening": (
        "total_resolution_time",
        "resolution_time",
        [("09:20", {"status": "solved"}), ("09:50", {"status": "open"})],
        [
            "09:00 1 activate",
            "09:00 1 apply_sla",
            "10:00 1 breach deleted",
            "09:20 1 fulfill",
            "09:20 1 update_status",
            "09:50 1 activate",
            "10:30 1 breach",
        ],
    ),
    "each update of staff opens the next instance, Solved none": (
        "periodic_update_time",
        "periodic_update_time",
        [("09:10", SAYS), ("09:20", SAYS), ("09:30", SAYS | {"status": "solved"})],
        [
            "09:10 1 activate",
            "09:10 1 apply_sla",
            "10:10 1 breach deleted",
            "09:20 1 fulfill",
            "09:20 1 update_status",
            "09:20 2 activate",
            "09:20 2 apply_sla",
            "10:20 2 breach deleted",
            "09:30 2 fulfill",
            "09:30 2 update_status",
        ],
    ),
    "a pausable update that sets pending starts paused": (
        "pausable_update_time",
        "pausable_update_time",
        [("09:10", SAYS | {"status": "pending"}), ("09:40", {"status": "open"})],
        [
            "09:10 1 activate",
            "09:10 1 pause",
            "09:10 1 apply_sla",
            "09:40 1 activate",
            "10:40 1 breach",
        ],
    ),
    "a note changes nothing": (
        "periodic_update_time",
        "periodic_update_time",
        [("09:10", NOTES)],
        [],
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_life_writes_its_events(name: str) -> None:
    promised, metric, steps, expected = SCENARIOS[name]
    stage = Stage(OPENED)
    stage.policy(target(promised))

    played(stage, steps)

    assert told(stage, metric) == expected
