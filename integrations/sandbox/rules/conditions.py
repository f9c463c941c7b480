"""Tells whether a ticket meets conditions: `all` of them, and `any` when there are some.

Names and operators are Zendesk's. What this account cannot test is refused when a rule is written
(see `checking`). A condition that lost its field since then, because a custom field was deleted,
holds for no ticket, whatever its operator: a rule that nobody can understand does nothing.
"""

from collections.abc import Callable, Iterable
from typing import Any

from integrations.sandbox.rules.facts import Facts
from integrations.sandbox.rules.fields import FIELDS, Field, find_field
from integrations.sandbox.rules.operators import KINDS, Texts, text_of
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record

Meets = Callable[[Facts], bool]
# what a condition may say instead of an id: of the ticket, or of whoever looks at it
OF_TICKET = ("requester_id", "assignee_id")
OF_VIEWER: dict[str, Callable[[Facts], Iterable[int]]] = {
    "current_user": lambda facts: (facts.actor["id"],),
    "current_groups": lambda facts: _groups(facts.account, facts.actor),
    "all_agents": lambda facts: (user["id"] for user in facts.account.agents()),
}
SPECIAL = frozenset((*OF_TICKET, *OF_VIEWER))
CHANGED_TO = ("value", "changed_to")
CHANGED_FROM = ("value_previous", "changed_from")


def meets(account: Account, conditions: Record) -> Meets:
    """Return the question whether a ticket meets these conditions, to be asked of many."""
    every = [_condition(account, one) for one in conditions.get("all") or ()]
    some = [_condition(account, one) for one in conditions.get("any") or ()]

    def test(facts: Facts) -> bool:
        return all(one(facts) for one in every) and (not some or any(one(facts) for one in some))

    return test


def are_lasting(conditions: Record) -> bool:
    """Tell whether the question stays the same: custom fields come and go, the others do not."""
    return all(one["field"] in FIELDS for place in conditions.values() for one in place)


def texts_of(field: Field, value: Any) -> Texts:
    """Return the values that a condition names, each as the text that the field is compared to."""
    values = value if isinstance(value, list) else [value]
    texts = [text_of(one) for one in values]
    if field.kind == "tags":
        return tuple(tag.lower() for text in texts for tag in text.split())
    aliases = dict(field.aliases)
    return tuple(aliases.get(text, text) for text in texts) or ("",)


def _condition(account: Account, condition: Record) -> Meets:
    field = find_field(account, str(condition.get("field")))
    operator = condition.get("operator") or "is"
    if field is None:
        return lambda _: False
    texts = texts_of(field, condition.get("value"))
    if "changed" in operator or "value" in operator:
        return _change(field, operator, texts)
    test = KINDS[field.kind].get(operator)
    if test is None:
        return lambda _: False
    if field.kind == "reference" and not SPECIAL.isdisjoint(texts):
        return lambda facts: test(field.read(facts), _resolved(texts, facts), facts)
    return lambda facts: test(field.read(facts), texts, facts)


def _change(field: Field, operator: str, texts: Texts) -> Meets:
    """Return the question about the change under way; a new ticket changed from nothing."""
    is_denied, name = operator.startswith("not_"), operator.removeprefix("not_")

    def happened(facts: Facts) -> bool:
        new, old = text_of(field.read(facts)), text_of(field.read(facts.earlier()))
        if new == old:
            return False
        if name in CHANGED_TO:
            return new in _resolved(texts, facts)
        return old in _resolved(texts, facts) if name in CHANGED_FROM else True

    return lambda facts: facts.draft is not None and happened(facts) is not is_denied


def _resolved(texts: Texts, facts: Facts) -> Texts:
    """Return the texts with ids in the place of words like `current_user`."""
    return tuple(one for text in texts for one in _meant(text, facts))


def _meant(text: str, facts: Facts) -> Texts:
    if text in OF_TICKET:
        return (text_of(facts.record[text]),)
    if text not in OF_VIEWER:
        return (text,)
    if text not in facts.people:
        facts.people[text] = tuple(map(text_of, OF_VIEWER[text](facts)))
    return facts.people[text]


def _groups(account: Account, user: Record) -> list[int]:
    return [one["group_id"] for one in account.group_memberships.where(user_id=user["id"])]
