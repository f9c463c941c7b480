"""A report for machines: shares as numbers, instants as ISO 8601 texts."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from integrations.runtime.clock import format_instant
from sync.kpis.figures import Figure
from sync.reports.attainment import Attainment
from sync.reports.report import Report
from sync.reports.risks import Risk, expected_breaches


def as_plain(report: Report) -> dict[str, Any]:
    """Return everything a report has."""
    return {
        "figures_are": "riskdesk's own clocks",
        "since": _text(report.span.since),
        "until": _text(report.span.until),
        "computed_at": _text(report.as_of),
        "attainment": [_attainment(row) for row in report.rows],
        "unknown": [{"reason": reason, "clocks": count} for reason, count in report.unknown],
        "at_risk": [_risk(risk) for risk in report.risks],
        "expected_breaches": round(expected_breaches(report.risks), 1),
        "forecast": _forecast(report),
        "zendesk": None if report.verdict is None else report.verdict.plain(),
        "kpis": [_figure(figure) for figure in report.figures],
    }


def _attainment(row: Attainment) -> dict[str, Any]:
    counts = {"achieved": row.achieved, "breached": row.breached, "open": row.open}
    group = {by.value: _text(value) for by, value in row.group.items()}
    return {
        **group,
        **counts,
        "unknown": row.unknown,
        "share": row.share,
        "zendesk_share": row.zendesk_share,
    }


def _risk(risk: Risk) -> dict[str, Any]:
    forecast = asdict(risk.forecast) if risk.forecast else None
    return {name: _text(value) for name, value in risk.clock.items()} | {"forecast": forecast}


def _forecast(report: Report) -> dict[str, Any] | None:
    found = report.calibration
    if found is None:
        return None
    return asdict(found) | {"skill": found.skill}


def _figure(figure: Figure) -> dict[str, Any]:
    named = {"kpi": figure.kpi.name, "value": figure.value, "unit": figure.kpi.unit}
    return named | {"of": figure.of, "definition": figure.kpi.sentence}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return format_instant(value)
    return value.isoformat() if isinstance(value, date) else value
