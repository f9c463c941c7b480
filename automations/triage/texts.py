"""Reads files with one complaint per line; a line that cannot be read is marked, never lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from integrations.runtime.errors import BadInput

_LONGEST_LINE: Final = 4_000_000  # bytes; a complaint is at most some kilobytes


class Complaint(msgspec.Struct, frozen=True):
    """One line of an input file; exports name the text and its title differently."""

    text: str | None = None
    description: str | None = None
    body: str | None = None
    subject: str | None = None
    title: str | None = None
    id: str | int | None = None
    label: str | None = None
    secondary: str | list[str] | None = None

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


def read_complaints(path: Path) -> Iterator[tuple[int, Complaint | BadLine]]:
    """Yield every line that is not empty with its number, counting from one."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _read(line.removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror}.",
            hint='give a file with one JSON object per line, such as {"text": "…"}.',
        ) from None


def _read(line: bytes) -> Complaint | BadLine:
    if len(line) > _LONGEST_LINE:
        return BadLine("the line is longer than 4 MB")
    try:
        complaint = msgspec.json.decode(line, type=Complaint)
    except msgspec.ValidationError:
        return BadLine("a field has the wrong type, or the line is no object")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return BadLine("not JSON")
    return complaint if complaint.content is not None else BadLine('no "text"')
