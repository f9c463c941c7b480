"""Comments: the text of a ticket in the three forms in which Zendesk shows it."""

import re
from html import escape
from html.parser import HTMLParser
from typing import Any

BLOCKS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "pre", "blockquote")
SAID = ("body", "html_body", "value")  # imports and old clients write "value"
WRAPPER = '<div class="zd-comment" dir="auto">{}</div>'


class _TextOnly(HTMLParser):
    """Collects the text of HTML, one line a block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Start a new line where a block starts."""
        if tag in BLOCKS and attrs is not None:
            self.parts.append("\n")


def html_of(text: str) -> str:
    """Return plain text as Zendesk renders it."""
    paragraphs = re.split(r"\n{2,}", text.strip("\n"))
    return WRAPPER.format(
        "".join(
            '<p dir="auto">{}</p>'.format(escape(part, quote=False).replace("\n", "<br>\n"))
            for part in paragraphs
        )
    )


def text_of(html: str) -> str:
    """Return the text of HTML, without tags."""
    parser = _TextOnly()
    parser.feed(html)
    parser.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.parts)).strip()


def comment_event(
    asked: dict[str, Any], *, event_id: int, audit_id: int, author_id: int, public: bool
) -> dict[str, Any]:
    """Return the Comment event for what the caller asked to be said."""
    html = asked.get("html_body")
    body = text_of(str(html)) if html else str(asked.get("body") or asked.get("value") or "")
    return {
        "id": event_id,
        "type": "Comment",
        "author_id": author_id,
        "body": body,
        "html_body": WRAPPER.format(html) if html else html_of(body),
        "plain_body": body,
        "public": public,
        "attachments": [],
        "audit_id": audit_id,
    }


def via_towards(requester: dict[str, Any]) -> dict[str, Any]:
    """Return the `via` of an audit that speaks to the requester."""
    towards = {"name": requester["name"], "address": requester["email"]}
    return {"channel": "api", "source": {"from": {}, "to": towards, "rel": None}}


def has_text(asked: Any) -> bool:
    """Return whether a comment says anything."""
    return isinstance(asked, dict) and any(map(asked.get, SAID))


def listed_comment(event: dict[str, Any], audit: dict[str, Any]) -> dict[str, Any]:
    """Return a comment as `GET /tickets/{id}/comments` lists it."""
    return event | {
        "via": audit["via"],
        "created_at": audit["created_at"],
        "metadata": audit["metadata"],
    }
