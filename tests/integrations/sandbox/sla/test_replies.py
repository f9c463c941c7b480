"""When the reply clock starts and ends, and how the flags of a policy change that."""

from typing import Any

import pytest

from tests.support.sla_stage import (
    AGENT,
    ASKS,
    LIGHT,
    NOTES,
    OPENED,
    OTHER_AGENT,
    SAYS,
    Stage,
    Steps,
    played,
    target,
    told,
)

FIRST, NEXT, PERIODIC = "first_reply_time", "next_reply_time", "periodic_update_time"
BY_AGENT = {"by": AGENT, "via": "web"}
STARTS = [
    pytest.param({}, {}, True, id="a customer writes"),
    pytest.param({"by": AGENT, "via": "email"}, {}, True, id="an agent forwards an e-mail"),
    pytest.param({"by": LIGHT, "via": "email"}, {}, False, id="a light agent forwards an e-mail"),
    pytest.param(
        {"by": LIGHT, "via": "email"},
        {"activate_on_light_agent_on_email_forward_ticket_from_end_user"},
        True,
        id="a light agent forwards, with the flag",
    ),
    pytest.param(
        {"by": AGENT, "via": "side_conversation", "requester_id": AGENT, "public": False},
        {},
        True,
        id="an agent opens a child ticket",
    ),
    pytest.param(BY_AGENT, {}, False, id="an agent writes to a customer"),
    pytest.param(
        BY_AGENT,
        {"activate_on_ticket_created_for_end_user"},
        True,
        id="an agent writes to a customer, with the flag",
    ),
    pytest.param(
        BY_AGENT | NOTES,
        {"activate_on_agent_ticket_created_for_end_user_with_internal_note"},
        True,
        id="an agent notes for a customer, with the flag",
    ),
    pytest.param(
        {"by": LIGHT, "via": "web"} | NOTES,
        {"activate_on_agent_ticket_created_for_end_user_with_internal_note"},
        False,
        id="a light agent notes for a customer, with the flag of agents",
    ),
    pytest.param(BY_AGENT | {"requester_id": AGENT}, {}, False, id="an agent asks itself"),
    pytest.param(
        BY_AGENT | {"requester_id": AGENT},
        {"activate_on_agent_created_ticket_for_self"},
        True,
        id="an agent asks, with the flag",
    ),
]


@pytest.mark.parametrize(("opened", "flags", "starts"), STARTS)
def test_the_first_reply_is_owed_from_the_creation(
    *, opened: dict[str, Any], flags: set[str], starts: bool
) -> None:
    stage = Stage(OPENED)
    stage.policy(target(FIRST), metric_settings={FIRST: dict.fromkeys(flags, True)})

    played(stage, [], **opened)

    assert told(stage, "reply_time")[:1] == (["09:00 1 activate"] if starts else [])


ANSWERED: Steps = [("09:10", SAYS)]
FLAGGED = [
    pytest.param(
        FIRST, "fulfill_on_agent_internal_note", [("09:20", NOTES | {"by": LIGHT})],
        "09:20 1 fulfill", id="a note fulfils the first reply",
    ),
    pytest.param(
        NEXT, "fulfill_on_non_requesting_agent_internal_note_after_activation",
        [*ANSWERED, ("09:20", ASKS), ("09:30", NOTES | {"by": OTHER_AGENT})],
        "09:30 2 fulfill", id="a note fulfils the next reply",
    ),
    pytest.param(
        NEXT, "activate_on_end_user_added_internal_note",
        [*ANSWERED, ("09:20", NOTES | {"by": 11})],
        "09:20 2 activate", id="a customer's note opens the next reply",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("metric", "flag", "steps", "event"), FLAGGED)
@pytest.mark.parametrize("is_set", [True, False])
def test_a_flag_of_the_policy_changes_when_a_reply_clock_turns(
    *, metric: str, flag: str, steps: Steps, event: str, is_set: bool
) -> None:
    stage = Stage(OPENED)
    stage.policy(target(metric), metric_settings={metric: {flag: is_set}})

    played(stage, steps)

    assert (event in told(stage, "reply_time")) is is_set


def test_a_flag_lets_a_note_start_the_periodic_clock() -> None:
    stage = Stage(OPENED)
    flags = {PERIODIC: {"activate_on_agent_internal_note": True}}
    stage.policy(target(PERIODIC), metric_settings=flags)

    played(stage, [("09:10", NOTES), ("09:20", NOTES)])

    assert told(stage, PERIODIC) == ["09:10 1 activate", "09:10 1 apply_sla", "10:10 1 breach"]


def test_a_flag_lets_a_requesting_agent_open_the_next_reply() -> None:
    stage = Stage(OPENED)
    name = "activate_on_agent_requested_ticket_with_public_comment_or_internal_note"
    stage.policy(target(NEXT), metric_settings={NEXT: {name: True}})

    played(stage, [("09:20", NOTES)], by=AGENT, requester_id=AGENT, via="web")

    assert told(stage, "reply_time")[0] == "09:20 2 activate"
