"""What happens in a side conversation, and what the parent ticket's history says of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.changes import TicketDraft
from integrations.sandbox.state.side_conversations.conversations import (
    CLOSED,
    OPEN,
    SideConversation,
    event_of,
    with_milliseconds,
)
from integrations.sandbox.state.side_conversations.participants import person
from integrations.sandbox.state.ticketing import audits
from integrations.sandbox.state.ticketing.comments import WRAPPER, html_of, text_of
from integrations.sandbox.state.ticketing.tickets import commit

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

LONGEST_PREVIEW = 100
CREATED, REPLIED = "CollabThreadCreated", "CollabThreadReply"
BY_STATE = {CLOSED: "CollabThreadClosed", OPEN: "CollabThreadReopened"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message: what, by whom, to whom, when and how."""

    message: dict[str, Any]
    sender: "Record"  # as a participant
    to: list["Record"]
    moment: datetime
    via: str = "api"


def new_conversation(
    account: "Account", ticket_id: int, said: Said, external_ids: dict[str, str]
) -> SideConversation:
    """Return a side conversation in which nothing was said yet; it is not kept yet."""
    stamp = with_milliseconds(said.moment)
    return SideConversation(
        id=account.ids.timed_uuid(said.moment),
        ticket_id=ticket_id,
        subject=said.message.get("subject") or "",
        created_at=stamp,
        state_updated_at=stamp,
        participants=[],
        external_ids=external_ids,
    )


def add_message(account: "Account", conversation: SideConversation, said: Said) -> "Record":
    """Add a message; the first one creates the conversation."""
    html = said.message.get("html_body")
    body = text_of(html) if html else said.message.get("body") or ""
    preview = " ".join(body.split())[:LONGEST_PREVIEW]
    stamp = with_milliseconds(said.moment)
    event = event_of(
        conversation,
        actor=said.sender,
        created_at=stamp,
        id=account.ids.timed_uuid(said.moment),
        message={
            "attachments": [],
            "body": body,
            "external_ids": said.message.get("external_ids") or {},
            "from": said.sender,
            "html_body": WRAPPER.format(html) if html else html_of(body),
            "preview_text": preview,
            "subject": said.message.get("subject") or conversation.subject,
            "to": said.to,
        },
        type="reply" if conversation.events else "create",
        via=said.via,
    )
    conversation.preview_text = conversation.preview_text or preview
    conversation.message_added_at = conversation.updated_at = stamp
    for one in (said.sender, *said.to):
        if one not in conversation.participants:
            conversation.participants.append(one)
    account.side_conversations.add_event(conversation, event)
    return event


def change(
    account: "Account",
    conversation: SideConversation,
    updates: dict[str, str],
    actor: "Record",
    via: str = "api",
) -> None:
    """Change state or subject, when that makes a difference."""
    updates = {name: value for name, value in updates.items() if value != _of(conversation, name)}
    if not updates:
        return
    moment = account.clock.now()
    stamp = with_milliseconds(moment)
    for name, value in updates.items():
        setattr(conversation, name, value)
    conversation.updated_at = stamp
    account.side_conversations.add_event(
        conversation,
        event_of(
            conversation,
            actor=person(actor),
            created_at=stamp,
            id=account.ids.timed_uuid(moment),
            type="update",
            updates=updates,
            via=via,
        ),
    )
    if "state" in updates:
        conversation.state_updated_at = stamp
        note_in_parent(account, conversation, BY_STATE[updates["state"]], actor)


def note_in_parent(
    account: "Account", conversation: SideConversation, what: str, actor: "Record"
) -> None:
    """Write an event into the history of the parent: the ticket is updated and its rules run."""
    case = account.tickets.get(conversation.ticket_id)
    if case is None or case.is_deleted:
        return
    audit = audits.new_audit(
        account.ids,
        ticket_id=case.id,
        author_id=actor["id"],
        created_at=account.clock.stamp(),
        custom={},
    )
    audit["events"].append(
        {
            "id": account.ids.record(),
            "type": what,
            "thread_id": conversation.id,
            "subject": conversation.subject,
            "recipient_count": len(conversation.participants) - 1,
        }
    )
    draft = TicketDraft(
        case=case, record=dict(case.record), before=dict(case.record), audit=audit, actor=actor
    )
    commit(account, draft, actor)


def _of(conversation: SideConversation, name: str) -> str:
    value: str = getattr(conversation, name)
    return value
