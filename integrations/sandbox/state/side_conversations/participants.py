"""Who takes part in a side conversation: people, channels, or a group that gets a child ticket."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.refusals import blank, invalid

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record


class Channel(StrEnum):
    """Where a side conversation takes place."""

    EMAIL = "email"
    SLACK = "slack"
    TEAMS = "msteams"
    CHILD = "child ticket"


NEEDED = {
    Channel.CHILD: ("support_group_id",),
    Channel.SLACK: ("slack_workspace_id", "slack_channel_id"),
    Channel.TEAMS: ("msteams_channel_id",),
}
MOST_RECIPIENTS = 100


def person(user: "Record") -> "Record":
    """Return a user as a participant."""
    return {"email": user["email"], "name": user["name"], "user_id": user["id"]}


def recipients(account: "Account", given: list[dict[str, Any]]) -> tuple[Channel, list["Record"]]:
    """Return the channel and the participants that a message is sent to; refuse mixtures."""
    if not given:
        raise blank("to")
    if len(given) > MOST_RECIPIENTS:
        raise invalid("to", f"To: cannot be more than {MOST_RECIPIENTS} recipients")
    channels = {_channel(one) for one in given}
    if len(channels) != 1:
        raise invalid("to", "To: cannot mix recipients of different types")
    channel = channels.pop()
    if channel is Channel.CHILD and len(given) > 1:
        raise invalid("to", "To: a child ticket has one recipient")
    return channel, [_participant(account, channel, one) for one in given]


def _channel(given: dict[str, Any]) -> Channel:
    for channel, needed in NEEDED.items():
        if any(given.get(name) not in (None, "") for name in needed):
            return channel
    return Channel.EMAIL


def _participant(account: "Account", channel: Channel, given: dict[str, Any]) -> "Record":
    if channel is Channel.EMAIL:
        return anybody(account, given)
    missing = [name for name in NEEDED[channel] if given.get(name) in (None, "")]
    if missing:
        raise blank(missing[0])
    nobody = {"email": None, "name": given.get("name"), "user_id": None}
    if channel is Channel.CHILD:
        return nobody | _department(account, given)
    return nobody | {name: given[name] for name in NEEDED[channel]}


def anybody(account: "Account", given: dict[str, Any]) -> "Record":
    """Return a person by user or by address; an address need not belong to a user."""
    if given.get("user_id") is not None:
        user = account.users.find(given["user_id"])
        if user is None:
            raise invalid("user_id", "User: does not exist")
        return person(user)
    email = (given.get("email") or "").strip()
    if "@" not in email:
        raise invalid("email", "Email: is not properly formatted")
    user = account.user_by_email(email)
    return person(user) if user else {"email": email, "name": given.get("name"), "user_id": None}


def _department(account: "Account", given: dict[str, Any]) -> "Record":
    group = account.groups.find(given["support_group_id"])
    if group is None:
        raise invalid("support_group_id", "Group: does not exist")
    agent_id = given.get("support_agent_id")
    agent = account.users.find(agent_id)
    if agent_id is not None and (agent is None or not _may_own(account, agent, group["id"])):
        raise invalid("support_agent_id", "Agent: is not an agent of the group")
    return {
        "name": agent["name"] if agent else group["name"],
        "support_group_id": str(group["id"]),
        "support_agent_id": str(agent["id"]) if agent else None,
    }


def _may_own(account: "Account", agent: "Record", group_id: int) -> bool:
    """Return whether a child ticket may be assigned: light agents never get one."""
    return account.is_member(agent["id"], group_id) and not agent["only_private_comments"]
