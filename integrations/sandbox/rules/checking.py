"""Refuses rules that this account could not carry out, with the words Zendesk has for them.

Zendesk's answer to a value that it does not know is recorded ("Invalid value 'web' in 'Update via /
Is not / web'"); the others follow its pattern.
"""

import re
from typing import Any

from integrations.sandbox.rules.actions import find_action
from integrations.sandbox.rules.conditions import SPECIAL, texts_of
from integrations.sandbox.rules.fields import AUTOMATION, TRIGGER, VIEW, Field, find_field
from integrations.sandbox.rules.operators import KINDS, TITLES, WITHOUT_VALUE, text_of
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.refusals import Refusal, invalid
from integrations.sandbox.state.store import Record

ANCHORS = ("status", "type", "group_id", "assignee_id", "requester_id", "custom_status_id")
WHOLE, DAYS = re.compile(r"[0-9]{1,18}", re.ASCII), re.compile(r"[0-9]{1,5}", re.ASCII)
CHANGES = frozenset(name for name in TITLES if "changed" in name or "value" in name)
TAG_ACTIONS = ("set_tags", "current_tags", "remove_tags")


def checked_rule(account: Account, rule: Record, where: str) -> None:
    """Refuse a trigger, automation, macro or view that is not complete or makes no sense."""
    if where != VIEW:
        rule["actions"] = [checked_action(account, one, where) for one in rule["actions"] or ()]
        if not rule["actions"]:
            raise _base("You must select at least one action")
    if "conditions" not in rule:
        return
    rule["conditions"] = checked_conditions(account, rule["conditions"], where)
    if where in (AUTOMATION, VIEW):
        _check_anchor(rule["conditions"])
    if where == AUTOMATION:
        _check_automation(account, rule)


def checked_conditions(account: Account, conditions: Record, where: str) -> Record:
    """Return conditions as they are kept; refuse what cannot be tested there."""
    return {
        place: [
            _checked_condition(account, one, where, place) for one in conditions.get(place) or ()
        ]
        for place in ("all", "any")
    }


def checked_action(account: Account, action: Record, where: str) -> Record:
    """Return an action as it is kept; refuse one that cannot be done there."""
    name, value = action.get("field"), _kept(action.get("value"))
    known = find_action(account, name) if isinstance(name, str) else None
    if known is None or where not in known.used_in:
        raise _base(f"Invalid action '{_short(name)}'")
    if not known.takes(account, value):
        raise _base(f"Invalid value '{_short(value)}' in '{known.title} / {_short(value)}'")
    return {"field": name, "value": value}


def _checked_condition(account: Account, condition: Record, where: str, place: str) -> Record:
    name, operator = condition.get("field"), condition.get("operator") or "is"
    value = _kept(condition.get("value"))
    field = find_field(account, name) if isinstance(name, str) else None
    if field is None or where not in field.used_in:
        raise _base(f"Invalid field '{_short(name)}'")
    if field.kind == "hours" and place == "any":
        raise _base(f"'{field.title}' can only be used where all conditions must be met")
    shown = f"{field.title} / {TITLES.get(str(operator), _short(operator))} / {_short(value)}"
    if not isinstance(operator, str) or operator not in operators_of(field, where):
        raise _base(f"Invalid operator '{_short(operator)}' in '{shown}'")
    if operator not in WITHOUT_VALUE and not _takes(field, operator, value):
        raise _base(f"Invalid value '{_short(value)}' in '{shown}'")
    return {"field": name, "operator": operator, "value": value}


def operators_of(field: Field, where: str) -> set[str]:
    """Return the operators that a field has in one kind of rule."""
    may_change = field.can_change and where == TRIGGER
    return set(KINDS[field.kind]) | (CHANGES if may_change else set())


def _takes(field: Field, operator: str, value: Any) -> bool:
    texts = texts_of(field, value)
    if operator.startswith("within_"):
        return len(texts) == 1 and DAYS.fullmatch(texts[0]) is not None
    if field.choices:
        return all(text in field.choices for text in texts)
    if field.kind == "reference":
        return all(text in ("", *SPECIAL) or WHOLE.fullmatch(text) for text in texts)
    if field.kind in ("hours", "count"):
        return len(texts) == 1 and WHOLE.fullmatch(texts[0]) is not None
    if field.kind in ("tags", "words"):
        return any(text.strip() for text in texts)
    return not isinstance(value, dict)


def _kept(value: Any) -> Any:
    """Return a value as Zendesk keeps it: numbers and switches become text."""
    if isinstance(value, list):
        return [_kept(one) for one in value]
    return value if value is None or isinstance(value, str | dict) else text_of(value)


def _check_anchor(conditions: Record) -> None:
    """Ask for a condition that keeps the rule from looking at every ticket there is."""
    if not any(one["field"] in ANCHORS for one in conditions["all"]):
        raise _base(
            "You must select at least one of the following conditions: "
            "Status, Type, Group, Assignee, Requester"
        )


def _check_automation(account: Account, rule: Record) -> None:
    """Ask for a condition on time, and for something that keeps the rule from firing for ever."""
    conditions = rule["conditions"]["all"]
    fields = {one["field"]: find_field(account, one["field"]) for one in conditions}
    hours = [one for one in conditions if (f := fields[one["field"]]) and f.kind == "hours"]
    if not hours:
        raise _base("You must select at least one time-based condition")
    is_brief = any(one["operator"].startswith("is") for one in hours)
    touched = {
        "current_tags" if one["field"] in TAG_ACTIONS else one["field"] for one in rule["actions"]
    }
    if not is_brief and touched.isdisjoint(fields):
        raise _base(
            "Automation must contain an action that nullifies at least one of its conditions"
        )


def _short(value: Any) -> str:
    return text_of(value)[:100]


def _base(description: str) -> Refusal:
    return invalid("base", description)
