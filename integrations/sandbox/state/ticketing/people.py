"""Followers and people in copy: who hears of a ticket beside requester and assignee."""

import re
from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.people.users import is_staff
from integrations.sandbox.state.refusals import blank, invalid

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
KINDS = {  # field -> (event, word in the event)
    "follower_ids": ("FollowerChange", "followers"),
    "email_cc_ids": ("EmailCcChange", "email_ccs"),
}

Values = dict[str, Any]


def requester_of(account: "Account", asked: Values, actor: "Record") -> "Record":
    """Return who a new ticket is from, making the user when the address is new."""
    if asked.get("requester_id") not in (None, ""):
        person = account.users.find(int(asked["requester_id"]))
        if person is None:
            raise blank("requester")
        return person
    wanted = asked.get("requester")
    if isinstance(wanted, str):
        wanted = {"email": wanted, "name": wanted.partition("@")[0]}
    if not isinstance(wanted, dict) or not (wanted.get("email") or wanted.get("name")):
        return actor
    email = str(wanted.get("email") or "").strip()
    known = account.user_by_email(email) if email else None
    return known or _new_requester(account, wanted, email)


def _new_requester(account: "Account", wanted: Values, email: str) -> "Record":
    if not wanted.get("name"):
        text = "Requester: Name: is too short (minimum one character)"
        raise invalid("requester", text, code="ValueTooShort")
    if email and not EMAIL.fullmatch(email):
        raise invalid("requester", f"Requester: Email: {email} is not properly formatted")
    fields = {name: wanted[name] for name in ("name", "locale_id") if wanted.get(name)}
    return account.add_user(fields | {"email": email})


def wanted_people(account: "Account", record: "Record", asked: Values) -> Values:
    """Return the lists of people as a request wants them; collaborators are both kinds of them."""
    followers, copied = list(record["follower_ids"]), list(record["email_cc_ids"])
    if isinstance(asked.get("collaborator_ids"), list):
        followers, copied = _by_role(account, asked["collaborator_ids"])
    for name in ("collaborators", "additional_collaborators"):
        more_followers, more_copied = _by_role(account, _listed(asked, name))
        followers, copied = followers + more_followers, copied + more_copied
    if isinstance(asked.get("follower_ids"), list):
        followers = _known(account, asked["follower_ids"])
    if isinstance(asked.get("email_cc_ids"), list):
        copied = _known(account, asked["email_cc_ids"])
    followers = _changed(account, followers, _listed(asked, "followers"))
    copied = _changed(account, copied, _listed(asked, "email_ccs"))
    followers = [one for one in dict.fromkeys(followers) if _is_staff(account, one)]
    copied = [one for one in dict.fromkeys(copied) if one != record["requester_id"]]
    both = list(dict.fromkeys((*copied, *followers)))
    return {"follower_ids": followers, "email_cc_ids": copied, "collaborator_ids": both}


def changed_people(before: "Record", after: "Record") -> list[tuple[str, Any, Any]]:
    """Return (field, previous ids, ids) for the lists that differ."""
    return [(name, before[name], after[name]) for name in KINDS if before[name] != after[name]]


def people_events(account: "Account", before: "Record", after: "Record") -> list["Record"]:
    """Return the audit events that name who was and who is on the lists, by address."""
    return [
        {
            "id": account.ids.record(),
            "type": KINDS[name][0],
            f"previous_{KINDS[name][1]}": _addresses(account, previous),
            f"current_{KINDS[name][1]}": _addresses(account, current),
        }
        for name, previous, current in changed_people(before, after)
    ]


def person_for(account: "Account", asked: Any) -> "Record | None":
    """Return who is meant by an id, an address, or an object with one of them.

    A new address makes a new user, as in Zendesk.
    """
    if not isinstance(asked, dict):
        asked = {"user_email": asked} if isinstance(asked, str) and "@" in asked else {"id": asked}
    number = asked.get("user_id", asked.get("id"))
    if isinstance(number, int | str) and str(number).isdecimal():
        return account.users.find(int(number))
    email = asked.get("user_email") or asked.get("email")
    if not isinstance(email, str) or not EMAIL.fullmatch(email.strip()):
        return None
    name = asked.get("user_name") or asked.get("name") or email.partition("@")[0]
    known = account.user_by_email(email)
    return known or account.add_user({"name": str(name), "email": email.strip()})


def _listed(asked: Values, name: str) -> list[Any]:
    given = asked.get(name)
    return given if isinstance(given, list) else []


def _known(account: "Account", ids: list[Any]) -> list[int]:
    people = [person_for(account, one) for one in ids]
    return [int(person["id"]) for person in people if person]


def _by_role(account: "Account", asked: list[Any]) -> tuple[list[int], list[int]]:
    """Collaborators who are staff follow the ticket, customers are put in copy."""
    ids = _known(account, asked)
    staff = [one for one in ids if _is_staff(account, one)]
    return staff, [one for one in ids if one not in staff]


def _changed(account: "Account", ids: list[int], asked: list[Any]) -> list[int]:
    for one in asked:
        person = person_for(account, one) if isinstance(one, dict) else None
        if person and one.get("action") == "delete":
            ids = [number for number in ids if number != person["id"]]
        elif person:
            ids = [*ids, person["id"]]
    return ids


def _is_staff(account: "Account", user_id: int) -> bool:
    person = account.users.find(user_id)
    return person is not None and is_staff(person)


def _addresses(account: "Account", ids: list[int]) -> list[str]:
    people = [account.users.find(one) for one in ids]
    return [str(person["email"] or person["name"]) for person in people if person]
