"""The answer to one line of a file: fixed names that scripts rely on."""

from typing import Any

from automations.triage.assessment import Assessment


def answer_of(assessment: Assessment, name: str | int | None) -> dict[str, Any]:
    """Return an assessment under the names of the answer file; the first ten never change."""
    return {
        "id": name,
        "family": assessment.family,
        "reason": assessment.reason,
        "confidence": assessment.confidence,
        "abstained": assessment.abstained,
        "alternatives": [
            {"family": family, "confidence": chance} for family, chance in assessment.candidates
        ],
        "severity": assessment.severity,
        "language": assessment.language,
        "why": assessment.words or tuple(filter(None, [assessment.abstained_because])),
        "signals": assessment.signals,
        "secondary": assessment.secondary,
        "severity_reasons": assessment.severity_reasons,
        "complexity": assessment.complexity,
        "is_complaint": assessment.is_complaint,
        "owner": assessment.owner,
        "secrets": assessment.secrets,
        "taxonomy_version": assessment.taxonomy_version,
        "model_version": assessment.model_version,
    }
