"""Counts what a played day left behind, and checks riskdesk's promises against it. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low
from typing import Any, Final

from riskdesk.demo.complaints import ABSTAIN
from riskdesk.demo.summary import (
    Check,
    Deliveries,
    DraftRow,
    EscalationRow,
    FamilyRow,
    SlaRow,
    TextResult,
)

FAMILY_ORDER: Final = (*"ABCDEFGHIJKNX", None)


def family_rows(results: Iterable[TextResult]) -> tuple[FamilyRow, ...]:
    """Count complaints by family and language; families nobody complained about have no row."""
    grouped: defaultdict[str | None, list[TextResult]] = defaultdict(list)
    for result in results:
        if result.ticket_id is not None:
            grouped[None if result.abstained else result.family].append(result)
    unknown = sorted(code for code in grouped if code not in FAMILY_ORDER and code is not None)
    return tuple(
        _family_row(code, grouped[code])
        for code in (*FAMILY_ORDER[:-1], *unknown, None)
        if grouped.get(code)
    )


def _family_row(code: str | None, results: Sequence[TextResult]) -> FamilyRow:
    languages = Counter((result.language or "")[:2] for result in results)
    return FamilyRow(
        family=code,
        english=languages["en"],
        chinese=languages["zh"],
        other=len(results) - languages["en"] - languages["zh"],
        drafted=sum(result.draft is not None for result in results),
    )


def draft_rows(results: Iterable[TextResult]) -> tuple[DraftRow, ...]:
    """Count the drafts by reply macro, the most used first."""
    slugs = Counter(result.draft for result in results if result.draft)
    ranked = sorted(slugs.items(), key=lambda item: (-item[1], item[0]))
    return tuple(DraftRow(slug=slug, drafts=count) for slug, count in ranked)


def escalation_rows(
    rows: Iterable[Mapping[str, Any]], *, now: datetime
) -> tuple[EscalationRow, ...]:
    """Count escalations by department, the busiest first.

    A row has `queue`, `state` (open, answered or withdrawn), `opened_at`, `due_at`, `answered_at`.
    """
    by_queue: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_queue[row["queue"]].append(row)
    counted = [_escalation_row(queue, asked, now) for queue, asked in by_queue.items()]
    return tuple(sorted(counted, key=lambda row: (-row.opened, row.queue)))


def _escalation_row(queue: str, asked: Sequence[Mapping[str, Any]], now: datetime) -> EscalationRow:
    states = Counter(row["state"] for row in asked)
    waits = [
        int((row["answered_at"] - row["opened_at"]).total_seconds())
        for row in asked
        if row["answered_at"] is not None
    ]
    return EscalationRow(
        queue=queue,
        opened=len(asked),
        answered=states["answered"],
        withdrawn=states["withdrawn"],
        open=states["open"],
        late=sum(_is_late(row, now) for row in asked),
        median_answer_s=median_low(waits) if waits else None,
    )


def _is_late(row: Mapping[str, Any], now: datetime) -> bool:
    if row["state"] == "withdrawn":
        return False
    return bool((row["answered_at"] or now) > row["due_at"])


def sla_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[SlaRow, ...]:
    """Count the clocks that have a target by metric: met, breached, or still running.

    A row is one of `sla_clocks`: `metric`, `target_seconds`, `breached`, `state`.
    """
    outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["target_seconds"] is not None:
            outcomes[row["metric"]][_outcome(row)] += 1
    return tuple(
        SlaRow(metric=metric, met=n["met"], breached=n["breached"], running=n["running"])
        for metric, n in sorted(outcomes.items())
    )


def _outcome(row: Mapping[str, Any]) -> str:
    if row["breached"]:
        return "breached"
    return "met" if row["state"] == "achieved" else "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The numbers of a run that the checks judge, each counted by whoever owns the thing.

    `deleted` are tickets that somebody deleted on purpose; `repeated_effects` are changes that
    Zendesk saw twice; `secrets_shown` are secrets of complaints that can be read in riskdesk's
    notes or logs; `unhandled` are tickets with a state that no worker has looked at.
    """

    complaints: int
    refused: int
    results: Sequence[TextResult]
    deleted: frozenset[int]
    deliveries: Deliveries
    unhandled: int
    repeated_effects: int
    dead_letters: int
    mirror_differences: int
    sla_differences: int
    secrets_shown: int


def checks(found: Findings) -> tuple[Check, ...]:
    """Return what riskdesk promises, each with whether this run kept it."""
    tickets = [result for result in found.results if result.ticket_id is not None]
    living = [one for one in tickets if one.ticket_id not in found.deleted]
    undecided = sum((one.family is None) != one.abstained for one in living)
    drafted = sum(one.draft is not None for one in living)
    lost, caught_up = found.deliveries.lost, found.deliveries.caught_up
    return (
        _check(
            "every complaint became a ticket",
            len(tickets) == found.complaints and not found.refused,
            f"{len(tickets)} of {found.complaints}, {found.refused} steps refused",
        ),
        _check(
            "every change was handled, though deliveries were lost",
            not found.unhandled,
            f"{found.unhandled} unhandled; {lost} lost, {caught_up} of them found by sync",
        ),
        _check(
            "every complaint was classified, or left to a person on purpose",
            not undecided,
            f"{undecided} undecided",
        ),
        _check(
            "every complaint has exactly one draft in Zendesk",
            drafted == len(living),
            f"{drafted} of {len(living)}; {len(tickets) - len(living)} were deleted that day",
        ),
        _zero("nothing was done twice in Zendesk", found.repeated_effects, "repeated"),
        _zero("no work was given up", found.dead_letters, "given up"),
        _zero("the warehouse equals Zendesk, row by row", found.mirror_differences, "differences"),
        _zero("first replies take as long as Zendesk says", found.sla_differences, "differences"),
        _zero("no secret can be read in notes or logs", found.secrets_shown, "shown"),
    )


def agreement(results: Iterable[TextResult]) -> tuple[int, int]:
    """Return how many labelled complaints went as their author meant them, and of how many."""
    labelled = [result for result in results if result.expected is not None]
    right = sum(
        result.abstained if result.expected == ABSTAIN else result.family == result.expected
        for result in labelled
    )
    return right, len(labelled)


def _zero(name: str, count: int, word: str) -> Check:
    return _check(name, count == 0, f"{count} {word}")


def _check(name: str, passed: bool, detail: str) -> Check:  # noqa: FBT001
    return Check(name=name, passed=passed, detail=detail)
