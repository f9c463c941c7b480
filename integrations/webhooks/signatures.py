"""Whether a delivery was signed by Zendesk with one of our secrets, recently; pure."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from integrations.runtime.clock import parse_instant
from integrations.runtime.errors import RejectedDelivery

SIGNATURE_HEADER = "x-zendesk-webhook-signature"
TIMESTAMP_HEADER = "x-zendesk-webhook-signature-timestamp"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return Zendesk's signature: base64 of HMAC-SHA256 over timestamp and raw body.

    The secret is used as it is written, not base64-decoded (Zendesk, "Verifying webhooks").
    """
    digest = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def verify(
    *,
    secrets: Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    max_age: timedelta,
) -> None:
    """Raise RejectedDelivery (401) unless one of the secrets signed this body within `max_age`.

    Zendesk prescribes no age limit; ours stops a recorded delivery from being played again.
    """
    signature = headers.get(SIGNATURE_HEADER, "")
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    if not signature or not timestamp:
        raise RejectedDelivery(
            "The delivery is not signed.", hint="send it through a Zendesk webhook."
        )
    # Every secret is compared, so that the time taken does not tell which one matched.
    matches = [
        hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode())
        for secret in secrets
    ]
    if not any(matches):
        raise RejectedDelivery(
            "The delivery's signature is wrong.",
            hint="put the webhook's signing secret into RISKDESK_WEBHOOK_SECRETS.",
        )
    _check_age(timestamp, now=now, max_age=max_age)


def _check_age(timestamp: str, *, now: datetime, max_age: timedelta) -> None:
    try:
        signed_at = parse_instant(timestamp)
    except ValueError:
        raise RejectedDelivery(
            "The delivery's signature timestamp cannot be read.",
            hint="send it through a Zendesk webhook.",
        ) from None
    if abs(now - signed_at) > max_age:
        raise RejectedDelivery(
            "The delivery was not signed just now.",
            hint="check this machine's clock; Zendesk signs each attempt anew.",
        )
