"""Finds the contents of key files: PEM blocks and wallets' keystores."""

import re
from collections.abc import Iterator
from typing import Final

from integrations.redaction.secret import Kind, Secret

_BEGIN: Final = re.compile(r"-{4,5} ?BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_END: Final = re.compile(r"-{4,5} ?END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_BODY: Final = re.compile(r"[A-Za-z0-9+/=\s:,.()-]*")  # of a block whose end is missing
_BRACES: Final = re.compile(r"[{}]")
_INSIDE: Final = "ciphertext"


def find_pem_blocks(text: str) -> Iterator[Secret]:
    """Yield private keys in PEM, also where the last line was cut off."""
    begins = list(_BEGIN.finditer(text))
    ends = _END.finditer(text)
    end = next(ends, None)
    for place, begin in enumerate(begins):
        while end is not None and end.start() < begin.end():
            end = next(ends, None)
        limit = begins[place + 1].start() if place + 1 < len(begins) else len(text)
        if end is not None and end.start() < limit:
            last = end.end()
        else:
            body = _BODY.match(text, begin.end(), limit)
            last = body.end() if body else begin.end()
        body_text = text[begin.end() : last]
        yield Secret(Kind.PRIVATE_KEY, begin.start(), last, "".join(body_text.split()))


def find_keystores(text: str) -> Iterator[Secret]:
    """Yield JSON objects that hold an encrypted key, from the outermost brace to its end."""
    depth, start, inside = 0, 0, -1
    for brace in _BRACES.finditer(text):
        if brace[0] == "{":
            start = brace.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield from _keystore(text, start, brace.end())
    inside = text.find(_INSIDE, start) if depth else -1
    if inside >= 0:  # the end is missing
        yield from _keystore(text, start, len(text))


def _keystore(text: str, start: int, end: int) -> Iterator[Secret]:
    held = text[start:end]
    if _INSIDE in held.lower() and re.search("kdf|cipherparams|mac", held, re.IGNORECASE):
        yield Secret(Kind.KEYSTORE, start, end, "".join(held.split()))
