"""What the desk does about a ticket: one pure function from what is known to a list of actions."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import msgspec

from automations.actions.plan import Action, Changes, Kind
from automations.escalations.routing import PRIORITIES, Route
from automations.pipeline.ticket import TicketView
from automations.triage.assessment import Assessment
from integrations.redaction.placeholders import kinds_in
from integrations.redaction.secret import DOUBTFUL
from integrations.redaction.secret import Kind as Secret

# A complaint without priority has no SLA target in Zendesk, so nobody would see it breach.
PRIORITY_WHEN_UNSURE = "normal"
PRIORITY_BY_FAMILY = {"N": "low", "X": None}
# What an earlier reading may have left: a ticket bears one severity, and is unclear or not.
OUTDATED = (
    "risk_abstained",
    *(f"risk_{severity.lower()}" for severity in PRIORITIES),
    *(f"risk_complexity_{level}" for level in ("simple", "normal", "complex")),
)
COMPLAINT = "risk_complaint"
DENIED_BY_AGENT = "risk_not_complaint"
# A ticket that was solved is not taken to another department; a reopened one is judged anew.
ENDED = frozenset({"solved", "closed"})
_OPENS_WALLETS = frozenset({Secret.SEED, Secret.PRIVATE_KEY, Secret.KEYSTORE})
# Names of files that hold keys: nobody looked into them, and no agent should have to.
_KEY_FILE = re.compile(
    r"keystore|\AUTC--|wallet.*\.(?:json|dat)\Z|\.(?:pem|key|p12|pfx|kdbx)\Z|seed|mnemonic"
    r"|private.?key|助记|助記|私钥|私鑰",
    re.IGNORECASE,
)


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk did with this ticket before."""

    action_keys: Collection[str] = ()
    severity: str | None = None  # of the assessment before this one
    reason: str | None = None  # same
    abstained: bool = False
    is_complaint: bool = False
    escalated: bool = False


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What the account offers: ids of the custom fields and groups that decisions may use."""

    reason_field_id: int | None = None
    severity_field_id: int | None = None
    groups: Mapping[str, int] = {}  # group name -> id


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """The internal notes, ready-made; the escalation's is empty when there is no route."""

    draft: str
    escalation: str | None = None


def decide(
    ticket: TicketView,
    assessment: Assessment,
    *,
    route: Route | None,
    notes: Notes,
    earlier: Earlier,
    policy: Policy,
    now: datetime,  # noqa: ARG001 - part of the rule's signature: decisions may depend on time
) -> list[Action]:
    """Return what to do, in order: the draft once, the escalation once, severity only upwards."""
    actions = []
    draft_key = f"draft:{ticket.id}"
    if draft_key not in earlier.action_keys:
        changes = _classified(ticket, assessment, policy, note=notes.draft)
        actions.append(Action(ticket_id=ticket.id, kind=Kind.DRAFT, key=draft_key, changes=changes))
    elif _is_news(assessment, earlier):
        newest = ticket.complaint[-1].id
        actions.append(
            Action(
                ticket_id=ticket.id,
                kind=Kind.REPRIORITISE,
                key=f"reprioritise:{ticket.id}:{newest}",
                changes=_kept(
                    _classified(ticket, assessment, policy, note=None), ticket, earlier, policy
                ),
            )
        )
    elif not earlier.is_complaint and (mark := _complaint_mark(ticket, assessment)):
        newest = ticket.complaint[-1].id
        changes = Changes(add_tags=mark)
        actions.append(
            Action(
                ticket_id=ticket.id,
                kind=Kind.REPRIORITISE,
                key=f"reprioritise:{ticket.id}:{newest}",
                changes=changes,
            )
        )
    if route is not None and not earlier.escalated and ticket.status not in ENDED:
        actions.append(_escalation(ticket, route, notes, policy))
    return actions


