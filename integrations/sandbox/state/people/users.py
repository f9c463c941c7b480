"""Users: people who ask, people who answer."""

from typing import Any

from integrations.sandbox.state.locales import locale_values
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.tags import clean_tags

ROLES = ("end-user", "agent", "admin")
SETTABLE = (
    "name email role phone shared_phone_number time_zone locale locale_id organization_id "
    "external_id tags alias details notes verified suspended signature custom_role_id "
    "default_group_id user_fields ticket_restriction only_private_comments moderator"
).split()
STAFF_FIELDS = {
    "moderator": True,
    "ticket_restriction": None,
    "restricted_agent": False,
    "role_type": 0,
    "verified": True,
}
CUSTOMER_FIELDS = {
    "moderator": False,
    "ticket_restriction": "requested",
    "restricted_agent": True,
    "role_type": None,
    "custom_role_id": None,
    "default_group_id": None,
    "only_private_comments": False,
}
NEVER_EMPTY = (
    "name role time_zone verified suspended moderator only_private_comments tags user_fields"
).split()
SEARCHED = ("name", "email", "phone", "external_id", "alias", "notes", "details")
ADMIN_ROLE_TYPE, LIGHT_AGENT_ROLE_TYPE = 4, 1


def new_user(user_id: int, fields: dict[str, Any], stamp: str) -> Record:
    """Return the record of a new user, an end user unless a role is given."""
    user: Record = {
        "id": user_id,
        "name": "",
        "email": None,
        "created_at": stamp,
        "updated_at": stamp,
        "time_zone": "Singapore",
        "iana_time_zone": "Asia/Singapore",
        "phone": None,
        "shared_phone_number": None,
        "photo": None,
        "locale_id": 1,
        "locale": "en-US",
        "organization_id": None,
        "role": "end-user",
        "verified": False,
        "external_id": None,
        "tags": [],
        "alias": None,
        "active": True,
        "shared": False,
        "shared_agent": False,
        "last_login_at": None,
        "two_factor_auth_enabled": False,
        "signature": None,
        "details": None,
        "notes": None,
        "role_type": None,
        "custom_role_id": None,
        "moderator": False,
        "ticket_restriction": "requested",
        "only_private_comments": False,
        "restricted_agent": True,
        "suspended": False,
        "default_group_id": None,
        "report_csv": False,
        "user_fields": {},
    }
    user["email"] = clean_email(fields.get("email"))
    return user | user_values(user, fields)


def user_values(user: Record, fields: dict[str, Any]) -> Record:
    """Return the values that a user is to have after a change."""
    values = {
        name: fields[name]
        for name in SETTABLE
        if name in fields and (fields[name] is not None or name not in NEVER_EMPTY)
    }
    if "email" in values:
        values["email"] = clean_email(values["email"])
    if "tags" in values:
        values["tags"] = clean_tags(values["tags"])
    if "user_fields" in values:
        values["user_fields"] = user["user_fields"] | values["user_fields"]
    if "locale_id" in values or "locale" in values:
        values |= locale_values(values)
    if values.get("phone") and "shared_phone_number" not in fields:
        values["shared_phone_number"] = not values["phone"].startswith("+")
    role = values.get("role", user["role"])
    if role != user["role"] and role != "end-user":
        values |= {name: value for name, value in STAFF_FIELDS.items() if name not in fields}
        values["role_type"] = ADMIN_ROLE_TYPE if role == "admin" else values["role_type"]
    elif role != user["role"]:
        values |= CUSTOMER_FIELDS
    return values


def clean_email(email: Any) -> str | None:
    """Return an address as it is kept, None when there is none."""
    return str(email).strip().lower() or None if email else None


def user_texts(user: Record) -> list[str]:
    """Return what a search without keywords reads of a user."""
    named = (user[name] for name in SEARCHED)
    return [*(str(text) for text in named if text), *user["tags"]]


def is_staff(user: Record) -> bool:
    """Return whether somebody works here."""
    return bool(user["role"] != "end-user")


def is_light_agent(user: Record) -> bool:
    """Return whether somebody works here who can only write notes."""
    return is_staff(user) and bool(
        user["only_private_comments"] or user["role_type"] == LIGHT_AGENT_ROLE_TYPE
    )
