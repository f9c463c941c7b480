"""Grades a complaint whose matter is known: severity, complexity, and whether it is a complaint."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from automations.triage.assessment import Assessment
from automations.triage.complaint import judge_complaint
from automations.triage.complexity import LINKED_CASE, judge_complexity, weighed
from automations.triage.context import Context
from automations.triage.severity import Raised, judge_severity, with_linked_reports


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """How bad and how complex, and every fact that made it so."""

    severity: str
    severity_reasons: tuple[Raised, ...]
    complexity: str
    complexity_reasons: tuple[str, ...]
    is_complaint: bool
    complaint_words: tuple[str, ...]


def grade(
    family: str | None,
    reason: str | None,
    folded: str,
    *,
    secondary: Collection[str],
    signals: Mapping[str, Sequence[str]],
    secrets: Collection[str],
    context: Context,
) -> Grade:
    """Grade a complaint by its folded words, its signals and what is known besides."""
    severity = judge_severity(
        family, reason, folded, signals=signals, secrets=secrets, context=context
    )
    complexity = judge_complexity(
        family,
        reason,
        secondary=secondary,
        facts={fact for fact, _ in severity.reasons},
        signals=signals,
        context=context,
    )
    mark = judge_complaint(family, reason, folded)
    return Grade(
        severity=severity.level,
        severity_reasons=severity.reasons,
        complexity=complexity.level,
        complexity_reasons=complexity.reasons,
        is_complaint=mark.is_complaint,
        complaint_words=mark.words,
    )


def with_links(assessment: Assessment, reports: int) -> Assessment:
    """Return the assessment as it is when so many customers report the same, this one included."""
    if reports <= 1:
        return assessment
    severity = with_linked_reports(
        assessment.family, assessment.reason, assessment.severity_reasons, reports
    )
    complexity = weighed(assessment.reason, (*assessment.complexity_reasons, LINKED_CASE))
    return msgspec.structs.replace(
        assessment,
        severity=severity.level,
        severity_reasons=severity.reasons,
        complexity=complexity.level,
        complexity_reasons=complexity.reasons,
    )
