"""Which department must answer a complaint, how urgently and by when.

Where the rules come from: the owner and the severity of each reason stand in the desk's reason
taxonomy, the times in the desk's rules. The risk-control desk reads every complaint itself, so only
what another department owns, or what cannot wait (S1), is escalated. Service complaints (family I)
are about the desk's own work and therefore go to the customer-service lead. Suspicions against
staff (A6) go to internal audit only. Nobody is woken for what triage could not tell (abstained),
for what the desk does not handle (N) or for advertising (X).

Complexity decides, too. What is simple and not grave the desk answers by itself, whoever owns it;
what is complex goes to the Risk Control group where the desk owns it: it asks for more than a first
answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from automations.escalations.queues import QUEUES, SEVERITIES, Queue

PRIORITIES = dict(zip(SEVERITIES, ("urgent", "high", "normal", "low"), strict=True))
DEFAULT_SEVERITY = "S3"
DESK = "RC"
SIMPLE, COMPLEX = "simple", "complex"
GRAVE = frozenset({"S1", "S2"})
NEVER_ESCALATED = frozenset({"N", "X"})
INSIDER = "A6"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Who must answer (`queue`), who is concerned too (`also`), and how urgently."""

    queue: Queue
    also: tuple[Queue, ...]
    severity: str
    priority: str
    tags: tuple[str, ...]
    language: str  # the customer's: the department answers in it


def route(
    *,
    family: str | None,
    reason: str | None,
    severity: str | None,
    owner: str | None,
    abstained: bool,
    complexity: str,
    language: str,
    queues: Mapping[str, Queue] = QUEUES,
) -> Route | None:
    """Return the way to the owning department, or None when the desk keeps the complaint."""
    if abstained or family is None or family in NEVER_ESCALATED:
        return None
    known = severity if severity in PRIORITIES else DEFAULT_SEVERITY
    if complexity == SIMPLE and known not in GRAVE:
        return None
    beyond_the_desk = known == "S1" or complexity == COMPLEX
    departments = _departments(family, reason, owner, queues, also_desk=beyond_the_desk)
    if not departments:
        return None
    queue, *also = departments
    restricted = ("risk_restricted",) if queue.restricted else ()
    return Route(
        queue=queue,
        also=tuple(also),
        severity=known,
        priority=PRIORITIES[known],
        tags=("risk_escalated", queue.tag, *restricted),
        language=language,
    )


def _departments(
    family: str,
    reason: str | None,
    owner: str | None,
    queues: Mapping[str, Queue],
    *,
    also_desk: bool,
) -> list[Queue]:
    """Name the departments, the answering one first."""
    if reason == INSIDER:
        return [queues["IA"]]
    if family == "I":
        return [queues["CS"]]
    # Owners may be written as pairs or roles: "RC+LGL", "TEC/CS", "RC lead".
    named = [queues[code] for code in re.findall(r"\w+", owner or "") if code in queues]
    if also_desk:
        return named or [queues[DESK]]
    return [queue for queue in named if queue.code != DESK]
