"""Users: people who ask, people who answer."""

from typing import Any

from integrations.sandbox.state.store import Record

ROLES = ("end-user", "agent", "admin")
SETTABLE = (
    "name email role phone time_zone locale_id organization_id external_id tags alias details "
    "notes verified suspended signature custom_role_id default_group_id user_fields "
    "ticket_restriction only_private_comments moderator"
).split()
STAFF_FIELDS = {
    "moderator": True,
    "ticket_restriction": None,
    "restricted_agent": False,
    "role_type": 0,
    "verified": True,
}
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
    return change_user(user, fields, stamp)


def change_user(user: Record, fields: dict[str, Any], stamp: str) -> Record:
    """Change a user in place and return it."""
    role_before = user["role"]
    user |= {name: fields[name] for name in SETTABLE if name in fields}
    user["email"] = user["email"] or None
    user["tags"] = list(user["tags"] or [])
    if user["role"] != role_before and user["role"] != "end-user":
        user |= {name: value for name, value in STAFF_FIELDS.items() if name not in fields}
        user["role_type"] = ADMIN_ROLE_TYPE if user["role"] == "admin" else user["role_type"]
    user["updated_at"] = stamp
    return user


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
