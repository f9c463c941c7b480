"""When Zendesk tries a delivery again: for few reasons only, and not for long."""

from integrations.sandbox.deliveries.sending import Reply

LONGEST_RETRY_AFTER_S = 60.0
TIMEOUTS, CONFLICTS, BUSY = 5, 3, 5  # how many times after the first attempt
PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)
CONFLICT = 409
ASKS_FOR_PATIENCE = (429, 503)


def pause_before_retry(reply: Reply, tried: int) -> float | None:
    """Return after how many seconds the next attempt comes, or None when there is none."""
    pause = PAUSES_S[min(tried, len(PAUSES_S)) - 1]
    if reply.failure == "timeout":
        return pause if tried <= TIMEOUTS else None
    if reply.status == CONFLICT:
        return pause if tried <= CONFLICTS else None
    if reply.status in ASKS_FOR_PATIENCE and tried <= BUSY:
        return _asked_pause(reply)
    return None


def is_retryable(reply: Reply) -> bool:
    """Return whether this kind of answer is ever followed by another attempt."""
    return reply.failure == "timeout" or reply.status in (CONFLICT, *ASKS_FOR_PATIENCE)


def _asked_pause(reply: Reply) -> float | None:
    asked = reply.header("retry-after")
    if not (asked.isascii() and asked.replace(".", "", 1).isdigit()):
        return None
    seconds = float(asked)
    return seconds if seconds < LONGEST_RETRY_AFTER_S else None
