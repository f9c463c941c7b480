"""Side conversations: asking another department, or somebody outside, beside a ticket."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from integrations.runtime.errors import OutcomeUnknown
from integrations.zendesk.export import list_export
from integrations.zendesk.failures import record_in
from integrations.zendesk.markers import MARKER_KEY
from integrations.zendesk.session import ZendeskSession

Record = dict[str, Any]


class SideConversations:
    """The side conversations of tickets."""

    def __init__(self, session: ZendeskSession) -> None:
        self._session = session

    def of_ticket(self, ticket_id: int) -> list[Record]:
        """Return all side conversations of a ticket."""
        return self._listed(_path(ticket_id), "side_conversations")

    def show(self, ticket_id: int, conversation_id: str) -> Record:
        """Return one side conversation as it is now."""
        path = _path(ticket_id, conversation_id)
        return record_in(self._session.read(path), "side_conversation", "GET", path)

    def create(self, ticket_id: int, message: Mapping[str, Any], *, key: str) -> Record:
        """Start one and return it; the key, kept with it, makes that happen once.

        `message` has subject, body and `to`: an address (`{"email": …}`), or a child ticket for
        a department (`{"support_group_id": …}`).
        """
        path, keys = _path(ticket_id), {MARKER_KEY: key}

        def send() -> Record:
            body = {"message": dict(message), "external_ids": keys}
            return record_in(
                self._session.write("POST", path, body), "side_conversation", "POST", path
            )

        def find() -> Record | None:
            for found in self.of_ticket(ticket_id):
                if (found.get("external_ids") or {}).get(MARKER_KEY) == key:
                    return found
            return None

        return self._session.patience.settle(send, find)

    def reply(self, ticket_id: int, conversation_id: str, message: Mapping[str, Any]) -> Record:
        """Answer in a side conversation and return it; a message needs its `to` here too.

        Replies carry no key. After a lost answer the replies that are new since are compared: ours
        is among them, or there is none; anything else stays OutcomeUnknown.
        """
        path = _path(ticket_id, conversation_id)
        known = {event.get("id") for event in self.events(ticket_id, conversation_id)}

        def send() -> Record:
            answer = self._session.write("POST", f"{path}/reply", {"message": dict(message)})
            return record_in(answer, "side_conversation", "POST", f"{path}/reply")

        def find() -> Record | None:
            new = [
                event
                for event in self.events(ticket_id, conversation_id)
                if event.get("id") not in known and event.get("type") == "reply"
            ]
            ours = [event for event in new if _says(event, message)]
            if new and not ours:
                raise OutcomeUnknown(
                    f"A reply is new in {path}, but it cannot be told whose.",
                    hint="read the side conversation before replying again.",
                )
            return self.show(ticket_id, conversation_id) if ours else None

        return self._session.patience.settle(send, find)

    def set_state(self, ticket_id: int, conversation_id: str, state: str) -> Record:
        """Close a side conversation (`closed`) or open it again (`open`); return it."""
        path = _path(ticket_id, conversation_id)
        body = {"side_conversation": {"state": state}}
        answer = self._session.write("PUT", path, body, idempotent=True)
        return record_in(answer, "side_conversation", "PUT", path)

    def events(self, ticket_id: int, conversation_id: str) -> list[Record]:
        """Return what happened in a side conversation, oldest first."""
        return self._listed(f"{_path(ticket_id, conversation_id)}/events", "events")

    def _listed(self, path: str, key: str) -> list[Record]:
        return [one for page in list_export(self._session, path, key) for one in page.objects()]


def _path(ticket_id: int, conversation_id: str | None = None) -> str:
    path = f"/api/v2/tickets/{ticket_id:d}/side_conversations"
    return path if conversation_id is None else f"{path}/{quote(conversation_id, safe='')}"


def _says(event: Mapping[str, Any], message: Mapping[str, Any]) -> bool:
    """Tell whether an event carries this message; Zendesk wraps and trims what it keeps."""
    found = event.get("message")
    texts = [found.get(name) for name in ("body", "html_body")] if isinstance(found, dict) else []
    ours = [message.get(name) for name in ("body", "html_body")]
    return any(_words(text) == _words(our) != [] for our in ours for text in texts)


def _words(text: object) -> Sequence[str]:
    return text.split() if isinstance(text, str) else []
