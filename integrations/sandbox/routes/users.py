"""Users: agents, admins and the people who complain."""

from collections.abc import Sequence
from typing import Any

from integrations.sandbox.routes.custom_fields import own_values
from integrations.sandbox.routes.records import counted, listed_in_query, warn_about_body
from integrations.sandbox.search.finding import search
from integrations.sandbox.search.language import Query, Term, parse
from integrations.sandbox.search.matching import Scope
from integrations.sandbox.state.indexes.words import asked_words
from integrations.sandbox.state.people.joining import change, join
from integrations.sandbox.state.people.leaving import merge, retire
from integrations.sandbox.state.people.users import SETTABLE
from integrations.sandbox.state.refusals import bad_request, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, created
from integrations.sandbox.wire.paging import order_by_cursor, page_of

ALLOWED = frozenset((*SETTABLE, "id", "skip_verify_email", "identities", "organization"))


def present_user(call: Call, user: Record) -> Record:
    """Return a user as clients see it, with every custom field that the account has."""
    fields = own_values(call.account.user_fields, user["user_fields"])
    place = {"id": user["id"], "url": call.url("users", user["id"])}
    return place | user | {"user_fields": fields}


def user_page(call: Call, users: Sequence[Record], *, order: str = "id") -> Answer:
    """Answer with one page of users."""
    return Answer(
        page_of(call, "users", users, order=order, present=lambda one: present_user(call, one))
    )


def known_user(call: Call) -> Record:
    """Return the user of the path; who was deleted for good is not found."""
    if call.id in call.account.user_deletions:
        raise not_found()
    return call.account.users.get(call.id)


def _wanted(call: Call) -> list[Record]:
    """Return the users that a list or a count is to have, in any order."""
    users = call.account.users
    wanted: dict[str, Any] = {"active": True}
    external_id = call.query.get("external_id")
    if external_id:
        wanted = {"external_id": external_id} | wanted
    roles = call.query.get("role[]") or call.query.get("role")
    by_role = [{"role": role} for role in set(roles.split(","))] if roles else [{}]
    found = [user for role in by_role for user in users.where(**role | wanted)]
    permission_set = call.query.get("permission_set")
    if permission_set:
        found = [user for user in found if str(user["custom_role_id"]) == permission_set]
    return found


def _index(call: Call) -> Answer:
    return user_page(call, _wanted(call), order=order_by_cursor(call, "id"))


def _count(call: Call) -> Answer:
    return counted(call, len(_wanted(call)))


def _show(call: Call) -> Answer:
    return Answer({"user": present_user(call, known_user(call))})


def _me(call: Call) -> Answer:
    me = present_user(call, call.actor) | {"authenticity_token": ""}
    return Answer({"user": me if me["id"] else me | {"url": None}})  # nobody has no address


def _show_many(call: Call) -> Answer:
    shown = [present_user(call, user) for user in listed_in_query(call, call.account.users)]
    return Answer({"users": shown, "next_page": None, "previous_page": None, "count": len(shown)})


def _search(call: Call) -> Answer:
    external_id = call.query.get("external_id")
    if external_id:
        return user_page(call, call.account.users.where(external_id=external_id, active=True))
    text = call.query.get("query", "")
    if not text.strip():
        return user_page(call, [])
    known = call.account.user_by_email(text.removeprefix("email:").strip('"'))
    if known is not None:
        return user_page(call, [known])
    scope = Scope(call.account, call.actor, call.account.clock.now())
    return user_page(call, [user for _, user in search(scope, parse(f"type:user {text}"))])


def _autocomplete(call: Call) -> Answer:
    name = call.query.get("name", "")
    if not asked_words(name):
        raise bad_request("InvalidValue", "name is missing or invalid")
    scope = Scope(call.account, call.actor, call.account.clock.now())
    query = Query((Term(value=f"{name}*", key="name"),), ("user",))
    return user_page(call, [user for _, user in search(scope, query)])


def _create(call: Call) -> Answer:
    asked = call.wrapped("user")
    call.warn("user", asked, ALLOWED)
    user = join(call.account, asked)
    return created(call, "user", present_user(call, user), "users", user["id"])


def known_as(call: Call, asked: dict[str, Any]) -> Record | None:
    """Return the user whom this id, address or external id already stands for."""
    user = call.account.users.find(asked["id"]) if isinstance(asked.get("id"), int) else None
    user = user or call.account.user_by_email(str(asked.get("email") or ""))
    if user is None and asked.get("external_id"):
        user = next(
            iter(call.account.users.where(external_id=asked["external_id"], active=True)), None
        )
    return user


def _create_or_update(call: Call) -> Answer:
    asked = call.wrapped("user")
    known = known_as(call, asked)
    if known is None:
        return _create(call)
    change(call.account, known, asked)
    return Answer({"user": present_user(call, known)}, headers={"Location": _place(call, known)})


def _place(call: Call, user: Record) -> str:
    return call.url("users", user["id"])


def _update(call: Call) -> Answer:
    user = known_user(call)
    asked = call.wrapped("user")
    call.warn("user", asked, ALLOWED)
    change(call.account, user, asked)
    return Answer({"user": present_user(call, user)})


def _destroy(call: Call) -> Answer:
    warn_about_body(call)
    user = known_user(call)
    retire(call.account, user, call.actor)
    return Answer({"user": present_user(call, user)})


def _merge(call: Call) -> Answer:
    staying = known_as(call, call.wrapped("user"))
    if staying is None:
        raise not_found()
    merge(call.account, known_user(call), staying, call.actor)
    return Answer({"user": present_user(call, staying)})


def _related(call: Call) -> Answer:
    user_id, index = known_user(call)["id"], call.account.tickets.by_field
    related = {
        "assigned_tickets": len(index.having("assignee_id", user_id)),
        "requested_tickets": len(index.having("requester_id", user_id)),
        "ccd_tickets": len(index.having("email_cc_ids", user_id)),
        "organization_subscriptions": 0,
    }
    return Answer({"user_related": related})


NAME = "users"
UPDATE = "user-update"
ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("GET", "users/count", _count, NAME, "count"),
    Route("GET", "users/me", _me, NAME, "me", open_to_end_users=True, open_to_anonymous=True),
    Route("GET", "users/show_many", _show_many, NAME, "show_many"),
    Route("GET", "users/search", _search, NAME, "search"),
    Route("GET", "users/autocomplete", _autocomplete, NAME, "autocomplete"),
    Route("GET", "users/{id}", _show, NAME, "show"),
    Route("GET", "users/{id}/related", _related, NAME, "related"),
    Route("POST", NAME, _create, NAME, "create"),
    Route("POST", "users/create_or_update", _create_or_update, NAME, "create_or_update", UPDATE),
    Route("PUT", "users/{id}", _update, NAME, "update", UPDATE),
    Route("PUT", "users/{id}/merge", _merge, NAME, "merge"),
    Route("DELETE", "users/{id}", _destroy, NAME, "destroy"),
)
