"""SQL over assessments; never commits."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select

from automations.pipeline.tables import assessments
from automations.triage.assessment import Assessment
from sync.warehouse.tables.people import users


def newest(connection: Connection, ticket_id: int) -> RowMapping | None:
    """Return the newest assessment of a ticket."""
    query = (
        select(assessments)
        .where(assessments.c.ticket_id == ticket_id)
        .order_by(assessments.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().first()


def customer_name(connection: Connection, user_id: int) -> str | None:
    """Return a customer's name as the mirror knows it."""
    return connection.scalar(select(users.c.name).where(users.c.id == user_id))


def record(
    connection: Connection,
    *,
    ticket_id: int,
    comment_id: int,
    assessment: Assessment,
    draft_slug: str | None,
    now: datetime,
) -> None:
    """Store what triage said after reading a customer's newest comment."""
    connection.execute(
        insert(assessments).values(
            ticket_id=ticket_id,
            comment_id=comment_id,
            family=assessment.family,
            reason=assessment.reason,
            secondary=list(assessment.secondary),
            language=assessment.language,
            severity=assessment.severity,
            severity_reasons=[list(reason) for reason in assessment.severity_reasons],
            complexity=assessment.complexity,
            complexity_reasons=list(assessment.complexity_reasons),
            is_complaint=assessment.is_complaint,
            complaint_words=list(assessment.complaint_words),
            owner=assessment.owner,
            confidence_permille=round(assessment.confidence * 1000),
            abstained=assessment.abstained,
            words=list(assessment.words),
            candidates=[[family, round(p * 1000)] for family, p in assessment.candidates],
            signals={kind: list(found) for kind, found in assessment.signals.items()},
            secrets=list(assessment.secrets),
            taxonomy_version=assessment.taxonomy_version,
            model_version=assessment.model_version,
            draft_slug=draft_slug,
            assessed_at=now,
        )
    )