def remove_secrets(
    ticket: TicketView, leaking: Collection[str], *, note: Callable[[Collection[Secret]], str]
) -> list[Action]:
    """Return what takes leaked secrets out of Zendesk, whoever wrote them, and flags key files.

    `leaking` names the comments, by their ids, and "subject" and "fields", that hold secrets in
    Zendesk; the view has placeholders there. Doubtful ones are left to a person.
    """
    if ticket.status == "closed":
        return []
    texts = {"subject": [ticket.subject], "fields": ticket.field_texts}
    texts |= {str(comment.id): [comment.body] for comment in ticket.comments}
    leaks = {place: _certain(*texts.get(place, ())) for place in sorted(leaking)}
    kinds = {kind for found in leaks.values() for kind in found}
    actions = []
    if kinds:
        changes = Changes(
            note=note(kinds),
            add_tags=("risk_secret_leaked",),
            priority_at_least="high" if kinds & _OPENS_WALLETS else None,
            removes_secrets=True,
        )
        numbers = [int(place) for place, found in leaks.items() if found and place.isdigit()]
        places = [
            *map(str, sorted(numbers)[-1:]),
            *(p for p in ("fields", "subject") if leaks.get(p)),
        ]
        key = ":".join(["redact", str(ticket.id), *places])
        actions.append(Action(ticket_id=ticket.id, kind=Kind.REDACT, key=key, changes=changes))
    files = [c.id for c in ticket.comments if any(map(_KEY_FILE.search, c.files))]
    if files:
        tags = Changes(add_tags=("risk_secret_file", "risk_attachment_unscanned"))
        key = f"secret_file:{ticket.id}:{files[-1]}"
        actions.append(Action(ticket_id=ticket.id, kind=Kind.REDACT, key=key, changes=tags))
    return actions


def _certain(*texts: str) -> set[Secret]:
    return {kind for text in texts for kind in kinds_in(text)} - DOUBTFUL


def _is_news(assessment: Assessment, earlier: Earlier) -> bool:
    """Tell whether the customer's new words made it worse, or clear at last."""
    if assessment.abstained or earlier.severity is None:
        return False
    return earlier.abstained or assessment.severity < earlier.severity  # "S1" is the worst


def _classified(
    ticket: TicketView, assessment: Assessment, policy: Policy, *, note: str | None
) -> Changes:
    tags = (*tags_of(assessment), *_complaint_mark(ticket, assessment))
    return Changes(
        note=note,
        add_tags=tags,
        remove_tags=tuple(tag for tag in OUTDATED if tag not in tags),
        priority_at_least=_priority(assessment),
        custom_fields=_fields(assessment, policy),
    )


def _kept(changes: Changes, ticket: TicketView, earlier: Earlier, policy: Policy) -> Changes:
    """Leave the reason alone where it is not what riskdesk wrote: somebody corrected it."""
    field = str(policy.reason_field_id)
    written = f"risk_{earlier.reason.lower()}" if earlier.reason else None
    if field not in changes.custom_fields or ticket.fields.get(field) in {None, "", written}:
        return changes
    others = {one: value for one, value in changes.custom_fields.items() if one != field}
    return msgspec.structs.replace(changes, custom_fields=others)


def _complaint_mark(ticket: TicketView, assessment: Assessment) -> tuple[str, ...]:
    """Return the mark that regulators' clocks follow; it is never taken away here.

    Where an agent said that the ticket is no complaint, it is not set either.
    """
    is_marked = assessment.is_complaint and DENIED_BY_AGENT not in ticket.tags
    return (COMPLAINT,) if is_marked else ()


def tags_of(assessment: Assessment) -> tuple[str, ...]:
    """Return the tags by which views, triggers and reports find the ticket."""
    known = (
        "riskdesk",
        f"risk_language_{assessment.language.lower()}",
        f"risk_complexity_{assessment.complexity}",
    )
    if assessment.abstained or assessment.family is None:
        return (*known, "risk_abstained")
    tags = [*known, f"risk_family_{assessment.family.lower()}"]
    if assessment.reason is not None:
        tags.append(f"risk_reason_{assessment.reason.lower()}")
    tags.append(f"risk_{assessment.severity.lower()}")
    if assessment.secrets:
        tags.append("risk_secret_leaked")
    return tuple(tags)


def _priority(assessment: Assessment) -> str | None:
    if assessment.abstained or assessment.family is None:
        return PRIORITY_WHEN_UNSURE
    if assessment.family in PRIORITY_BY_FAMILY:
        return PRIORITY_BY_FAMILY[assessment.family]
    return PRIORITIES[assessment.severity]


def _fields(assessment: Assessment, policy: Policy) -> dict[str, str]:
    fields: dict[str, str] = {}
    if assessment.abstained:
        return fields
    if policy.reason_field_id is not None and assessment.reason is not None:
        fields[str(policy.reason_field_id)] = f"risk_{assessment.reason.lower()}"
    if policy.severity_field_id is not None:
        fields[str(policy.severity_field_id)] = f"risk_{assessment.severity.lower()}"
    return fields


def _escalation(ticket: TicketView, route: Route, notes: Notes, policy: Policy) -> Action:
    return Action(
        ticket_id=ticket.id,
        kind=Kind.ESCALATE,
        key=f"escalate:{ticket.id}:{ticket.complaint[-1].id}",
        changes=Changes(
            note=notes.escalation,
            add_tags=route.tags,
            priority_at_least=route.priority,
            group_id=policy.groups.get(route.queue.group_name),
        ),
    )
