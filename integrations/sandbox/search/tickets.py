"""What keywords and words mean for tickets."""

from collections.abc import Iterable
from typing import Any

from integrations.runtime.clock import format_instant
from integrations.sandbox.search.comparing import in_order, in_time
from integrations.sandbox.search.language import Term
from integrations.sandbox.search.matching import (
    YES_NO,
    Keyword,
    Kind,
    Match,
    Scope,
    exactly,
    instant,
    listed_under,
    named,
    number_of,
    people,
    text_fits,
)
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.indexes.words import asked_words, has_phrase
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.fields import PRIORITIES, STATUSES, TYPES
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

CUSTOM = "custom_field_"
CHECKED = {"checked": "true", "unchecked": "false"}
CHANNELS = {"mail": "email", "web form": "web", "web_form": "web", "phone": "voice", "text": "sms"}
SATISFACTION = {"goodwithcomment": ("good", True), "badwithcomment": ("bad", True)}


def _having(scope: Scope, field: str, values: Iterable[Any]) -> set[int]:
    index = scope.account.tickets.by_field
    return set[int]().union(*(index.by_value(field).get(value, ()) for value in values))


def _person(*fields: str) -> Keyword:
    def match(scope: Scope, term: Term) -> Match:
        who = people(scope, term)
        return set[int]().union(*(_having(scope, field, who) for field in fields))

    return match


def _commenter(scope: Scope, term: Term) -> Match:
    index = scope.account.tickets.by_comment
    return set[int]().union(*(index.having("commenter_id", one) for one in people(scope, term)))


def _reference(field: str, store: str) -> Keyword:
    def match(scope: Scope, term: Term) -> Match:
        return _having(scope, field, named(getattr(scope.account, store), term))

    return match


def _scale(field: str, words: tuple[str, ...]) -> Keyword:
    def match(scope: Scope, term: Term) -> Match:
        if term.value.lower() == "none":
            return _having(scope, field, (None,))
        return _having(scope, field, in_order(term.operator, term.value.lower(), words))

    return match


def _tags(scope: Scope, term: Term) -> Match:
    wanted = term.value.lower().split() or [""]
    if wanted == ["none"]:
        return _having(scope, "tags", (None,))
    return set.intersection(*(_having(scope, "tags", (tag,)) for tag in wanted))


def _number(field: str) -> Keyword:
    return lambda scope, term: _having(scope, field, (number_of(term.value),))


def _external_id(scope: Scope, term: Term) -> Match:
    return _having(scope, "external_id", (None if term.value == "none" else term.value,))


def _said(*, subject: bool, comments: bool) -> Keyword:
    """Return the keyword for words in the subject, or in description and comments."""

    def match(scope: Scope, term: Term) -> Match:
        words = asked_words(term.value)
        beginnings = term.value.endswith("*")
        listed = listed_under(scope.account.tickets.words, words, beginnings=beginnings)
        found = ((one, scope.account.tickets[one].texts()) for one in listed)
        return {
            one
            for one, (title, *texts) in found
            if (subject and text_fits(title, term))
            or (comments and any(text_fits(text, term) for text in texts))
        }

    return match


def _solved(scope: Scope, term: Term) -> Match:
    test = in_time(term.operator, term.value, scope.now)
    return lambda record: test(_solved_at(scope.account.tickets[record["id"]]))


def _solved_at(case: TicketCase) -> str | None:
    if case.record["status"] not in ("solved", "closed"):
        return None
    solved = [moment for moment, status in case.timeline.statuses if status == "solved"]
    return format_instant(solved[-1]) if solved else None


def _via(_: Scope, term: Term) -> Match:
    wanted = CHANNELS.get(term.value.lower(), term.value.lower().replace(" ", "_"))
    return lambda record: record["via"]["channel"] == wanted


def _has_attachment(scope: Scope, term: Term) -> Match:
    index = scope.account.tickets.by_comment
    return index.having("has_attachment", YES_NO.get(term.value.lower()))


