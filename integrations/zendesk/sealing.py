"""Encrypts a token under the client's secret, so that a shared table shows nobody a token.

The standard library has no cipher, and two short texts do not justify a compiled dependency. So:
HMAC-SHA256 as a pseudo-random function in counter mode, then HMAC-SHA256 over nonce and cipher
text (encrypt, then authenticate), with a key of its own for each, under a fresh nonce each time.
"""

import base64
import hmac
import secrets
from hashlib import sha256
from itertools import count

NONCE = 16
BLOCK = sha256().digest_size


def seal(secret: str, text: str) -> str:
    """Return the text encrypted under the secret."""
    nonce = secrets.token_bytes(NONCE)
    hidden = _mixed(_key(secret, "hide"), nonce, text.encode())
    return base64.b64encode(nonce + _mark(secret, nonce + hidden) + hidden).decode()


def unseal(secret: str, sealed: str) -> str | None:
    """Return the text; None when it was sealed under another secret, or changed since."""
    try:
        whole = base64.b64decode(sealed, validate=True)
    except ValueError:
        return None
    nonce, mark, hidden = whole[:NONCE], whole[NONCE : NONCE + BLOCK], whole[NONCE + BLOCK :]
    if not hmac.compare_digest(mark, _mark(secret, nonce + hidden)):
        return None
    return _mixed(_key(secret, "hide"), nonce, hidden).decode()


def _key(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), f"riskdesk token {purpose}".encode(), "sha256")


def _mark(secret: str, message: bytes) -> bytes:
    return hmac.digest(_key(secret, "mark"), message, "sha256")


def _mixed(key: bytes, nonce: bytes, message: bytes) -> bytes:
    """Combine the message with a stream that only the key and the nonce give; its own inverse."""
    stream = b""
    for number in count():
        if len(stream) >= len(message):
            break
        stream += hmac.digest(key, nonce + number.to_bytes(8, "big"), "sha256")
    return bytes(a ^ b for a, b in zip(message, stream, strict=False))
