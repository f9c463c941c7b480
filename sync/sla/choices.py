"""What no source settles about Zendesk's clocks, each with the answer we chose."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from integrations.runtime.errors import ConfigError

VARIABLE = "RISKDESK_SLA_CHOICES"
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Open questions; pass another value to the engine where an account shows otherwise."""

    # A reply in the very second of the deadline.
    reply_on_deadline_breaches: bool = False
    # A breach was recorded and the target is later relaxed or removed.
    breach_survives_relaxed_target: bool = True
    # The update that finishes a clock also changes its target.
    finishing_update_sets_target: bool = True
    # The customer comments after an agent's public opening that started no first-reply clock.
    next_reply_without_first_reply: bool = True
    # The customer comments after the ticket was solved without any reply.
    next_reply_after_unanswered_solve: bool = True
    # An agent's own comment opens the ticket.
    opening_starts_updates: bool = True
    # An agent who is the requester comments in public: does it start update clocks?
    requesting_agent_starts_updates: bool = False
    # A bot, a trigger or Zendesk itself comments in public: is it a reply?
    bot_comment_is_reply: bool = False
    # A customer in copy comments in public: does it ask as the requester's own comment does?
    copied_customer_asks: bool = False
    # A second note while a note-started periodic update runs: does it start the next instance?
    second_note_restarts_update: bool = False
    # Does a light agent's note fulfil a next reply where a note of another agent does?
    light_agent_note_fulfils_next_reply: bool = False
    # Does a light agent's note open a next reply where activate_on_light_agent_internal_note is on?
    light_agent_note_opens_next_reply: bool = False
    # Does a group's clock run while the ticket is pending or on hold?
    group_clock_runs_while_waiting: bool = True
    # Does a policy without conditions apply to every ticket, or to none?
    empty_filter_fits: bool = True
    # A target in business hours, and the account has no schedule.
    business_target_without_schedule: Literal["unknown", "calendar"] = "unknown"


DEFAULT_CHOICES = Choices()


def read_choices(text: str) -> Choices:
    """Read choices as the setting has them: `name=value, name=value`; what is left out stays.

    Raises ConfigError for a name or a value that does not exist.
    """
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    told = {name.strip(): value.strip().lower() for name, _, value in pairs}
    known = {each.name: each.type for each in fields(Choices)}
    return Choices(**{name: _value(name, value, known) for name, value in told.items()})


def _value(name: str, value: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        raise _wrong(f"{name[:60]!r} is no choice", f"choices are {', '.join(known)}")
    allowed = _WORDS if known[name] is bool else {one: one for one in known[name].__args__}
    if value not in allowed:
        raise _wrong(f"{name} cannot be {value[:40]!r}", f"it is one of {', '.join(allowed)}")
    return allowed[value]


def _wrong(what: str, hint: str) -> ConfigError:
    return ConfigError(f"{VARIABLE}: {what}.", hint=f"{hint}; docs/sla.md explains each.")
