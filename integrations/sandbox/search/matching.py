"""What keywords share: who is meant, which names fit, which texts have a word."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.sandbox.search.comparing import in_numbers, in_time
from integrations.sandbox.search.language import Term
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.indexes.words import (
    WordIndex,
    asked_words,
    fits,
    has_phrase,
    is_cjk,
)
from integrations.sandbox.state.store import Record, Store

LONGEST_ID = 18
YES_NO = {"true": True, "false": False}

Test = Callable[[Record], bool]
Match = set[int] | Test  # the ids that fit, or a test for those that other terms leave


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and for whom a search looks."""

    account: Account
    actor: Record
    now: datetime


Keyword = Callable[[Scope, Term], Match]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of record that can be found: where it lies and what its keywords mean."""

    name: str
    ids: Callable[[Account], Iterable[int]]
    record: Callable[[Account, int], Record]
    keyword: Callable[[Account, str], Keyword | None]
    text: Keyword


def number_of(value: str) -> int | None:
    """Return the id that a value is, or None."""
    is_id = value.isascii() and value.isdigit() and len(value) <= LONGEST_ID
    return int(value) if is_id else None


def text_fits(text: str | None, term: Term) -> bool:
    """Return whether a text has the words of a term: whole words, or beginnings before a `*`."""
    if not text or not asked_words(term.value):
        return False
    if term.is_phrase and not term.value.endswith("*"):
        return has_phrase((text,), term.value)
    words = asked_words(text)
    *whole, last = asked_words(term.value)
    may_begin = term.value.endswith("*")
    return all(any(fits(word, wanted) for word in words) for wanted in whole) and any(
        fits(word, last) or (may_begin and word.startswith(last)) for word in words
    )


def listed_under(index: WordIndex, words: Iterable[str], *, beginnings: bool) -> set[int]:
    """Return the ids of the records that have all these words."""
    found: set[int] | None = None
    for word in words:
        pairs = len(word) == 1 and is_cjk(word)
        having = index.starting(word) if beginnings or pairs else index.having(word)
        found = having if found is None else found & having
    return found or set()


def people(scope: Scope, term: Term) -> set[int | None]:
    """Return the ids of the users whom a value means; None when it means nobody."""
    account, value = scope.account, term.value
    if value.lower() == "none":
        return {None}
    if value.lower() == "me":
        return {scope.actor["id"]}
    number = number_of(value)
    if number is not None:
        return {number}
    if "@" in value:
        user = account.user_by_email(value)
        return {user["id"]} if user else set()
    listed = listed_under(account.user_words, asked_words(value), beginnings=value.endswith("*"))
    users = (account.users.get(user_id) for user_id in listed)
    return {
        user["id"]
        for user in users
        if text_fits(user["name"], term) or (value[0] == "+" and text_fits(user["phone"], term))
    }


def named(store: Store, term: Term, field: str = "name") -> set[int | None]:
    """Return the ids of the records that a value names or numbers; None for `none`."""
    if term.value.lower() == "none":
        return {None}
    number = number_of(term.value)
    if number is not None and store.find(number):
        return {number}
    return {one["id"] for one in store.all() if text_fits(one[field], term)}


def instant(field: str) -> Keyword:
    """Return the keyword for an instant of a record."""

    def match(scope: Scope, term: Term) -> Match:
        test = in_time(term.operator, term.value, scope.now)
        return lambda record: test(record[field])

    return match


def words_in(field: str) -> Keyword:
    """Return the keyword for a text of a record; `none` means an empty one."""

    def match(_: Scope, term: Term) -> Match:
        if term.value.lower() == "none":
            return lambda record: not record[field]
        return lambda record: text_fits(record[field], term)

    return match


def exactly(field: str) -> Keyword:
    """Return the keyword for a value that must be the same; `none` means an empty one."""

    def match(_: Scope, term: Term) -> Match:
        wanted = term.value.lower()
        if wanted == "none":
            return lambda record: not record[field]
        return lambda record: str(record[field] or "").lower() == wanted

    return match


def yes_no(field: str) -> Keyword:
    """Return the keyword for a switch of a record."""

    def match(_: Scope, term: Term) -> Match:
        wanted = YES_NO.get(term.value.lower())
        return lambda record: wanted is not None and bool(record[field]) is wanted

    return match


def tags(_: Scope, term: Term) -> Match:
    """Match records with a tag, with all of several in quotes, or with none."""
    wanted = set(term.value.lower().split())
    if wanted == {"none"}:
        return lambda record: not record["tags"]
    return lambda record: wanted <= set(record["tags"])


def own_field(holder: str, key: str) -> Keyword:
    """Return the keyword for a custom field of users or organizations."""

    def match(_: Scope, term: Term) -> Match:
        return lambda record: _own_value_fits(record[holder].get(key), term)

    return match


def _own_value_fits(value: Any, term: Term) -> bool:
    if term.value.lower() == "none":
        return value in (None, "")
    if value is None:
        return False
    if isinstance(value, bool):
        return YES_NO.get(term.value.lower()) is value
    if term.operator != ":":
        return in_numbers(term.operator, term.value, str(value))
    return str(value).lower() == term.value.lower() or text_fits(str(value), term)
