"""What rules can do: each action's name, where it may be used, which values it takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.rules.fields import AUTOMATION, TRIGGER
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.fields import PRIORITIES, STATUSES, TYPES

MACRO = "macro"
EVERYWHERE = frozenset((TRIGGER, AUTOMATION, MACRO))
IN_RULES = frozenset((TRIGGER, AUTOMATION))
IN_MACROS = frozenset((MACRO,))
WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
CUSTOM_FIELD = re.compile(r"custom_fields_([0-9]{1,18})", re.ASCII)
PEOPLE = ("current_user", "requester_id", "assignee_id")
RECIPIENTS = (*PEOPLE, "submitter_id", "all_agents", "requester_and_ccs")

Takes = Callable[[Account, Any], bool]


@dataclass(frozen=True, slots=True)
class Action:
    """One action; `choices` are shown to people who write a rule."""

    title: str
    takes: Takes
    used_in: frozenset[str] = EVERYWHERE
    kind: str = "text"
    choices: tuple[str, ...] = ()


def _choice(title: str, *choices: str, used_in: frozenset[str] = EVERYWHERE) -> Action:
    return Action(title, lambda _, value: value in choices, used_in, "list", choices)


def _text(_: Account, value: Any) -> bool:
    return isinstance(value, str)


def _spoken(_: Account, value: Any) -> bool:
    """Take a text, or a channel and a text."""
    texts = value if isinstance(value, list) else [value]
    return 0 < len(texts) <= 2 and all(isinstance(one, str) for one in texts)  # noqa: PLR2004


def _tags(_: Account, value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(one, str) for one in value)
    )


def _reference(store: str, *words: str) -> Takes:
    def takes(account: Account, value: Any) -> bool:
        if value in words:
            return True
        is_id = isinstance(value, str) and WHOLE.fullmatch(value) is not None
        return is_id and getattr(account, store).find(int(value)) is not None

    return takes


def _message(store: str, *words: str) -> Takes:
    """Take [to whom, subject, body]."""
    is_somebody = _reference(store, *words)

    def takes(account: Account, value: Any) -> bool:
        if not isinstance(value, list) or len(value) != 3:  # noqa: PLR2004 - see above
            return False
        return all(isinstance(one, str) for one in value) and is_somebody(account, value[0])

    return takes


def _call(account: Account, value: Any) -> bool:
    """Take [webhook, body]: the body is a text, or pairs of name and value, or left out."""
    if not isinstance(value, list) or len(value) not in (1, 2):
        return False
    if not isinstance(value[0], str) or account.webhooks.store.find(value[0]) is None:
        return False
    body = value[1] if len(value) > 1 else ""
    return isinstance(body, str) or (isinstance(body, list) and all(map(_is_pair, body)))


def _is_pair(one: Any) -> bool:
    return isinstance(one, list) and len(one) == 2 and all(isinstance(x, str) for x in one)  # noqa: PLR2004


ACTIONS: dict[str, Action] = {
    "status": _choice("Status", *STATUSES),
    "custom_status_id": Action("Ticket status", _reference("custom_statuses"), kind="list"),
    "priority": _choice("Priority", "", *PRIORITIES),
    "type": _choice("Type", "", *TYPES),
    "group_id": Action("Group", _reference("groups", "", "current_groups"), kind="list"),
    "assignee_id": Action("Assignee", _reference("users", "", *PEOPLE), kind="list"),
    "brand_id": Action("Brand", _reference("brands"), kind="list"),
    "ticket_form_id": Action("Form", _reference("ticket_forms"), kind="list"),
    "set_tags": Action("Set tags", _tags),
    "current_tags": Action("Add tags", _tags),
    "remove_tags": Action("Remove tags", _tags),
    "follower": Action("Add follower", _reference("users", *PEOPLE), kind="list"),
    "cc": Action("Add CC", _reference("users", *PEOPLE), kind="list"),
    "set_schedule": Action("Set schedule", _reference("schedules"), IN_RULES, kind="list"),
    "satisfaction_score": _choice("Satisfaction", "offered", used_in=IN_RULES),
    "notification_user": Action(
        "Email user", _message("users", *RECIPIENTS), IN_RULES, kind="message"
    ),
    "notification_group": Action(
        "Email group", _message("groups", "group_id"), IN_RULES, kind="message"
    ),
    "notification_webhook": Action("Notify active webhook", _call, IN_RULES, kind="webhook"),
    "subject": Action("Set subject", _text, IN_MACROS),
    "comment_value": Action("Comment/description", _spoken, IN_MACROS, kind="comment"),
    "comment_value_html": Action("Comment/description", _spoken, IN_MACROS, kind="comment"),
    "comment_mode_is_public": _choice("Comment mode", "true", "false", used_in=IN_MACROS),
}


def find_action(account: Account, name: str) -> Action | None:
    """Return an action by its name, custom fields included, or None."""
    if name in ACTIONS:
        return ACTIONS[name]
    number = CUSTOM_FIELD.fullmatch(name)
    definition = account.ticket_fields.find(int(number[1])) if number else None
    if definition is None or not definition["removable"]:
        return None
    return Action(definition["title"], _any_value, kind=_shown_kind(definition))


def _any_value(_: Account, value: Any) -> bool:
    return not isinstance(value, dict)


def _shown_kind(definition: Record) -> str:
    return "list" if definition.get("custom_field_options") else "text"
