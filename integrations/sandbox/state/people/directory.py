"""Who belongs to the account: users, their addresses, their departments and organizations."""

from typing import Any

from integrations.sandbox.state.clock import RecordClock
from integrations.sandbox.state.ids import Ids
from integrations.sandbox.state.indexes.words import WordIndex
from integrations.sandbox.state.people.users import new_user, user_texts, user_values
from integrations.sandbox.state.store import Record, Store

PEOPLE_STORES = ("users", "groups", "group_memberships", "organizations")


class People:
    """The users of an account and what connects them to each other."""

    def __init__(self, ids: Ids, clock: RecordClock) -> None:
        self.ids = ids
        self.clock = clock
        self.users = Store("external_id", "role", "active")
        self.user_words = WordIndex(self._texts)
        self.identities = Store("user_id")
        self.groups = Store()
        self.group_memberships = Store("user_id", "group_id")
        self.organizations = Store("external_id", "name")
        self.organization_memberships = Store("user_id", "organization_id")
        self.user_deletions: dict[int, list[Record]] = {}  # of those who were deleted for good
        self._by_email: dict[str, Record] = {}
        self._members: set[tuple[int, int]] = set()

    def _texts(self, user_id: int) -> list[str] | None:
        user = self.users.find(user_id)
        return user_texts(user) if user and user["active"] else None

    # users

    def add_user(self, fields: dict[str, Any]) -> Record:
        """Keep a new user."""
        user = new_user(self.ids.record(), fields, self.clock.stamp())
        organization_id = user["organization_id"]
        self.keep_user(user | {"organization_id": None})
        user = self.users.get(user["id"])
        if organization_id is not None:
            self.belong(user, organization_id, default=True)
        return user

    def keep_user(self, user: Record) -> Record:
        """Keep a user whose record is complete."""
        if user["email"]:
            self._by_email[user["email"].lower()] = user
        self.user_words.note(user["id"])
        return self.users.add(user)

    def change_user(self, user: Record, fields: dict[str, Any]) -> None:
        """Change a user; another address is kept beside the one that the user already has."""
        values = user_values(user, fields)
        email = values.pop("email", None)
        self.users.change(user, values | {"updated_at": self.clock.stamp()})
        if email and self.user_by_email(email) is None:
            self.add_identity(user, "email", email, verified=False)
        if "organization_id" in fields:
            self._change_organization(user, fields["organization_id"])
        self.user_words.note(user["id"])

    def user_by_email(self, email: str) -> Record | None:
        """Return the user with this address, or None."""
        return self._by_email.get(email.strip().lower())

    def agents(self) -> list[Record]:
        """Return everybody who works here."""
        found = [*self.users.where(role="agent"), *self.users.where(role="admin")]
        return sorted(found, key=lambda user: int(user["id"]))

    # addresses

    def identities_of(self, user: Record) -> list[Record]:
        """Return the ways to reach a user; that of the first address is made when first asked."""
        known = self.identities.where(user_id=user["id"])
        if user["email"] and not any(one["type"] == "email" for one in known):
            self._keep_identity(user, "email", user["email"], user["created_at"])
            known = self.identities.where(user_id=user["id"])
        return known

    def add_identity(self, user: Record, kind: str, value: str, *, verified: bool) -> Record:
        """Keep another way to reach a user; the first of its kind is the primary one."""
        self.identities_of(user)
        identity = self._keep_identity(user, kind, value, self.clock.stamp())
        identity["verified"] = verified
        if kind == "email":
            self._by_email[value.lower()] = user
            user["email"] = user["email"] or value
        return identity

    def _keep_identity(self, user: Record, kind: str, value: str, stamp: str) -> Record:
        identity: Record = {
            "id": self.ids.record(),
            "user_id": user["id"],
            "type": kind,
            "value": value,
            "verified": user["verified"],
            "primary": not self.identities.where(user_id=user["id"], type=kind),
            "created_at": stamp,
            "updated_at": stamp,
        }
        if kind == "email":
            identity |= {"undeliverable_count": 0, "deliverable_state": "deliverable"}
        return self.identities.add(identity)

    def remove_identity(self, identity: Record) -> None:
        """Forget a way to reach a user."""
        self.identities.remove(identity["id"])
        if identity["type"] == "email":
            self._by_email.pop(identity["value"].lower(), None)

    def hand_over(self, identity: Record, user: Record) -> None:
        """Make a way to reach one user a way to reach another."""
        self.identities.change(identity, {"user_id": user["id"], "primary": False})
        if identity["type"] == "email":
            self._by_email[identity["value"].lower()] = user

    # departments

    def add_membership(self, user: Record, group_id: int, *, default: bool) -> Record:
        """Make a user a member of a group."""
        stamp = self.clock.stamp()
        membership = self.group_memberships.add(
            {
                "id": self.ids.record(),
                "user_id": user["id"],
                "group_id": group_id,
                "default": False,
                "created_at": stamp,
                "updated_at": stamp,
            }
        )
        self._members.add((user["id"], group_id))
        if default:
            self.make_default_group(user, membership)
        return membership

    def make_default_group(self, user: Record, membership: Record) -> None:
        """Make a membership the one that decides to which group an agent's tickets go."""
        for other in self.group_memberships.where(user_id=user["id"]):
            other["default"] = other is membership
        self._place(user, "default_group_id", membership["group_id"])

    def remove_membership(self, membership: Record) -> None:
        """End a membership; another one becomes the default if it was that."""
        self._members.discard((membership["user_id"], membership["group_id"]))
        self.group_memberships.remove(membership["id"])
        user = self.users.find(membership["user_id"])
        if user is None or not membership["default"]:
            return
        others = self.group_memberships.where(user_id=user["id"])
        if others:
            self.make_default_group(user, others[0])
        else:
            self._place(user, "default_group_id", None)

    def is_member(self, user_id: int, group_id: int | None) -> bool:
        """Return whether a user belongs to a group."""
        return group_id is not None and (user_id, group_id) in self._members

    # organizations

    def belong(self, user: Record, organization_id: int, *, default: bool) -> Record:
        """Make a user belong to an organization."""
        stamp = self.clock.stamp()
        known = self.organization_memberships.where(
            user_id=user["id"], organization_id=organization_id
        )
        membership = (
            known[0]
            if known
            else self.organization_memberships.add(
                {
                    "id": self.ids.record(),
                    "user_id": user["id"],
                    "organization_id": organization_id,
                    "default": False,
                    "created_at": stamp,
                    "organization_name": self.organizations.get(organization_id)["name"],
                    "updated_at": stamp,
                    "view_tickets": True,
                }
            )
        )
        if default or user["organization_id"] is None:
            self.make_default_organization(user, membership)
        return membership

    def make_default_organization(self, user: Record, membership: Record) -> None:
        """Make an organization the one that a user's tickets belong to."""
        for other in self.organization_memberships.where(user_id=user["id"]):
            other["default"] = other is membership
        self._place(user, "organization_id", membership["organization_id"])

    def _place(self, user: Record, name: str, number: int | None) -> None:
        """Write down where a user belongs now, so that exports tell of it."""
        if user[name] != number:
            user |= {name: number, "updated_at": self.clock.stamp()}

    def leave_organization(self, membership: Record) -> None:
        """End a membership; another one becomes the default if it was that."""
        self.organization_memberships.remove(membership["id"])
        user = self.users.get(membership["user_id"])
        if not membership["default"]:
            return
        others = self.organization_memberships.where(user_id=user["id"])
        if others:
            self.make_default_organization(user, others[0])
        else:
            self._place(user, "organization_id", None)

    def _change_organization(self, user: Record, organization_id: int | None) -> None:
        if organization_id == user["organization_id"]:
            return
        for membership in self.organization_memberships.where(user_id=user["id"], default=True):
            self.leave_organization(membership)
        if organization_id is not None:
            self.belong(user, organization_id, default=True)
