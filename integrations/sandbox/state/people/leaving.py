"""How users leave: first softly, then for good, and by being merged into somebody else."""

from typing import TYPE_CHECKING

from integrations.sandbox.state.refusals import invalid, not_found
from integrations.sandbox.state.ticketing import tickets

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

UNKNOWN = "Permanently Deleted User"
PERSONAL = (
    "email phone photo external_id alias details notes signature last_login_at organization_id"
).split()
STEPS = (("request_deletion", "all"), ("started", "support"), ("complete", "support"))
FINISHED = ("solved", "closed")


def retire(account: "Account", user: "Record", actor: "Record") -> None:
    """Delete a user softly: the addresses become free, the open tickets have no owner."""
    if user is actor:
        raise invalid("base", "You cannot delete yourself", code="CannotDeleteSelf")
    if not user["active"]:
        raise not_found()
    for identity in account.identities_of(user):
        account.remove_identity(identity)
    for membership in account.group_memberships.where(user_id=user["id"]):
        account.remove_membership(membership)
    for case in account.tickets.by_field.cases("assignee_id", user["id"]):
        if case.record["status"] not in FINISHED:
            tickets.update(account, case, {"assignee_id": None}, actor)
    account.users.change(
        user, {"active": False, "email": None, "updated_at": account.clock.stamp()}
    )
    account.user_words.note(user["id"])


def purge(account: "Account", user: "Record", actor: "Record") -> None:
    """Delete a user for good: what is personal is gone, the id stays on closed tickets."""
    if user["active"] or user["id"] in account.user_deletions:
        raise not_found()
    for case in account.tickets.by_field.cases("requester_id", user["id"]):
        if case.record["status"] != "closed":
            message = f"User cannot be permanently deleted: ticket #{case.id} is not closed"
            raise invalid("base", message, code="UserHasTickets")
    stamp = account.clock.stamp()
    account.users.change(
        user,
        dict.fromkeys(PERSONAL)
        | {"name": UNKNOWN, "tags": [], "user_fields": {}, "updated_at": stamp},
    )
    account.user_deletions[user["id"]] = [
        {
            "action": action,
            "application": application,
            "account_subdomain": account.brands.all()[0]["subdomain"],
            "executer_id": actor["id"] if action == "request_deletion" else None,
            "user_id": user["id"],
            "created_at": stamp,
        }
        for action, application in STEPS
    ]


def merge(account: "Account", leaving: "Record", staying: "Record", actor: "Record") -> None:
    """Make two customers one: tickets, addresses and organizations go to the one who stays."""
    for user in (leaving, staying):
        if user["role"] != "end-user" or not user["active"]:
            raise invalid("base", f"User {user['id']} is not an end user and cannot be merged")
    if leaving is staying:
        raise invalid("base", "A user cannot be merged into itself")
    for case in account.tickets.by_field.cases("requester_id", leaving["id"]):
        if case.record["status"] == "closed":
            case.record["requester_id"] = staying["id"]
            account.touch(case, account.clock.now())
        else:
            tickets.update(account, case, {"requester_id": staying["id"]}, actor)
    account.identities_of(staying)
    for identity in account.identities_of(leaving):
        account.hand_over(identity, staying)
        if staying["email"] is None and identity["type"] == "email":
            identity["primary"], staying["email"] = True, identity["value"]
    for membership in account.organization_memberships.where(user_id=leaving["id"]):
        account.leave_organization(membership)
        account.belong(staying, membership["organization_id"], default=False)
    tags = sorted({*staying["tags"], *leaving["tags"]})
    account.users.change(staying, {"tags": tags, "updated_at": account.clock.stamp()})
    account.user_words.note(staying["id"])
    leaving["email"] = None
    retire(account, leaving, actor)
