"""Signs webhook deliveries as Zendesk does."""

import base64
import hashlib
import hmac


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the base64 HMAC-SHA256 over timestamp and raw body; the secret is used verbatim."""
    digest = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
