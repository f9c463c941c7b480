"""What nobody documents can be switched by people, through one setting."""

from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from integrations.runtime.errors import ConfigError
from sync.sla.choices import DEFAULT_CHOICES, Choices, read_choices
from sync.sla.clocks import Phase
from tests.support.sla import (
    AGENT,
    CUSTOMER,
    FIRST,
    LIGHT,
    NEXT,
    OTHER_AGENT,
    OTHER_CUSTOMER,
    SYSTEM,
    clocks,
    event,
    make_policy,
)

PERIODIC, GROUP = "periodic_update_time", "group_ownership_time"
PAGE = Path(__file__).parents[3] / "docs" / "sla.md"
REPLY = event(5, AGENT, public=True)
Found = dict[tuple[str, int], SimpleNamespace]


def both_ways(name: str, *events: Any, now: float = 20, **ticket: Any) -> tuple[Found, Found]:
    """Return the clocks by default, and with one choice switched."""
    switched: dict[str, Any] = {name: not getattr(DEFAULT_CHOICES, name)}
    other = replace(DEFAULT_CHOICES, **switched)
    return clocks(*events, now=now, **ticket), clocks(*events, now=now, choices=other, **ticket)


def flagged(metric: str, name: str) -> Any:
    return make_policy((FIRST, "normal", 60), settings={metric: {name: True}})


def test_a_bots_public_comment_answers_nothing_unless_the_account_shows_otherwise() -> None:
    default, other = both_ways("bot_comment_is_reply", event(5, SYSTEM, public=True))

    assert [found[FIRST, 1].state for found in (default, other)] == [Phase.ACTIVE, Phase.ACHIEVED]


def test_a_copied_customer_asks_nothing_unless_the_account_shows_otherwise() -> None:
    asked = event(10, OTHER_CUSTOMER, public=True)
    default, other = both_ways("copied_customer_asks", REPLY, asked)

    assert [(NEXT, 1) in found for found in (default, other)] == [False, True]


def test_a_requesting_agent_starts_no_update_unless_the_account_shows_otherwise() -> None:
    own = {"submitter": AGENT, "requester_id": AGENT, "public": False}
    name = "requesting_agent_starts_updates"
    default, other = both_ways(name, event(5, AGENT, public=True), **own)

    assert [(PERIODIC, 1) in found for found in (default, other)] == [False, True]


def test_a_second_note_changes_nothing_unless_the_account_shows_otherwise() -> None:
    notes = event(5, public=False), event(10, public=False)
    policies = [flagged(PERIODIC, "activate_on_agent_internal_note")]
    default, other = both_ways("second_note_restarts_update", *notes, policies=policies)

    assert [(PERIODIC, 2) in found for found in (default, other)] == [False, True]


def test_a_light_agents_note_answers_no_next_reply_unless_the_account_shows_otherwise() -> None:
    policies = [flagged(NEXT, "fulfill_on_non_requesting_agent_internal_note_after_activation")]
    asked, noted = event(10, CUSTOMER, public=True), event(15, LIGHT, public=False)
    name = "light_agent_note_fulfils_next_reply"
    default, other = both_ways(name, REPLY, asked, noted, policies=policies)

    assert [found[NEXT, 1].state for found in (default, other)] == [Phase.ACTIVE, Phase.ACHIEVED]


def test_a_light_agents_note_asks_nothing_unless_the_account_shows_otherwise() -> None:
    policies = [flagged(NEXT, "activate_on_light_agent_internal_note")]
    noted = event(10, LIGHT, public=False)
    name = "light_agent_note_opens_next_reply"
    default, other = both_ways(name, REPLY, noted, policies=policies)

    assert [(NEXT, 1) in found for found in (default, other)] == [False, True]


@pytest.mark.parametrize("status", ["pending", "hold"])
def test_a_groups_clock_runs_while_waiting_unless_the_account_shows_otherwise(status: str) -> None:
    waiting = event(5, OTHER_AGENT, status=status)
    default, other = both_ways("group_clock_runs_while_waiting", waiting, group_id=51)

    assert (default[GROUP, 1].state, default[GROUP, 1].elapsed_seconds) == (Phase.ACTIVE, 1200)
    assert (other[GROUP, 1].state, other[GROUP, 1].elapsed_seconds) == (Phase.PAUSED, 300)


def test_choices_are_read_from_one_text_and_what_is_left_out_stays() -> None:
    text = "bot_comment_is_reply = yes, business_target_without_schedule=calendar,"

    assert read_choices(text) == Choices(
        bot_comment_is_reply=True, business_target_without_schedule="calendar"
    )
    assert read_choices("") == DEFAULT_CHOICES


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("bots=true", "'bots' is no choice", id="no such choice"),
        pytest.param("empty_filter_fits=maybe", "cannot be 'maybe'", id="no such value"),
        pytest.param("empty_filter_fits", "cannot be ''", id="no value"),
        pytest.param("business_target_without_schedule=true", "cannot be 'true'", id="of another"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_with_what_does(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_choices(text)

    assert "RISKDESK_SLA_CHOICES" in caught.value.message
    assert told in caught.value.message


@pytest.mark.parametrize("name", [each.name for each in fields(Choices)])
def test_every_choice_stands_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE.read_text("utf-8")
