"""Takes leaked secrets out of a ticket in Zendesk itself, for good; nothing of them is kept."""

import re
from collections.abc import Iterable
from typing import Any

from integrations.redaction.finding import find_secrets
from integrations.redaction.redactor import Redactor
from integrations.redaction.secret import DOUBTFUL, Secret
from integrations.zendesk.redactions import Redactions

Record = dict[str, Any]

_MOST_ROUNDS = 3  # what one redaction leaves may be told from what is around it now
_TAG = re.compile(r"(<[^<>]*>)")
_TAG_NAME = re.compile(r"<[a-zA-Z][a-zA-Z0-9]*")


class Leaks:
    """Redacts every secret that is found in the comments of a ticket, public and internal."""

    def __init__(self, redactions: Redactions) -> None:
        self._redactions = redactions

    def take_back(self, ticket_id: int) -> None:
        """Redact all comments; where nothing is found any more, nothing is sent."""
        for comment in self._redactions.comments(ticket_id):
            self._take_back(ticket_id, comment)

    def _take_back(self, ticket_id: int, comment: Record) -> None:
        for _ in range(_MOST_ROUNDS):
            html = str(comment.get("html_body") or "")
            found = certain_secrets(html)
            if not found:
                break
            comment = self._redactions.marked(ticket_id, comment["id"], marked(html, found))
        # What stands only in the plain text, or in an odd place of the HTML.
        body = str(comment.get("body") or "")
        for secret in certain_secrets(body):
            for line in body[secret.start : secret.end].splitlines():
                if line.strip():
                    self._redactions.words(ticket_id, comment["id"], line)


def certain_secrets(text: str) -> list[Secret]:
    """Return the secrets that may be redacted for good: a person judges the doubtful ones."""
    return [secret for secret in find_secrets(text) if secret.kind not in DOUBTFUL]


def changes_without_secrets(ticket: Record, redactor: Redactor) -> Record:
    """Return the changes that take secrets out of subject and custom fields."""
    changes: Record = {}
    subject = ticket.get("raw_subject") or ticket.get("subject")
    if isinstance(subject, str) and (kept := redactor.text(subject, spare=DOUBTFUL)) != subject:
        changes["subject"] = kept
    fields = [
        {"id": field["id"], "value": kept}
        for field in ticket.get("custom_fields") or ()
        if isinstance(value := field.get("value"), str)
        and (kept := redactor.text(value, spare=DOUBTFUL)) != value
    ]
    return changes | ({"custom_fields": fields} if fields else {})


def marked(html: str, secrets: Iterable[Secret]) -> str:
    """Return a comment's HTML with `<redact>` around secrets; tags between their parts stay.

    A secret within a tag, as in the address of a link, has its tag marked with an attribute.
    """
    pieces, position = [], 0
    for secret in secrets:
        opened = html.rfind("<", position, secret.start)
        name = _TAG_NAME.match(html, opened) if opened > html.rfind(">", 0, secret.start) else None
        if name is not None:
            end = html.find(">", secret.end) + 1 or len(html)
            pieces += [html[position : name.end()], " redact", html[name.end() : end]]
        else:
            end = secret.end
            held = _TAG.split(html[secret.start : end])
            pieces += [html[position : secret.start], *map(_wrapped, held)]
        position = end
    return "".join([*pieces, html[position:]])


def _wrapped(piece: str) -> str:
    is_text = piece.strip() and not piece.startswith("<")
    return f"<redact>{piece}</redact>" if is_text else piece
