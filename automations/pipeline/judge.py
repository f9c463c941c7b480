"""From a ticket's text to a judgement: assessment, draft, route and the notes that carry them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from automations.cases.mentions import Mention
from automations.escalations.note import Facts, escalation_note
from automations.escalations.queues import SHIPPED, Departments
from automations.escalations.routing import Route, route
from automations.macros.loader import SECRET_LEAKED
from automations.macros.note import draft_note
from automations.macros.service import Draft, MacroShelf
from automations.pipeline.decide import Notes
from automations.pipeline.mentions import HashOf, mentions_of
from automations.pipeline.ticket import TicketView
from automations.triage.assessment import Assessment
from automations.triage.context import Context
from automations.triage.grading import with_links
from automations.triage.taxonomy import FACTS, FAMILIES, RAISES, REASONS, departments_of

# Signals of triage that fill blanks of macros.
_BLANKS_BY_SIGNAL = {
    "txid": "txid",
    "address": "address",
    "amount": "amount",
    "uid": "uid",
    "order_id": "order_id",
    "time": "event_time",
}


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the desk thinks of a ticket before it decides what to do."""

    assessment: Assessment
    mentions: tuple[Mention, ...]  # what may link the ticket with others
    draft: Draft
    route: Route | None
    notes: Notes


class Assessor(Protocol):
    """The little piece of triage that the judge needs."""

    def assess(self, subject: str, text: str, context: Context) -> Assessment:
        """Say what a complaint is and how bad."""


class Judge:
    """Reads tickets; holds the trained triage and the macros, which are loaded once."""

    def __init__(
        self,
        triage: Assessor,
        macros: MacroShelf,
        departments: Departments = SHIPPED,
        *,
        hash_of: HashOf | None = None,
    ) -> None:
        """Hold what judging needs; `hash_of` is the keyed hash of personal identifiers."""
        self._triage = triage
        self._macros = macros
        self._hash_of = hash_of
        self.departments = departments

    def judge(
        self,
        ticket: TicketView,
        *,
        customer_name: Callable[[], str],
        reports: Callable[[Sequence[Mention]], int],
        now: datetime,
    ) -> Judgement:
        """Assess the customer's words and prepare the draft and the way to the department.

        `reports` tells how many customers report the same as a ticket that names these.
        """
        context = Context(
            now=now,
            written_at=ticket.complaint[-1].created_at,
            comments=len(ticket.comments),
        )
        found = self._triage.assess(ticket.subject, ticket.complaint_text, context)
        mentions = mentions_of(ticket, found, self._hash_of)
        assessment = with_links(found, reports(mentions))
        draft = self._macros.draft(
            family=assessment.family,
            reason=assessment.reason,
            language=assessment.language,
            values=self._values(ticket, assessment, customer_name(), now),
        )
        way = route(
            family=assessment.family,
            reason=assessment.reason,
            severity=assessment.severity,
            owner=_owners(assessment),
            abstained=assessment.abstained,
            complexity=assessment.complexity,
            language=assessment.language,
            queues=self.departments.queues,
        )
        notes = Notes(
            draft=draft_note(draft, headline=headline(assessment)),
            escalation=self._escalation_note(assessment, way, now) if way else None,
        )
        return Judgement(
            assessment=assessment, mentions=mentions, draft=draft, route=way, notes=notes
        )

    def rotate_now(
        self, ticket: TicketView, kinds: Collection[str], *, language: str, name: str
    ) -> str:
        """Return the note for a ticket out of which secrets were taken: which, and the reply."""
        draft = self._macros.draft_on(
            SECRET_LEAKED,
            language=language,
            values={"customer_name": name, "ticket_id": str(ticket.id)},
        )
        told = ", ".join(sorted(kind.replace("_", " ") for kind in kinds))
        headline = f"Taken out of this ticket for good · 已从工单中删除: {told}"
        return draft_note(draft, headline=headline)

    def _values(
        self, ticket: TicketView, assessment: Assessment, name: str, now: datetime
    ) -> Mapping[str, str]:
        due = self.departments.first_answer_due(assessment.severity, now).astimezone(UTC)
        values = {
            "ticket_id": str(ticket.id),
            "customer_name": name,
            "next_update": f"{due:%Y-%m-%d %H:%M} UTC",
        }
        for signal, blank in _BLANKS_BY_SIGNAL.items():
            found = assessment.signals.get(signal, ())
            if len(found) == 1:  # two candidates: the agent chooses, not we
                values[blank] = found[0]
        return {blank: value for blank, value in values.items() if value}

    def _escalation_note(self, assessment: Assessment, way: Route, now: datetime) -> str:
        due = self.departments.due(way.queue.code, way.severity, now)
        return escalation_note(way, _facts(assessment), due=due)


def headline(assessment: Assessment) -> str:
    """Return in one line what triage thinks, how sure it is and why."""
    if assessment.abstained or assessment.family is None:
        best = ", ".join(
            f"{FAMILIES[family].english} {p:.0%}" for family, p in assessment.candidates
        )
        return f"riskdesk is not sure what this is · 系统无法判断, please classify. Nearest: {best}"
    named = REASONS[assessment.reason] if assessment.reason else FAMILIES[assessment.family]
    code = assessment.reason or assessment.family
    words = ", ".join(assessment.words) or "-"
    warning = " · LEAKED SECRET in the text" if assessment.secrets else ""
    raised = "".join(f" · {reason}" for reason in raising_reasons(assessment))
    return (
        f"{code} {named.english} · {named.chinese} · {assessment.severity}{raised} · "
        f"{assessment.complexity} · "
        f"{assessment.confidence:.0%} sure · because: {words}{warning}"
    )


def _facts(assessment: Assessment) -> Facts:
    family = FAMILIES[assessment.family or ""]
    reason = REASONS[assessment.reason] if assessment.reason else None
    found = [(kind, one) for kind, values in assessment.signals.items() for one in values]
    found += [("leaked secret", kind) for kind in assessment.secrets]
    return Facts(
        family=family.code,
        family_en=family.english,
        family_zh=family.chinese,
        reason=reason.code if reason else None,
        reason_en=reason.english if reason else "",
        reason_zh=reason.chinese if reason else "",
        raised=raising_reasons(assessment),
        complexity=assessment.complexity,
        confidence=assessment.confidence,
        words=assessment.words,
        signals=found,
        missing=missing_facts(assessment),
    )


def raising_reasons(assessment: Assessment) -> list[str]:
    """Return in both languages what raised the severity, with the words that state it."""
    return [
        f"{RAISES[fact].english} · {RAISES[fact].chinese}: {words}"
        for fact, words in assessment.severity_reasons
    ]


def missing_facts(assessment: Assessment) -> list[str]:
    """Return in both languages what the reason requires and no signal in the text gives."""
    if assessment.reason is None:
        return []
    facts = [FACTS[code] for code in REASONS[assessment.reason].required]
    return [
        f"{fact.english} · {fact.chinese}"
        for fact in facts
        if fact.signal is None or fact.signal not in assessment.signals
    ]


def _owners(assessment: Assessment) -> str:
    if assessment.family is None:
        return assessment.owner
    return "+".join(departments_of(assessment.family, assessment.reason))