def _satisfaction(_: Scope, term: Term) -> Match:
    score, with_comment = SATISFACTION.get(term.value.lower(), (term.value.lower(), False))

    def test(record: Record) -> bool:
        rating = record["satisfaction_rating"] or {}
        return rating.get("score") == score and bool(rating.get("comment")) is with_comment

    return test


def _field_value(field: str) -> Keyword:
    def match(scope: Scope, term: Term) -> Match:
        wanted = term.value.casefold()
        if wanted == "none":
            return lambda record: _is_empty(record, field)
        return _fields_with(scope, field, CHECKED.get(wanted, wanted), term)

    return match


def _is_empty(record: Record, field: str) -> bool:
    number = field.removeprefix(CUSTOM)
    return all(
        entry["value"] in (None, "", [])
        for entry in record["custom_fields"]
        if str(entry["id"]) == number
    )


def _fields_with(scope: Scope, field: str, wanted: str, term: Term) -> set[int]:
    values = scope.account.tickets.by_field.by_value(field)
    if wanted in values and not wanted.endswith("*"):
        return set(values[wanted])
    return set[int]().union(*(ids for value, ids in values.items() if text_fits(value, term)))


KEYWORDS: dict[str, Keyword] = {
    **dict.fromkeys(("created", "created_at"), instant("created_at")),
    **dict.fromkeys(("updated", "updated_at"), instant("updated_at")),
    **dict.fromkeys(("due_date", "due_at"), instant("due_at")),
    **dict.fromkeys(("solved", "solved_at"), _solved),
    **dict.fromkeys(("requester", "requester_id"), _person("requester_id")),
    **dict.fromkeys(("assignee", "assignee_id"), _person("assignee_id")),
    **dict.fromkeys(("submitter", "submitter_id"), _person("submitter_id")),
    "commenter": _commenter,
    "cc": _person("email_cc_ids", "collaborator_ids"),
    **dict.fromkeys(("group", "group_id"), _reference("group_id", "groups")),
    **dict.fromkeys(
        ("organization", "organization_id"), _reference("organization_id", "organizations")
    ),
    **dict.fromkeys(("brand", "brand_id"), _reference("brand_id", "brands")),
    **dict.fromkeys(("form", "ticket_form_id"), _reference("ticket_form_id", "ticket_forms")),
    "status": _scale("status", STATUSES),
    "priority": _scale("priority", PRIORITIES),
    "ticket_type": _scale("type", TYPES),
    "custom_status_id": _number("custom_status_id"),
    "external_id": _external_id,
    **dict.fromkeys(("tags", "tag"), _tags),
    "subject": _said(subject=True, comments=False),
    "description": _said(subject=False, comments=True),
    "comment": _said(subject=False, comments=True),
    "recipient": exactly("recipient"),
    "via": _via,
    "has_attachment": _has_attachment,
    "satisfaction": _satisfaction,
    "fieldvalue": _field_value("fieldvalue"),
}


def _keyword(account: Account, key: str) -> Keyword | None:
    number = number_of(key.removeprefix(CUSTOM)) if key.startswith(CUSTOM) else None
    is_own = number is not None and account.ticket_fields.find(number) is not None
    return _field_value(f"{CUSTOM}{number}") if is_own else KEYWORDS.get(key)


def _text(scope: Scope, term: Term) -> Match:
    """Match words of subject, description and comments, and numbers, tags and field values."""
    words = asked_words(term.value)
    if not words:
        return lambda _: True
    tickets = scope.account.tickets
    listed = listed_under(tickets.words, words, beginnings=not term.is_phrase)
    if term.is_phrase:
        listed = {one for one in listed if has_phrase(tickets[one].texts(), term.value)}
    value = term.value.casefold()
    number = number_of(value)
    case = None if number is None else tickets.get(number)
    numbered = {case.id} if case and not case.is_deleted else set()
    marked = (tickets.by_field.having(field, value) for field in ("tags", "fieldvalue"))
    return (listed | numbered).union(*marked)


def _living(account: Account) -> list[int]:
    return [case.id for case in account.living_tickets()]


TICKETS = Kind(
    name="ticket",
    ids=_living,
    record=lambda account, ticket_id: account.tickets[ticket_id].record,
    keyword=_keyword,
    text=_text,
)
