"""Keeps sla_differences up to date beside the clocks, and reads them for reports."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sync.sla.clocks import Clock, Source
from sync.sla.metric_events import MetricEvent, fold_stream, streams_of
from sync.sla.rulebook import Rulebook
from sync.sla.schedules import to_second
from sync.sla.timeline import Timeline
from sync.sla.verdict import repository
from sync.sla.verdict.causes import Cause
from sync.sla.verdict.comparison import policy_metric
from sync.sla.verdict.evidence import Evidence
from sync.sla.verdict.findings import Finding, Habits, find, find_deleted
from sync.sla.verdict.source import Knowledge, events_of

Computed = tuple[Timeline, Sequence[Clock]]
STILL_COPYING = "Zendesk's past is still being copied; the next refresh after that tells"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How our clocks and Zendesk's own account of them agree."""

    compared: int  # clocks that Zendesk tells of, too
    by_cause: Mapping[Cause, int] = field(default_factory=dict)  # the most frequent first

    @property
    def differences(self) -> int:
        """How many figures differ, explained or not."""
        return sum(self.by_cause.values())

    @property
    def unexplained(self) -> int:
        """How many figures differ and nobody can tell why."""
        return self.by_cause.get(Cause.UNEXPLAINED, 0)

    def sentence(self) -> str:
        """Return in one sentence how far Zendesk agrees."""
        if not self.compared:
            return "Zendesk's own metric events tell of none of these clocks."
        told = f"Zendesk's own metric events tell of {self.compared:,} of these clocks"
        if not self.differences:
            return f"{told} and agree with all of them."
        causes = ", ".join(
            f"{number:,} {cause.value.replace('_', ' ')}" for cause, number in self.by_cause.items()
        )
        return f"{told}; {self.differences:,} of their figures differ: {causes}."

    def plain(self) -> dict[str, Any]:
        """Return it for machines."""
        by_cause = {cause.value: number for cause, number in self.by_cause.items()}
        return {
            "clocks_compared": self.compared,
            "differences": self.differences,
            "unexplained": self.unexplained,
            "by_cause": by_cause,
        }


def compare_tickets(
    connection: Connection,
    ticket_ids: Collection[int],
    computed: Sequence[Computed],
    rules: Rulebook,
    knowledge: Knowledge,
    *,
    now: datetime,
) -> int:
    """Compare the clocks of these tickets with Zendesk's events; return how many figures differ.

    Tickets without a timeline are deleted. The caller commits.
    """
    events = events_of(connection, ticket_ids)
    second = to_second(now)
    habits: Habits = Counter()
    findings = [
        (timeline.ticket_id, _while_copying(finding, knowledge))
        for timeline, clocks in computed
        for finding in find(
            Evidence(
                timeline=timeline,
                rules=rules,
                events=events.get(timeline.ticket_id, ()),
                now=second,
                known_until=knowledge.known_until,
                doubts=knowledge.doubts,
            ),
            {
                (clock.metric, clock.instance): clock
                for clock in clocks
                if clock.source is Source.ZENDESK
            },
            habits,
        )
    ]
    alive = {timeline.ticket_id for timeline, _ in computed}
    for ticket_id in sorted(events.keys() - alive):
        findings += [(ticket_id, each) for each in _of_deleted(events[ticket_id], now=second)]
    settled = _by_habit(connection, ticket_ids, findings)
    return repository.replace_findings(connection, ticket_ids, settled, now=now)


def _by_habit(
    connection: Connection, ticket_ids: Collection[int], findings: Sequence[tuple[int, Finding]]
) -> list[tuple[int, Finding]]:
    """Tell choices that the account makes on many tickets from coincidences."""
    if not any(finding.edit for _, finding in findings):
        return list(findings)
    here = {
        (ticket, each.detail) for ticket, each in findings if each.cause is Cause.UNSETTLED_RULE
    }
    habits = Counter(detail for _, detail in here)
    habits += repository.tickets_by_choice(connection, ticket_ids)
    return [(ticket_id, finding.or_an_edit(habits)) for ticket_id, finding in findings]


def verdict(connection: Connection) -> Verdict:
    """Return how many clocks were compared and how many figures differ, by cause."""
    return Verdict(
        compared=repository.count_compared(connection),
        by_cause=repository.count_by_cause(connection),
    )


def differences(
    connection: Connection, *, cause: Cause | None = None, limit: int = 100
) -> Sequence[Mapping[str, Any]]:
    """Return rows of sla_differences, those that nobody can explain first."""
    return repository.list_differences(connection, cause=cause, limit=limit)


def _while_copying(finding: Finding, knowledge: Knowledge) -> Finding:
    if knowledge.is_copied:
        return finding
    return Finding(finding.disagreement, Cause.NOT_YET_KNOWN, STILL_COPYING)


def _of_deleted(events: Sequence[MetricEvent], *, now: int) -> Iterator[Finding]:
    streams = streams_of(events, now=now)
    clocks = (fold_stream(key, each, now=now, schedule=None) for key, each in streams.items())
    told = {policy_metric(clock.metric, clock.instance): clock for clock in clocks}
    yield from find_deleted(told)
