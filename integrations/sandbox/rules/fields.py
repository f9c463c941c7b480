"""The fields that conditions can test: how each is called, where it may be used, what it holds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from integrations.sandbox.rules.facts import Facts
from integrations.sandbox.rules.hours import HOURS
from integrations.sandbox.rules.operators import SCORES
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.hours.business_time import business_minutes
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.fields import PRIORITIES, STATUSES, TYPES

TRIGGER, AUTOMATION, VIEW, SLA = "trigger", "automation", "view", "sla"
EVERYWHERE = frozenset((TRIGGER, AUTOMATION, VIEW, SLA))
IN_TRIGGERS = frozenset((TRIGGER,))
BY_THE_CLOCK = frozenset((AUTOMATION, VIEW))
TYPE_NUMBERS = {"": "", "1": "question", "2": "incident", "3": "problem", "4": "task"}
# the numbers by which conditions name channels
CHANNELS = {
    "web_form": 0,
    "web": 0,
    "mail": 4,
    "email": 4,
    "api": 5,
    "web_service": 5,
    "rule": 8,
    "closed_ticket": 27,
    "chat": 29,
    "ticket_sharing": 31,
    "voicemail": 33,
    "phone_call_inbound": 34,
    "phone_call_outbound": 35,
    "web_widget": 48,
    "mobile_sdk": 49,
    "helpcenter": 50,
    "any_channel": 55,
    "mobile": 56,
    "sms": 57,
    "line": 72,
    "wechat": 73,
    "whatsapp": 74,
}
ROLES = {
    "end-user": ("end_user", "end-user", "0"),
    "agent": ("agent", "4"),
    "admin": ("admin", "2"),
}
CUSTOM = re.compile(r"(?:custom_fields|ticket_fields)_([0-9]{1,18})")
OF_OTHERS = re.compile(r"(organization|requester|user)\.custom_fields[._]([\w-]{1,80})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `choices` limits its values, `can_change` allows "changed to" and the like."""

    title: str
    kind: str
    read: Callable[[Facts], Any]
    used_in: frozenset[str] = EVERYWHERE
    can_change: bool = False
    choices: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()  # other ways to write a value


def _of_ticket(name: str) -> Callable[[Facts], Any]:
    return lambda facts: facts.record[name]


def _score(facts: Facts) -> str:
    rating = facts.record["satisfaction_rating"] or {}
    score = str(rating.get("score") or "unoffered")
    return f"{score}_with_comment" if rating.get("comment") and score in SCORES else score


def _channel(record: Record) -> int | None:
    return CHANNELS.get(record["via"]["channel"])


def _update_via(facts: Facts) -> int | None:
    return _channel(facts.draft.audit) if facts.draft else _channel(facts.record)


def _update_type(facts: Facts) -> tuple[str, ...]:
    if facts.draft is None:
        return ()
    return ("Create",) if facts.draft.before is None else ("Change",)


def _comment_shown(facts: Facts) -> tuple[str, ...]:
    comment = facts.draft.comment if facts.draft else None
    if comment is None:
        return ()
    return ("not_relevant", *(PUBLIC_WORDS if comment["public"] else ("false",)))


PUBLIC_WORDS = ("true", "requester_can_see_comment")


def _comment_text(facts: Facts) -> str:
    draft = facts.draft
    if draft is None or draft.comment is None:
        return ""
    subject = draft.record["subject"] if draft.before is None else None
    return f"{subject or ''}\n{draft.comment['body']}"


def _privacy(facts: Facts) -> tuple[str, ...]:
    return ("public", "true") if facts.record["is_public"] else ("private", "false")


def _actor(facts: Facts) -> tuple[str, ...]:
    words = ROLES.get(facts.actor["role"], ())
    more = ("agent",) if facts.actor["role"] == "admin" else ()
    return (*words[:-1], *more, str(facts.actor["id"]))


def _requester(facts: Facts) -> Record:
    return facts.account.users.find(facts.record["requester_id"]) or {}


def _requester_role(facts: Facts) -> tuple[str, ...]:
    return ROLES.get(_requester(facts).get("role", ""), ())


def _stations(visited: list[tuple[Any, int | None]]) -> int:
    return len({place for _, place in visited if place is not None})


def _reopens(facts: Facts) -> int:
    statuses = [status for _, status in facts.timeline.statuses]
    done = ("solved", "closed")
    return sum(old == "solved" and new not in done for old, new in pairwise(statuses))


def _in_business_hours(facts: Facts) -> str:
    schedules, soon = facts.account.schedules.all(), facts.now + timedelta(minutes=1)
    is_open = bool(schedules) and business_minutes(schedules[0], facts.now, soon) > 0
    return "true" if is_open else "false"


