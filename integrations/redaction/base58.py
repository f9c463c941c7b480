"""Base58 and Base58Check, the alphabets of Bitcoin and of the XRP Ledger."""

import hashlib
from collections.abc import Mapping
from typing import Final

BITCOIN: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE: Final = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_LONGEST: Final = 120  # characters; the longest that is in use, an extended key, has 112
_VALUES: Final[Mapping[str, Mapping[str, int]]] = {
    alphabet: {sign: place for place, sign in enumerate(alphabet)} for alphabet in (BITCOIN, RIPPLE)
}


def decoded(text: str, alphabet: str = BITCOIN) -> bytes | None:
    """Return the bytes of a Base58 text, or None when it is none."""
    if len(text) > _LONGEST:
        return None
    values, number = _VALUES[alphabet], 0
    try:
        for sign in text:
            number = number * 58 + values[sign]
    except KeyError:
        return None
    zeros = len(text) - len(text.lstrip(alphabet[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def checked(text: str, alphabet: str = BITCOIN) -> bytes | None:
    """Return what a Base58Check text carries, or None when the checksum is wrong."""
    raw = decoded(text, alphabet)
    if raw is None or len(raw) <= 4:  # noqa: PLR2004 - the checksum alone
        return None
    payload, checksum = raw[:-4], raw[-4:]
    expected = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    return payload if checksum == expected else None
