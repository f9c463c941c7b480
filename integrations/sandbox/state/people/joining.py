"""How users come and change: what is refused, and what follows from what is asked."""

import re
from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.people.users import ROLES, clean_email
from integrations.sandbox.state.refusals import blank, invalid

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)*")
LONGEST_ADDRESS = 254
IDENTITY_TYPES = ("email", "phone_number", "twitter", "facebook", "google", "agent_forwarding")


def join(account: "Account", asked: dict[str, Any]) -> "Record":
    """Keep a new user; refuse a missing name, a bad role and a taken or broken address."""
    if not str(asked.get("name") or "").strip():
        raise blank("name")
    check(account, asked, None)
    user = account.add_user(asked | _organization(account, asked))
    for identity in _identities(asked):
        if account.user_by_email(str(identity["value"])) is None:
            account.add_identity(
                user, identity["type"], str(identity["value"]), verified=bool(identity["verified"])
            )
    _give_department(account, user)
    return user


def change(account: "Account", user: "Record", asked: dict[str, Any]) -> None:
    """Change a user."""
    if "name" in asked and not str(asked["name"] or "").strip():
        raise blank("name")
    check(account, asked, user)
    account.change_user(user, asked | _organization(account, asked))
    if user["role"] == "end-user":
        for membership in account.group_memberships.where(user_id=user["id"]):
            account.remove_membership(membership)
    _give_department(account, user)


def check(account: "Account", asked: dict[str, Any], user: "Record | None") -> None:
    """Refuse what no user can have."""
    if asked.get("role", "end-user") not in ROLES:
        raise invalid("role", "Role: is not valid", code="InvalidValue")
    email = clean_email(asked.get("email"))
    if email:
        check_address(account, email, user)
    references = (
        ("organization_id", account.organizations),
        ("custom_role_id", account.custom_roles),
        ("default_group_id", account.groups),
    )
    for name, store in references:
        if asked.get(name) is not None and store.find(asked[name]) is None:
            title = name.removesuffix("_id").replace("_", " ").capitalize()
            raise invalid(name.removesuffix("_id"), f"{title}: does not exist", code="InvalidValue")
    external_id = asked.get("external_id")
    others = account.users.where(external_id=external_id, active=True) if external_id else []
    if any(other is not user for other in others):
        message = "External: has already been taken"
        raise invalid("external_id", message, code="DuplicateValue")


def check_address(account: "Account", email: str, user: "Record | None") -> None:
    """Refuse an address that is none, or that somebody else has."""
    if len(email) > LONGEST_ADDRESS or not ADDRESS.fullmatch(email):
        raise invalid("email", f"Email: {email} is not properly formatted", code="InvalidFormat")
    owner = account.user_by_email(email)
    if owner is not None and owner is not user:
        message = f"Email: {email} is already being used by another user"
        raise invalid("email", message, code="DuplicateValue")


def _organization(account: "Account", asked: dict[str, Any]) -> dict[str, Any]:
    """Return the organization that is named, or that the address of a new user belongs to."""
    named = asked.get("organization")
    name = named.get("name") if isinstance(named, dict) else None
    if name:
        known = account.organizations.where(name=name)
        return {"organization_id": known[0]["id"]} if known else {}
    domain = (clean_email(asked.get("email")) or "").partition("@")[2]
    if domain and "organization_id" not in asked:
        for organization in account.organizations.all():
            if domain in organization["domain_names"]:
                return {"organization_id": organization["id"]}
    return {}


def _identities(asked: dict[str, Any]) -> list[dict[str, Any]]:
    given = asked.get("identities")
    return [
        {"verified": False} | one
        for one in (given if isinstance(given, list) else ())
        if isinstance(one, dict) and one.get("type") in IDENTITY_TYPES and one.get("value")
    ]


def _give_department(account: "Account", user: "Record") -> None:
    """Put somebody of the staff who has no group into the default one: agents always have one."""
    if user["role"] == "end-user" or account.group_memberships.where(user_id=user["id"]):
        return
    default = account.groups.find(user["default_group_id"])
    standing = [group for group in account.groups.all() if group["default"]]
    for group in [default] if default else standing[:1]:
        account.add_membership(user, group["id"], default=True)
