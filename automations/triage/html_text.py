"""Turns HTML into the text a person would read; time grows linearly with the input.

Text that only has angle brackets ("<3", "<your name>") is left alone: only tags that mails and
editors write count. Quoted parts (blockquote) get the ">" of plain mails, so that what splits off
mail history sees them.
"""

import html
import re
from typing import Final

_BLOCKS: Final = frozenset(
    "p div br tr li ul ol table h1 h2 h3 h4 h5 h6 hr pre blockquote section article".split()
)
_CELLS: Final = frozenset({"td", "th"})
_UNREAD: Final = frozenset({"script", "style", "head", "title", "template"})
_INLINE: Final = frozenset(
    "a b i u s em strong span font small big sub sup code center img html body tbody thead tfoot"
    " label o:p meta link input button form figure figcaption main header footer".split()
)
_KNOWN: Final = _BLOCKS | _CELLS | _UNREAD | _INLINE
# No part of the pattern can run past another "<", so that a row of them costs one look each.
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,15})((?:[\s/][^<>]*)?)>")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINK: Final = re.compile(
    r"""\bhref\s{0,4}=\s{0,4}["']?(https?://[^\s"'<>]{3,2000})""", re.IGNORECASE
)
_EMPTY_LINES: Final = re.compile(r"\n(?:[ \t]*\n){2,}")
_SPACES: Final = re.compile(r"[ \t]{2,}")


def html_to_text(text: str) -> str:
    """Return what the HTML says, links included; plain text comes back as it is."""
    if "<" in text and any(m[2].lower() in _KNOWN for m in _TAG.finditer(text)):
        text = _read(_without_comments(text))
    if "&" in text:  # Zendesk's plain bodies, too, hold entities
        text = _ENTITY.sub(lambda m: html.unescape(m[0]), text)
    return text


def _without_comments(text: str) -> str:
    kept = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            break
        kept.append(text[position:start])
        position = end + 3
    return "".join(kept) + text[position:]


def _read(text: str) -> str:
    lowered = text.lower() if len(text.lower()) == len(text) else text
    pieces: list[str] = []
    unclosed: set[str] = set()
    position = depth = 0
    while (tag := _TAG.search(text, position)) is not None:
        pieces.append(_quoted(text[position : tag.start()], depth))
        position = tag.end()
        name, closes = tag[2].lower(), bool(tag[1])
        if name not in _KNOWN:
            pieces.append(tag[0])
        elif name in _UNREAD and not closes and name not in unclosed:
            end = lowered.find(f"</{name}", position)
            if end < 0:
                unclosed.add(name)  # never looked for again, or many of them would cost squares
            position = max(position, end)
        else:
            if name == "blockquote":
                depth = max(0, depth + (-1 if closes else 1))
            pieces.append(_mark(name, tag[3], depth, closes=closes))
    pieces.append(_quoted(text[position:], depth))
    joined = _SPACES.sub(" ", "".join(pieces))
    return _EMPTY_LINES.sub("\n\n", joined).strip()


def _quoted(piece: str, depth: int) -> str:
    return piece.replace("\n", "\n> ") if depth else piece


def _mark(name: str, attributes: str, depth: int, *, closes: bool) -> str:
    if name in _BLOCKS:
        return "\n> " if depth else "\n"
    if name in _CELLS:
        return " "
    link = _LINK.search(attributes) if name == "a" and not closes else None
    return f" {html.unescape(link[1])} " if link else ""
