"""The marker that a change leaves in its audit, by which it is found again."""

from collections.abc import Iterable, Mapping
from typing import Any

MARKER_KEY = "riskdesk"  # where an audit's custom metadata names the action that made the change


def marked(changes: Mapping[str, Any], marker: str) -> dict[str, Any]:
    """Return the changes of a ticket with the marker in them; it travels in the same update."""
    return {**changes, "metadata": {**(changes.get("metadata") or {}), MARKER_KEY: marker}}


def effect_of(marker: str, audits: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the audit of the change that carries the marker; None when it was never made."""
    for audit in audits:
        custom = (audit.get("metadata") or {}).get("custom") or {}
        if custom.get(MARKER_KEY) == marker:
            return audit
    return None
