"""What agents do with side conversations: begin, reply, change, import."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from integrations.runtime.clock import parse_instant
from integrations.sandbox.state.refusals import blank, invalid
from integrations.sandbox.state.side_conversations import threads
from integrations.sandbox.state.side_conversations.children import open_child, tell
from integrations.sandbox.state.side_conversations.conversations import (
    CLOSED,
    OPEN,
    SideConversation,
)
from integrations.sandbox.state.side_conversations.participants import (
    Channel,
    anybody,
    person,
    recipients,
)
from integrations.sandbox.state.side_conversations.threads import Said

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

Message = dict[str, Any]


def begin(
    account: "Account",
    ticket_id: int,
    message: Message,
    external_ids: dict[str, str],
    actor: "Record",
) -> tuple[SideConversation, "Record"]:
    """Begin a side conversation on a ticket; return it with its first event."""
    channel, to = recipients(account, message.get("to") or [])
    said = Said(message=message, sender=person(actor), to=to, moment=account.clock.now())
    conversation = threads.new_conversation(account, ticket_id, said, dict(external_ids))
    if channel is Channel.CHILD:
        if not (message.get("body") or message.get("html_body")):
            raise blank("body")
        open_child(account, conversation, said, actor)
    account.side_conversations.keep(conversation)
    event = threads.add_message(account, conversation, said)
    threads.note_in_parent(account, conversation, threads.CREATED, actor)
    return conversation, event


def reply(
    account: "Account", conversation: SideConversation, message: Message, actor: "Record"
) -> "Record":
    """Reply in a side conversation, which opens again if it was closed; return the event."""
    _, to = recipients(account, message.get("to") or [])
    said = Said(message=message, sender=person(actor), to=to, moment=account.clock.now())
    event = threads.add_message(account, conversation, said)
    threads.note_in_parent(account, conversation, threads.REPLIED, actor)
    tell(account, conversation, said, actor)
    if conversation.state == CLOSED:
        threads.change(account, conversation, {"state": OPEN}, actor)
    return event


def update(
    account: "Account", conversation: SideConversation, asked: dict[str, Any], actor: "Record"
) -> None:
    """Change the state or the subject of a side conversation."""
    updates = {name: asked[name] for name in ("state", "subject") if asked.get(name) is not None}
    if updates.get("state", OPEN) not in (OPEN, CLOSED):
        raise invalid("state", "State: must be open or closed")
    threads.change(account, conversation, updates, actor)


def bring_in(
    account: "Account",
    ticket_id: int,
    asked: dict[str, Any],
    events: list[dict[str, Any]],
) -> tuple[SideConversation, "Record"]:
    """Import a whole side conversation; return it with its first event."""
    if not events:
        raise blank("events")
    said = [_imported(account, one) for one in events]
    conversation = threads.new_conversation(
        account, ticket_id, said[0], dict(asked.get("external_ids") or {})
    )
    conversation.subject = asked.get("subject") or conversation.subject
    if asked.get("state", OPEN) not in (OPEN, CLOSED):
        raise invalid("state", "State: must be open or closed")
    conversation.state = asked.get("state") or OPEN
    account.side_conversations.keep(conversation)
    return conversation, _add_all(account, conversation, said)


def bring_in_events(
    account: "Account", conversation: SideConversation, events: list[dict[str, Any]]
) -> "Record":
    """Import messages into a side conversation, such as answers from outside; return the first."""
    if not events:
        raise blank("events")
    return _add_all(account, conversation, [_imported(account, one) for one in events])


def _add_all(account: "Account", conversation: SideConversation, said: list[Said]) -> "Record":
    first, *_ = [threads.add_message(account, conversation, one) for one in said]
    return first


def _imported(account: "Account", asked: dict[str, Any]) -> Said:
    message = asked.get("message") or {}
    _, to = recipients(account, message.get("to") or [])
    return Said(
        message=message,
        sender=anybody(account, message.get("from") or {}),
        to=to,
        moment=_moment(account, asked.get("created_at")),
    )


def _moment(account: "Account", text: str | None) -> datetime:
    if text is None:
        return account.clock.now()
    try:
        return parse_instant(text)
    except ValueError:
        raise invalid("created_at", "Created at: is not a date") from None
