"""Reads files with one complaint per line; a line that cannot be read is marked, never lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from integrations.runtime.errors import BadInput

T = TypeVar("T")
_LONGEST_LINE: Final = 4_000_000  # bytes; a complaint is at most some kilobytes
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Complaint(msgspec.Struct, frozen=True):
    """One line of an input file; exports name the text and its title differently."""

    text: str | None = None
    description: str | None = None
    body: str | None = None
    subject: str | None = None
    title: str | None = None
    id: str | int | None = None
    lang: str | None = None  # as the sender says; what the text shows goes first

    @property
    def content(self) -> str | None:
        """The complaint itself, under whichever name it came."""
        return next((t for t in (self.text, self.description, self.body) if t is not None), None)

    @property
    def heading(self) -> str:
        """The complaint's subject, or nothing."""
        return self.subject or self.title or ""


class BadLine(msgspec.Struct, frozen=True):
    """A line that is no complaint, and why; its text is hostile and not repeated."""

    problem: str
    id: str | int | None = None


class Labelled(msgspec.Struct, frozen=True):
    """A line with the label that people gave it."""

    text: str
    label: str
    heading: str = ""
    secondary: tuple[str, ...] = ()
    group: str = ""


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield every line with its number, counting from one; memory stays flat."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                yield number, line.removeprefix(_BYTE_ORDER_MARK)
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror}.",
            hint='give a file with one JSON object per line, such as {"text": "…"}.',
        ) from None


def complaint_of(line: bytes) -> Complaint | BadLine:
    """Read one line."""
    found = _decoded(line, Complaint)
    if isinstance(found, BadLine):
        return found
    return found if found.content is not None else BadLine('no "text"', found.id)


def labelled_of(
    line: bytes, *, label_field: str, text_field: str | None = None, group_field: str | None = None
) -> Labelled | BadLine:
    """Read one line with a label; the fields may have any name."""
    found = _decoded(line, dict[str, Any])
    if isinstance(found, BadLine):
        return found
    names = [text_field] if text_field else ["text", "description", "body"]
    text = next((found[name] for name in names if isinstance(found.get(name), str)), None)
    label = found.get(label_field)
    if text is None:
        return BadLine(f'no "{names[0]}"', _id_in(found))
    if not isinstance(label, str | int) or isinstance(label, bool) or not str(label).strip():
        return BadLine(f'no "{label_field}"', _id_in(found))
    also = found.get("secondary")
    return Labelled(
        text=text,
        label=str(label).strip(),
        heading=next((h for n in ("subject", "title") if isinstance(h := found.get(n), str)), ""),
        secondary=tuple(str(each) for each in (also if isinstance(also, list) else [also]) if each),
        group=str(found.get(group_field) or "") if group_field else "",
    )


def _decoded(line: bytes, kind: type[T]) -> T | BadLine:
    if len(line) > _LONGEST_LINE:
        return BadLine("the line is longer than 4 MB")
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.ValidationError:
        return BadLine("a field has the wrong type, or the line is no object", _id_of(line))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return BadLine("not JSON")


def _id_of(line: bytes) -> str | int | None:
    """Return the id of a line whose other fields are wrong, so that it can be found again."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return _id_in(found) if isinstance(found, dict) else None


def _id_in(found: dict[str, Any]) -> str | int | None:
    value = found.get("id")
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None
