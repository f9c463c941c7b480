"""Child tickets: a side conversation that another group works on as a ticket of its own."""

from functools import partial
from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.changes import TicketChange
from integrations.sandbox.state.side_conversations.conversations import (
    CLOSED,
    OPEN,
    SideConversation,
)
from integrations.sandbox.state.side_conversations.participants import person
from integrations.sandbox.state.side_conversations.threads import (
    REPLIED,
    Said,
    add_message,
    change,
    note_in_parent,
)
from integrations.sandbox.state.ticketing import tickets

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

DONE = ("solved", "closed")
VIA = "support"  # how what happens on the child comes into the conversation


def open_child(
    account: "Account", conversation: SideConversation, said: Said, actor: "Record"
) -> None:
    """Open the ticket of a new side conversation; the external id is what links the two."""
    parent = account.ticket(conversation.ticket_id)
    group_id, agent_id = (said.to[0][f"support_{part}_id"] for part in ("group", "agent"))
    asked: dict[str, Any] = {
        "subject": conversation.subject or parent.record["subject"],
        "comment": _comment(said),
        "group_id": int(group_id),
        "brand_id": parent.record["brand_id"],
        "external_id": _link(conversation),
    }
    if agent_id is not None:
        asked["assignee_id"] = int(agent_id)
    child = tickets.create(account, asked, actor, via=_via(parent))
    conversation.child_id = child.id
    conversation.external_ids["targetTicketId"] = str(child.id)


def _link(conversation: SideConversation) -> str:
    return f"zen:side_conversation:{conversation.id}:ticket:{conversation.ticket_id}"


def _via(parent: "TicketCase") -> "Record":
    origin = {"subject": parent.record["subject"], "ticket_id": parent.id}
    return {"channel": "side_conversation", "source": {"from": origin, "to": {}, "rel": None}}


def _comment(said: Said) -> dict[str, Any]:
    words = {name: said.message[name] for name in ("body", "html_body") if said.message.get(name)}
    return words | {"public": True}


def connect(account: "Account") -> None:
    """Let side conversations hear what happens on their child tickets."""
    account.listeners.append(partial(_hear, account))


def tell(account: "Account", conversation: SideConversation, said: Said, actor: "Record") -> None:
    """Write a reply in a side conversation on its child ticket, too."""
    child = account.tickets.get(conversation.child_id or 0)
    parent = account.tickets.get(conversation.ticket_id)
    if child is None or parent is None or not _is_linked(child, conversation):
        return
    if child.record["status"] == "closed":  # for good: nothing can be added
        return
    with account.side_conversations.carrying():
        tickets.update(account, child, {"comment": _comment(said)}, actor, _via(parent))


def _hear(account: "Account", heard: TicketChange) -> None:
    """Tell a side conversation what was said and done on its child ticket."""
    conversation = account.side_conversations.of_child(heard.case.id)
    if conversation is None or heard.kind != "updated" or not _is_linked(heard.case, conversation):
        return
    comment = heard.comment
    is_told = comment and (comment["public"] or account.side_conversations.includes_notes)
    if comment and is_told and not account.side_conversations.is_carrying:
        _reply(account, conversation, comment, heard)
    _follow(account, conversation, heard)


def _reply(
    account: "Account", conversation: SideConversation, comment: "Record", heard: TicketChange
) -> None:
    author = account.users.get(comment["author_id"])
    said = Said(
        message={"html_body": _inner(comment["html_body"])},
        sender=person(author),
        to=[conversation.events[0]["message"]["from"]],
        moment=heard.now,
        via=VIA,
    )
    add_message(account, conversation, said)
    note_in_parent(account, conversation, REPLIED, author)


def _follow(account: "Account", conversation: SideConversation, heard: TicketChange) -> None:
    """Close the conversation with its child ticket, and open it again with it."""
    for field, before, after in heard.changes:
        if field == "status" and (before in DONE) != (after in DONE):
            state = {"state": CLOSED if after in DONE else OPEN}
            change(account, conversation, state, account.users.get(heard.actor_id), VIA)


def _is_linked(child: "TicketCase", conversation: SideConversation) -> bool:
    """Return whether the two still belong together: whoever changes the external id parts them."""
    is_alive = not child.is_deleted and not child.is_scrubbed
    return is_alive and child.record["external_id"] == _link(conversation)


def _inner(html: str) -> str:
    """Return the text inside the wrapper of a comment."""
    return html.partition(">")[2].removesuffix("</div>")
