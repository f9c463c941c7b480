"""Reads complaints: the demo's own, or any file of one JSON object a line."""

import json
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrations.runtime.errors import BadInput
from riskdesk.demo.summary import BadLine

OWN_FILE = Path(__file__).with_name("complaints.jsonl")
ABSTAIN = "abstain"
MAX_SUBJECT = 150  # longer subjects are cut by Zendesk
_CJK = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One text a customer sends; `family` is our own label, None when unknown or ambiguous."""

    id: str
    text: str
    lang: str | None = None
    subject: str | None = None
    customer: str | None = None
    family: str | None = None
    expected: str | None = None

    @property
    def is_chinese(self) -> bool:
        """Whether people around this complaint write Chinese."""
        if self.lang is not None:
            return self.lang.lower().startswith("zh")
        return _CJK.search(self.text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file held: each of its lines is in one of the two."""

    complaints: tuple[Complaint, ...]
    bad_lines: tuple[BadLine, ...]


def own_complaints() -> tuple[Complaint, ...]:
    """Return the complaints written for the demo, with the family each belongs to."""
    lines = OWN_FILE.read_text("utf-8").splitlines()
    return tuple(
        Complaint(**row, expected=row["family"] or ABSTAIN) for row in map(json.loads, lines)
    )


def read_input(path: Path | None, *, most: int | None = None) -> Reading:
    """Return the complaints of a person's file, or our own when there is none; at most so many."""
    reading = read_file(path) if path else Reading(complaints=own_complaints(), bad_lines=())
    return Reading(complaints=reading.complaints[:most], bad_lines=reading.bad_lines)


def read_file(path: Path) -> Reading:
    """Read a person's file; raise BadInput only when there is nothing to play at all."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read ({error.strerror}).",
            hint="name a file with one JSON object a line, each with a `text`.",
        ) from None
    reading = read_lines(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"))
    if not reading.complaints:
        bad = "".join(f"; line {line.number}: {line.why}" for line in reading.bad_lines[:1])
        raise BadInput(
            f"{path} holds no complaint{bad}.",
            hint='write one JSON object a line, such as {"text": "My deposit is missing"}.',
        )
    return reading


def read_lines(lines: Iterable[bytes]) -> Reading:
    """Turn each readable line into one complaint and name each other; blank lines do not count."""
    complaints: dict[str, Complaint] = {}
    bad_lines: list[BadLine] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = _parse(line)
        if isinstance(row, str):
            bad_lines.append(BadLine(number=number, why=row))
            continue
        name = _unused(_word(row.get("id")) or f"line-{number}", number, complaints)
        complaints[name] = Complaint(
            id=name,
            text=row["text"],
            lang=_word(row.get("lang")),
            subject=_word(row.get("title")) or _word(row.get("subject")),
        )
    return Reading(complaints=tuple(complaints.values()), bad_lines=tuple(bad_lines))


def _parse(line: bytes) -> dict[str, Any] | str:
    """Return the object of the line with a clean `text`, or why there is none."""
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "not UTF-8"
    except (ValueError, RecursionError):  # a RecursionError: brackets nested without end
        return "not JSON"
    if not isinstance(row, dict):
        return "not a JSON object"
    if not isinstance(row.get("text"), str):
        return "no text" if row.get("text") is None else "the text is not a string"
    row["text"] = _sendable(row["text"])
    return row if row["text"].strip() else "empty text"


def _sendable(text: str) -> str:
    """Return the text as it can travel: half of a surrogate pair has no UTF-8 form."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _word(value: object) -> str | None:
    """Return a short field of a person's file on one line, or None when it says nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return " ".join(_sendable(str(value)).split())[:MAX_SUBJECT] or None


def _unused(name: str, number: int, taken: Container[str]) -> str:
    """Return the name, made unique when an earlier line bears it: no line may replace another."""
    while name in taken:
        name = f"{name}-line-{number}"
    return name
