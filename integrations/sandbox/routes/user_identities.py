"""Identities: the addresses and numbers under which a user is known."""

from integrations.sandbox.routes.records import warn_about_body
from integrations.sandbox.routes.users import known_user
from integrations.sandbox.state.people.joining import IDENTITY_TYPES, check_address
from integrations.sandbox.state.people.users import clean_email
from integrations.sandbox.state.refusals import blank, invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, created, no_content
from integrations.sandbox.wire.paging import page_of

NAME = "identities"


def _present(call: Call, identity: Record) -> Record:
    place = call.url("users", identity["user_id"], NAME, identity["id"])
    return {"url": place} | identity


def _all(call: Call) -> list[Record]:
    return call.account.identities_of(known_user(call))


def _one(call: Call) -> Record:
    identity = call.account.identities.get(call.params[1])
    if identity["user_id"] != call.id:
        raise not_found()
    return identity


def _index(call: Call) -> Answer:
    return Answer(page_of(call, NAME, _all(call), present=lambda one: _present(call, one)))


def _show(call: Call) -> Answer:
    return Answer({"identity": _present(call, _one(call))})


def _create(call: Call) -> Answer:
    user, asked = known_user(call), call.wrapped("identity")
    kind, value = asked.get("type"), asked.get("value")
    if kind not in IDENTITY_TYPES:
        raise invalid("type", "Type: is not valid", code="InvalidValue")
    if not value:
        raise blank("value")
    if kind == "email":
        value = clean_email(value) or ""
        check_address(call.account, value, None)
    verified = bool(asked.get("verified"))
    identity = call.account.add_identity(user, kind, str(value), verified=verified)
    if asked.get("primary"):
        _put_first(call, user, identity)
    user["updated_at"] = call.account.clock.stamp()
    place = ("users", user["id"], NAME, identity["id"])
    return created(call, "identity", _present(call, identity), *place)


def _put_first(call: Call, user: Record, identity: Record) -> None:
    stamp = call.account.clock.stamp()
    for other in call.account.identities.where(user_id=user["id"], type=identity["type"]):
        other |= {"primary": other is identity, "updated_at": stamp}
    if identity["type"] == "email":
        user |= {"email": identity["value"], "updated_at": stamp}
        call.account.user_words.note(user["id"])


def _make_primary(call: Call) -> Answer:
    _put_first(call, known_user(call), _one(call))
    return _index(call)


def _update(call: Call) -> Answer:
    """Verify an identity; the rest of it is written once."""
    identity, asked = _one(call), call.wrapped("identity")
    if "verified" in asked:
        identity["verified"] = bool(asked["verified"])
    if asked.get("primary"):
        _put_first(call, known_user(call), identity)
    identity["updated_at"] = call.account.clock.stamp()
    return Answer({"identity": _present(call, identity)})


def _verify(call: Call) -> Answer:
    identity = _one(call)
    identity |= {"verified": True, "updated_at": call.account.clock.stamp()}
    known_user(call)["verified"] = True
    return Answer({"identity": _present(call, identity)})


def _request_verification(call: Call) -> Answer:
    _one(call)
    return Answer({})


def _destroy(call: Call) -> Answer:
    warn_about_body(call)
    identity = _one(call)
    if identity["primary"] and identity["type"] == "email":
        others = [one for one in _all(call) if one["type"] == "email" and one is not identity]
        if others:
            raise invalid("base", "A primary identity cannot be deleted")
        known_user(call)["email"] = None
    call.account.remove_identity(identity)
    call.account.user_words.note(call.id)
    return no_content()


PATH = "users/{id}/identities"
ROUTES = (
    Route("GET", PATH, _index, NAME, "index"),
    Route("POST", PATH, _create, NAME, "create"),
    Route("GET", f"{PATH}/{{id}}", _show, NAME, "show"),
    Route("PUT", f"{PATH}/{{id}}", _update, NAME, "update"),
    Route("DELETE", f"{PATH}/{{id}}", _destroy, NAME, "destroy"),
    Route("PUT", f"{PATH}/{{id}}/make_primary", _make_primary, NAME, "make_primary"),
    Route("PUT", f"{PATH}/{{id}}/verify", _verify, NAME, "verify"),
    Route(
        "PUT",
        f"{PATH}/{{id}}/request_verification",
        _request_verification,
        NAME,
        "request_verification",
    ),
)
