"""Encrypts a token under the client's secret, so that a shared table shows nobody a token."""

import base64
import hmac
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken

PURPOSE = b"riskdesk: tokens of an OAuth client"  # the same secret opens nothing else


def seal(secret: str, text: str) -> str:
    """Return the text encrypted under the secret."""
    return _cipher(secret).encrypt(text.encode()).decode()


def unseal(secret: str, sealed: str) -> str | None:
    """Return the text; None when it was sealed under another secret, or changed since."""
    try:
        return _cipher(secret).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _cipher(secret: str) -> Fernet:
    """Return the cipher of a secret; Zendesk's are long and random, so one HMAC makes a key."""
    key = hmac.digest(sha256(secret.encode()).digest(), PURPOSE, "sha256")
    return Fernet(base64.urlsafe_b64encode(key))
