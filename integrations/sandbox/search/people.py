"""What keywords and words mean for users, organizations and groups."""

from collections.abc import Callable, Iterable

from integrations.sandbox.search.language import Term
from integrations.sandbox.search.matching import (
    Keyword,
    Kind,
    Match,
    Scope,
    exactly,
    instant,
    listed_under,
    named,
    own_field,
    tags,
    text_fits,
    words_in,
    yes_no,
)
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.indexes.words import asked_words, has_phrase
from integrations.sandbox.state.people.users import user_texts
from integrations.sandbox.state.store import Record, Store

INSTANTS: dict[str, Keyword] = {
    **dict.fromkeys(("created", "created_at"), instant("created_at")),
    **dict.fromkeys(("updated", "updated_at"), instant("updated_at")),
}


def _email(scope: Scope, term: Term) -> Match:
    if term.value.lower() == "none":
        return lambda user: not user["email"]
    user = scope.account.user_by_email(term.value)
    if user is not None:
        return {user["id"]}
    wanted = term.value.lower()
    return lambda user: bool(term.is_phrase and (user["email"] or "").lower().startswith(wanted))


def _role(scope: Scope, term: Term) -> Match:
    roles = named(scope.account.custom_roles, term)
    wanted = term.value.lower()
    return lambda user: user["role"] == wanted or user["custom_role_id"] in roles - {None}


def _group(scope: Scope, term: Term) -> Match:
    groups = named(scope.account.groups, term)
    return lambda user: any(scope.account.is_member(user["id"], group) for group in groups)


def _organization(scope: Scope, term: Term) -> Match:
    wanted = named(scope.account.organizations, term)
    return lambda user: user["organization_id"] in wanted


def _phone(_: Scope, term: Term) -> Match:
    wanted = _digits(term.value)
    if term.value.lower() == "none":
        return lambda user: not user["phone"]
    return lambda user: bool(wanted) and _digits(user["phone"] or "") == wanted


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _name(scope: Scope, term: Term) -> Match:
    words, begins = asked_words(term.value), term.value.endswith("*")
    listed = listed_under(scope.account.user_words, words, beginnings=begins)
    return {one for one in listed if text_fits(scope.account.users.get(one)["name"], term)}


def _user_text(scope: Scope, term: Term) -> Match:
    words = asked_words(term.value)
    if not words:
        return lambda _: True
    listed = listed_under(scope.account.user_words, words, beginnings=not term.is_phrase)
    if not term.is_phrase:
        return listed
    users = scope.account.users
    return {one for one in listed if has_phrase(user_texts(users.get(one)), term.value)}


USER: dict[str, Keyword] = INSTANTS | {
    "name": _name,
    "user": _user_text,
    "role": _role,
    "email": _email,
    "group": _group,
    **dict.fromkeys(("organization", "organization_id"), _organization),
    "notes": words_in("notes"),
    "details": words_in("details"),
    "external_id": exactly("external_id"),
    "phone": _phone,
    "tags": tags,
    "is_verified": yes_no("verified"),
    "is_suspended": yes_no("suspended"),
}
ORGANIZATION: dict[str, Keyword] = INSTANTS | {
    "name": words_in("name"),
    "notes": words_in("notes"),
    "details": words_in("details"),
    "tags": tags,
    "external_id": exactly("external_id"),
}
GROUP: dict[str, Keyword] = INSTANTS | {"name": words_in("name")}


def _with_fields(known: dict[str, Keyword], store: str) -> Callable[[Account, str], Keyword | None]:
    """Return where keywords are found: those of Zendesk, then the account's own fields."""

    def find(account: Account, key: str) -> Keyword | None:
        fields: Store = getattr(account, store)
        is_own = key not in known and any(one["key"] == key for one in fields.all())
        return own_field(store, key) if is_own else known.get(key)

    return find


def _record_text(*fields: str) -> Keyword:
    def match(_: Scope, term: Term) -> Match:
        if not asked_words(term.value):
            return lambda _: True
        begun = term if term.is_phrase else Term(value=f"{term.value}*")
        return lambda record: any(text_fits(text, begun) for text in _texts(record, fields))

    return match


def _texts(record: Record, fields: Iterable[str]) -> list[str]:
    return [*(str(record[name] or "") for name in fields), *record.get("tags", ())]


USERS = Kind(
    name="user",
    ids=lambda account: [user["id"] for user in account.users.where(active=True)],
    record=lambda account, user_id: account.users.get(user_id),
    keyword=_with_fields(USER, "user_fields"),
    text=_user_text,
)
ORGANIZATIONS = Kind(
    name="organization",
    ids=lambda account: [one["id"] for one in account.organizations.all()],
    record=lambda account, one: account.organizations.get(one),
    keyword=_with_fields(ORGANIZATION, "organization_fields"),
    text=_record_text("name", "notes", "details", "external_id"),
)
GROUPS = Kind(
    name="group",
    ids=lambda account: [one["id"] for one in account.groups.all() if not one["deleted"]],
    record=lambda account, one: account.groups.get(one),
    keyword=lambda _, key: GROUP.get(key),
    text=_record_text("name", "description"),
)
