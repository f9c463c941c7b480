"""Takes leaked words and files out of comments, for good; done twice it is as if done once."""

import re
from typing import Any

from integrations.runtime.errors import RecordGone
from integrations.zendesk.export import list_export
from integrations.zendesk.failures import record_in
from integrations.zendesk.session import ZendeskSession

REDACTED_FILE = "redacted.txt"
_MARKED = re.compile(r"<redact>(.*?)</redact>", re.DOTALL)

Record = dict[str, Any]


class Redactions:
    """Redaction of comments and of their attachments."""

    def __init__(self, session: ZendeskSession) -> None:
        self._session = session

    def comments(self, ticket_id: int) -> list[Record]:
        """Return the comments of a ticket, oldest first."""
        path = f"/api/v2/tickets/{ticket_id:d}/comments.json"
        pages = list_export(self._session, path, "comments")
        return [comment for page in pages for comment in page.objects()]

    def words(self, ticket_id: int, comment_id: int, text: str) -> Record:
        """Take a text out of a comment of a ticket that is not closed; return the comment."""
        path = f"/api/v2/tickets/{ticket_id:d}/comments/{comment_id:d}/redact.json"
        return self._redacted(ticket_id, comment_id, path, {"text": text}, [text])

    def marked(self, ticket_id: int, comment_id: int, html_body: str) -> Record:
        """Take out what stands between `<redact>` tags, also on closed tickets; return the comment.

        `html_body` is the whole comment as Zendesk shows it, with the tags added.
        """
        path = f"/api/v2/comment_redactions/{comment_id:d}.json"
        body = {"ticket_id": ticket_id, "html_body": html_body}
        return self._redacted(ticket_id, comment_id, path, body, _MARKED.findall(html_body))

    def attachment(self, ticket_id: int, comment_id: int, attachment_id: int) -> Record:
        """Replace a file by an empty one and return it."""
        comment = f"/api/v2/tickets/{ticket_id:d}/comments/{comment_id:d}"
        path = f"{comment}/attachments/{attachment_id:d}/redact.json"

        def send() -> Record:
            return record_in(self._session.write("PUT", path), "attachment", "PUT", path)

        def find() -> Record | None:
            files = self._comment(ticket_id, comment_id).get("attachments") or []
            for file in files:
                if file.get("id") == attachment_id and file.get("file_name") != REDACTED_FILE:
                    return None
            return {"id": attachment_id, "file_name": REDACTED_FILE}

        return self._session.patience.settle(send, find)

    def _redacted(
        self, ticket_id: int, comment_id: int, path: str, body: Record, words: list[str]
    ) -> Record:
        def send() -> Record:
            return record_in(self._session.write("PUT", path, body), "comment", "PUT", path)

        def find() -> Record | None:
            comment = self._comment(ticket_id, comment_id)
            texts = [str(comment.get(name)) for name in ("body", "html_body", "plain_body")]
            return None if any(word in text for word in words for text in texts) else comment

        return self._session.patience.settle(send, find)

    def _comment(self, ticket_id: int, comment_id: int) -> Record:
        for comment in self.comments(ticket_id):
            if comment.get("id") == comment_id:
                return comment
        raise RecordGone(
            f"Ticket {ticket_id} has no comment {comment_id} (any more).",
            hint="nothing if it was deleted; otherwise check the id.",
        )
