"""Values that Zendesk writes in several ways, as the one text that the tables hold."""

import json
from collections.abc import Mapping
from typing import Any

from sync.warehouse.records import ENCODER

# The event export writes channels in words where audits write their code.
CHANNELS: Mapping[str, str] = {
    "Web form": "web",
    "Web Form": "web",
    "Web service": "api",
    "Web Service": "api",
    "Mail": "email",
    "Rule": "rule",
    "System": "system",
    "Chat": "chat",
}


def channel_of(record: Mapping[str, Any]) -> str | None:
    """Return the channel a ticket, audit or comment came through."""
    via = record.get("via")
    name = via.get("channel") if isinstance(via, dict) else via
    return CHANNELS.get(name, name) if isinstance(name, str) else None


def as_text(value: Any) -> str | None:
    """Return a field's value as text: text as it is, everything else as compact JSON."""
    if value is None or isinstance(value, str):
        return value
    try:
        return ENCODER.encode(value).decode()
    except OverflowError:  # a number beyond 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
