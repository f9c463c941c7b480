"""Users: agents, admins and the people who complain."""

from collections.abc import Sequence
from typing import Any

from integrations.sandbox.routes.custom_fields import own_values
from integrations.sandbox.routes.records import warn_about_body
from integrations.sandbox.state.refusals import blank, invalid
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.users import ROLES, SETTABLE, change_user
from integrations.sandbox.wire.call import Answer, Call, Route, created
from integrations.sandbox.wire.paging import page_of

ALLOWED = frozenset((*SETTABLE, "skip_verify_email", "identities", "organization"))


def present_user(call: Call, user: Record) -> Record:
    """Return a user as clients see it, with every custom field that the account has."""
    fields = own_values(call.account.user_fields, user["user_fields"])
    place = {"id": user["id"], "url": call.url("users", user["id"])}
    return place | user | {"user_fields": fields}


def _index(call: Call) -> Answer:
    users = [user for user in call.account.users.all() if user["active"]]
    roles = [text for key, text in call.query.items() if key in ("role", "role[]")]
    if roles:
        wanted = [role for text in roles for role in text.split(",")]
        users = [user for user in users if user["role"] in wanted]
    return Answer(page_of(call, "users", users, present=lambda one: present_user(call, one)))


def _show(call: Call) -> Answer:
    return Answer({"user": present_user(call, call.account.users.get(call.id))})


def _me(call: Call) -> Answer:
    return Answer({"user": present_user(call, call.actor) | {"authenticity_token": ""}})


def _show_many(call: Call) -> Answer:
    found = [call.account.users.find(user_id) for user_id in sorted(set(call.ids()))]
    return _list_of(call, [user for user in found if user])


def _search(call: Call) -> Answer:
    wanted = (call.query.get("query") or call.query.get("external_id") or "").lower()
    wanted = wanted.removeprefix("email:").strip('"')
    fields = ("email", "name", "external_id") if "query" in call.query else ("external_id",)
    found = [
        user
        for user in call.account.users.all()
        if user["active"] and any(wanted == str(user[field] or "").lower() for field in fields)
    ]
    return _list_of(call, found if wanted else [])


def _list_of(call: Call, users: Sequence[Record]) -> Answer:
    shown = [present_user(call, user) for user in users]
    return Answer({"users": shown, "next_page": None, "previous_page": None, "count": len(shown)})


def make_user(call: Call, asked: dict[str, Any]) -> Record:
    """Keep a new user; refuse a missing name, an unknown role and a taken address."""
    if not asked.get("name"):
        raise blank("name")
    _check(call, asked, None)
    return call.account.add_user(asked)


def update_user(call: Call, user: Record, asked: dict[str, Any]) -> None:
    """Change a user."""
    _check(call, asked, user)
    old_email = user["email"]
    change_user(user, asked, call.account.clock.stamp())
    call.account.index_user(user, old_email)


def _check(call: Call, asked: dict[str, Any], user: Record | None) -> None:
    if asked.get("role", "end-user") not in ROLES:
        raise invalid("role", "Role: is not valid")
    taken = call.account.user_by_email(str(asked.get("email") or ""))
    if taken is not None and taken is not user:
        raise invalid(
            "email", "Email: is already being used by another user", code="DuplicateValue"
        )


def _create(call: Call) -> Answer:
    asked = call.wrapped("user")
    call.warn("user", asked, ALLOWED | {"id"})
    user = make_user(call, asked)
    return created(call, "user", present_user(call, user), "users", user["id"])


def _create_or_update(call: Call) -> Answer:
    asked = call.wrapped("user")
    known = call.account.user_by_email(str(asked.get("email") or ""))
    if known is None:
        return _create(call)
    update_user(call, known, asked)
    return Answer({"user": present_user(call, known)})


def _update(call: Call) -> Answer:
    user = call.account.users.get(call.id)
    asked = call.wrapped("user")
    call.warn("user", asked, ALLOWED | {"id"})
    update_user(call, user, asked)
    return Answer({"user": present_user(call, user)})


def _destroy(call: Call) -> Answer:
    warn_about_body(call)
    user = call.account.users.get(call.id)
    retire_user(call, user)
    return Answer({"user": present_user(call, user)})


def retire_user(call: Call, user: Record) -> None:
    """Make a user inactive; the address becomes free."""
    old_email = user["email"]
    user |= {"active": False, "email": None, "updated_at": call.account.clock.stamp()}
    call.account.index_user(user, old_email)


NAME = "users"
UPDATE = "user-update"
ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("GET", "users/me", _me, NAME, "me", open_to_end_users=True),
    Route("GET", "users/show_many", _show_many, NAME, "show_many"),
    Route("GET", "users/search", _search, NAME, "search"),
    Route("GET", "users/{id}", _show, NAME, "show"),
    Route("POST", NAME, _create, NAME, "create"),
    Route("POST", "users/create_or_update", _create_or_update, NAME, "create_or_update", UPDATE),
    Route("PUT", "users/{id}", _update, NAME, "update", UPDATE),
    Route("DELETE", "users/{id}", _destroy, NAME, "destroy"),
)
