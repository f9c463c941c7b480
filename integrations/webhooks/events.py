"""What a delivery body says: which event, on which ticket, by whom, when."""

import hashlib
import re
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from integrations.runtime.clock import parse_instant

PREFIX = "zen:event-type:ticket."
_SUBJECT = re.compile(r"zen:ticket:([0-9]{1,18})\Z")
_LONGEST_ID = 100
_LARGEST_BIGINT = 2**63 - 1

# Zendesk, "Ticket events". An event outside this list is stored and marked, not acted on.
TICKET_EVENTS = frozenset(
    """
    agent_assignment_changed attachment_linked_to_comment attachment_redacted_from_comment
    brand_changed comment_added comment_made_private comment_redacted created csat_received
    csat_requested custom_field_changed custom_status_changed description_changed
    email_ccs_changed external_id_changed followers_changed form_changed group_assignment_changed
    marked_as_spam merged next_sla_breach_changed ola_policy_changed organization_changed
    permanently_deleted priority_changed problem_link_changed requester_changed schedule_changed
    sla_policy_changed soft_deleted status_changed subject_changed submitter_changed tags_changed
    task_due_at_changed type_changed undeleted
    """.split()
)
# What the desk asks Zendesk to deliver: enough to see each change that can alter a decision.
SUBSCRIBED_EVENTS = (
    "created",
    "comment_added",
    "status_changed",
    "priority_changed",
    "group_assignment_changed",
    "soft_deleted",
    "undeleted",
    "merged",
    "comment_redacted",
    "permanently_deleted",
)


class Mark(StrEnum):
    """What the inbox thinks of a body."""

    EVENT = "event"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery as the inbox stores it; only `Mark.EVENT` is worked on.

    An event that was read keeps no body: customers' words and names would outlive their erasure in
    Zendesk, and work reads the ticket as it is then.
    """

    dedupe_key: str
    mark: Mark
    body: str = ""
    event_type: str | None = None
    ticket_id: int | None = None
    actor_id: int | None = None
    happened_at: datetime | None = None


def parse_delivery(body: bytes) -> Delivery:
    """Read a signed body; what cannot be read or is not known is marked, never an error.

    The dedupe key is the event's own id: Zendesk may invoke a webhook twice for one event, and
    headers are not covered by the signature.
    """
    text = body.decode("utf-8", "replace").replace("\x00", "\ufffd")  # PostgreSQL stores no NUL
    digest = "sha256:" + hashlib.sha256(body).hexdigest()
    try:
        event = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        event = None
    event_id = event.get("id") if isinstance(event, dict) else None
    if not isinstance(event, dict) or not isinstance(event_id, str) or not event_id:
        return Delivery(dedupe_key=digest, mark=Mark.MALFORMED, body=text)
    key = "event:" + event_id if len(event_id) <= _LONGEST_ID else digest
    return _ticket_event(event, key=key.replace("\x00", "\ufffd"), text=text)


def _ticket_event(event: dict[str, Any], *, key: str, text: str) -> Delivery:
    kind, about = event.get("type"), event.get("subject")
    subject = _SUBJECT.match(about) if isinstance(about, str) else None
    name = kind.removeprefix(PREFIX) if isinstance(kind, str) else ""
    if not isinstance(kind, str) or not kind.startswith(PREFIX) or name not in TICKET_EVENTS:
        return Delivery(dedupe_key=key, mark=Mark.UNKNOWN, body=text)
    if subject is None:
        return Delivery(dedupe_key=key, mark=Mark.MALFORMED, body=text)
    detail = event.get("detail")
    return Delivery(
        dedupe_key=key,
        mark=Mark.EVENT,
        event_type=name,
        ticket_id=int(subject.group(1)),
        actor_id=_id(detail.get("actor_id")) if isinstance(detail, dict) else None,
        happened_at=_instant(event.get("time")),
    )


def _id(value: object) -> int | None:
    text = str(value)
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(_LARGEST_BIGINT)):
        return None
    return number if (number := int(text)) <= _LARGEST_BIGINT else None


def _instant(value: object) -> datetime | None:
    try:
        return parse_instant(str(value))
    except ValueError:
        return None
