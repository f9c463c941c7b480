"""Collects what a played day left behind, in Zendesk and in the warehouse."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from automations.escalations.tables import escalations
from automations.pipeline.tables import assessments
from integrations.redaction.finding import find_secrets
from integrations.runtime.errors import ZendeskRefused
from integrations.zendesk.markers import MARKER_KEY
from riskdesk.demo.calls import Calls, read_all
from riskdesk.demo.complaints import Complaint
from riskdesk.demo.summary import TextResult
from sync.warehouse.tables.sla import sla_clocks
from sync.warehouse.tables.tickets import ticket_metrics

NOT_FOUND = 404
NO_TICKET = 0  # the complaint could not be written


@dataclass(frozen=True, slots=True)
class Traces:
    """What riskdesk left on one ticket in Zendesk: its markers, and the notes it wrote."""

    markers: Counter[str]
    notes: tuple[str, ...]


def traces_in_zendesk(base_url: str, ticket_ids: Iterable[int]) -> dict[int, Traces]:
    """Return riskdesk's traces on each ticket that still exists.

    Read from Zendesk's audits with an admin's eyes: nothing of riskdesk's own records is used.
    """
    calls = Calls(base_url)
    found = {}
    for ticket_id in ticket_ids:
        try:
            found[ticket_id] = _traces(calls, ticket_id)
        except ZendeskRefused as error:
            if error.status != NOT_FOUND:
                raise
    return found


def _traces(calls: Calls, ticket_id: int) -> Traces:
    marked = [
        audit
        for audit in read_all(calls, "audits", f"tickets/{ticket_id}/audits")
        if audit["metadata"].get("custom", {}).get(MARKER_KEY)
    ]
    return Traces(
        markers=Counter(audit["metadata"]["custom"][MARKER_KEY] for audit in marked),
        notes=tuple(
            event["body"]
            for audit in marked
            for event in audit["events"]
            if event["type"] == "Comment"
        ),
    )


def read_results(
    connection: Connection,
    complaints: Mapping[str, Complaint],
    tickets: Mapping[str, int],
    traces: Mapping[int, Traces],
) -> tuple[TextResult, ...]:
    """Return what became of each complaint, in the order in which they were written.

    The assessment is the first one: what was said of the complaint itself, before any reply. A
    draft counts when it stands in Zendesk exactly once.
    """
    newest_first = select(assessments).order_by(assessments.c.id.desc())
    assessed = {row["ticket_id"]: row for row in connection.execute(newest_first).mappings()}
    asked_of = select(escalations.c.ticket_id, escalations.c.queue)
    asked = dict(connection.execute(asked_of).tuples().all())
    return tuple(
        _result(complaint, ticket_id, assessed.get(ticket_id), traces, asked)
        for complaint, ticket_id in (
            (complaint, tickets.get(name, NO_TICKET)) for name, complaint in complaints.items()
        )
    )


def repeated_effects(traces: Mapping[int, Traces]) -> int:
    """Count effects that Zendesk saw again, and drafts and escalations beyond one a ticket."""
    return sum(
        max(0, sum(times for key, times in one.markers.items() if key.startswith(kind)) - 1)
        for one in traces.values()
        for kind in ("draft:", "escalate:")
    ) + sum(
        times - 1
        for one in traces.values()
        for key, times in one.markers.items()
        if not key.startswith(("draft:", "escalate:"))
    )


def _result(
    complaint: Complaint,
    ticket_id: int,
    assessed: RowMapping | None,
    traces: Mapping[int, Traces],
    asked: Mapping[int, str],
) -> TextResult:
    known: Mapping[Any, Any] = assessed or {}
    trace = traces.get(ticket_id)
    is_drafted = trace is not None and trace.markers[f"draft:{ticket_id}"] == 1
    return TextResult(
        id=complaint.id,
        ticket_id=ticket_id or None,
        language=known.get("language"),
        family=known.get("family"),
        reason=known.get("reason"),
        severity=known.get("severity"),
        confidence=known["confidence_permille"] / 1000 if known else None,
        abstained=bool(known.get("abstained")),
        words=tuple(known.get("words") or ()),
        queue=known.get("owner"),
        draft=known.get("draft_slug") if is_drafted else None,
        escalated=asked.get(ticket_id),
        expected=complaint.expected,
    )


def clock_rows(connection: Connection) -> list[dict[str, Any]]:
    """Return the SLA clocks as plain rows."""
    return [dict(row) for row in connection.execute(select(sla_clocks)).mappings()]


def escalation_rows(connection: Connection) -> list[dict[str, Any]]:
    """Return the escalations as plain rows."""
    return [dict(row) for row in connection.execute(select(escalations)).mappings()]


def clocks_unlike_zendesk(connection: Connection) -> int:
    """Count first replies whose time differs from Zendesk's own count by more than a minute."""
    both = (
        select(
            ticket_metrics.c.reply_time_minutes,
            sla_clocks.c.started_at,
            sla_clocks.c.fulfilled_at,
        )
        .join(sla_clocks, sla_clocks.c.ticket_id == ticket_metrics.c.ticket_id)
        .where(sla_clocks.c.metric == "first_reply_time")
        .where(ticket_metrics.c.reply_time_minutes.is_not(None))
    )
    return sum(
        ended is None or abs((ended - started) / timedelta(minutes=1) - minutes) > 1
        for minutes, started, ended in connection.execute(both)
    )


def secrets_shown(
    complaints: Iterable[Complaint], traces: Mapping[int, Traces], logs: Iterable[Path]
) -> int:
    """Count the secrets of the complaints that can be read in a note of riskdesk or in a log."""
    written = "\n".join(
        [
            *(note for one in traces.values() for note in one.notes),
            *(log.read_text("utf-8", "replace") for log in logs),
        ]
    )
    secrets = {
        complaint.text[leak.start : leak.end]
        for complaint in complaints
        for leak in find_secrets(complaint.text)
    }
    return sum(secret in written for secret in secrets)