ROLE_WORDS = tuple(word for words in ROLES.values() for word in words)
SCORE_ALIASES = (("true", "unoffered"), ("false", "offered"))
NUMBERS = {str(number) for number in CHANNELS.values()}
CHANNEL_ALIASES = tuple((name, str(number)) for name, number in CHANNELS.items())
FIELDS: dict[str, Field] = {
    "status": Field("Status", "status", _of_ticket("status"), can_change=True, choices=STATUSES),
    "type": Field("Type", "choice", _of_ticket("type"), can_change=True, choices=("", *TYPES)),
    "ticket_type_id": Field(
        "Type",
        "choice",
        _of_ticket("type"),
        can_change=True,
        choices=("", *TYPES),
        aliases=tuple(TYPE_NUMBERS.items()),
    ),
    "priority": Field(
        "Priority", "priority", _of_ticket("priority"), can_change=True, choices=("", *PRIORITIES)
    ),
    "group_id": Field("Group", "reference", _of_ticket("group_id"), can_change=True),
    "assignee_id": Field("Assignee", "reference", _of_ticket("assignee_id"), can_change=True),
    "requester_id": Field("Requester", "reference", _of_ticket("requester_id"), can_change=True),
    "organization_id": Field(
        "Organization", "reference", _of_ticket("organization_id"), can_change=True
    ),
    "brand_id": Field("Brand", "reference", _of_ticket("brand_id"), can_change=True),
    "ticket_form_id": Field("Form", "reference", _of_ticket("ticket_form_id"), can_change=True),
    "custom_status_id": Field(
        "Ticket status", "reference", _of_ticket("custom_status_id"), can_change=True
    ),
    "current_tags": Field("Tags", "tags", _of_ticket("tags")),
    "subject_includes_word": Field("Subject text", "words", _of_ticket("subject")),
    "description_includes_word": Field("Description", "words", _of_ticket("description")),
    "recipient": Field("Received at", "choice", _of_ticket("recipient")),
    "via_id": Field(
        "Channel",
        "choice",
        lambda facts: _channel(facts.record),
        choices=tuple(NUMBERS),
        aliases=CHANNEL_ALIASES,
    ),
    "current_via_id": Field(
        "Update via",
        "choice",
        _update_via,
        frozenset((TRIGGER, SLA)),
        choices=tuple(NUMBERS),
        aliases=CHANNEL_ALIASES,
    ),
    "satisfaction_score": Field(
        "Satisfaction",
        "satisfaction",
        _score,
        can_change=True,
        choices=SCORES,
        aliases=SCORE_ALIASES,
    ),
    "update_type": Field(
        "Ticket", "one_of", _update_type, IN_TRIGGERS, choices=("Create", "Change")
    ),
    "comment_is_public": Field(
        "Comment",
        "one_of",
        _comment_shown,
        IN_TRIGGERS,
        choices=("not_relevant", "false", *PUBLIC_WORDS),
    ),
    "comment_includes_word": Field("Comment text", "words", _comment_text, IN_TRIGGERS),
    "ticket_is_public": Field(
        "Privacy", "one_of", _privacy, choices=("public", "private", "true", "false")
    ),
    "role": Field("Current user", "one_of", _actor, IN_TRIGGERS),
    "requester_role": Field("Requester role", "one_of", _requester_role, choices=ROLE_WORDS),
    "locale_id": Field(
        "Requester's language", "choice", lambda facts: _requester(facts).get("locale_id")
    ),
    "in_business_hours": Field(
        "Within business hours?",
        "choice",
        _in_business_hours,
        IN_TRIGGERS,
        choices=("true", "false"),
    ),
    "reopens": Field("Reopens", "count", _reopens),
    "replies": Field("Agent replies", "count", lambda facts: len(facts.timeline.replies)),
    "agent_stations": Field(
        "Assignee stations",
        "count",
        lambda facts: _stations(facts.timeline.assignees),
    ),
    "group_stations": Field(
        "Group stations", "count", lambda facts: _stations(facts.timeline.groups)
    ),
    "exact_created_at": Field("Created", "moment", _of_ticket("created_at"), frozenset((SLA,))),
    **{name: Field(title, "hours", read, BY_THE_CLOCK) for name, (title, read) in HOURS.items()},
}


def find_field(account: Account, name: str) -> Field | None:
    """Return a field by the name that conditions use, custom fields included, or None."""
    if name in FIELDS:
        return FIELDS[name]
    number, other = CUSTOM.fullmatch(name), OF_OTHERS.fullmatch(name)
    if number:
        return _custom_field(account, int(number[1]))
    return _of_somebody(account, other[1], other[2]) if other else None


def _custom_field(account: Account, field_id: int) -> Field | None:
    definition = account.ticket_fields.find(field_id)
    if definition is None or not definition["removable"]:
        return None
    options = definition.get("custom_field_options") or ()
    aliases = tuple((str(option["id"]), option["value"]) for option in options)

    def read(facts: Facts) -> Any:
        held = next(
            (one["value"] for one in facts.record["custom_fields"] if one["id"] == field_id), None
        )
        return bool(held) if definition["type"] == "checkbox" else held

    return Field(definition["title"], "custom", read, can_change=True, aliases=aliases)


def _of_somebody(account: Account, whose: str, key: str) -> Field | None:
    of_organization = whose == "organization"
    store = account.organization_fields if of_organization else account.user_fields
    if not store.where(key=key):
        return None

    def read(facts: Facts) -> Any:
        if not of_organization:
            return (_requester(facts).get("user_fields") or {}).get(key)
        home = facts.account.organizations.find(facts.record["organization_id"]) or {}
        return (home.get("organization_fields") or {}).get(key)

    return Field(f"{whose} {key}", "custom", read)
