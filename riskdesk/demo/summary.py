"""What one demo run found, as plain values: printed as tables, or as one JSON document."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TextResult:
    """What became of one complaint; `expected` is our own label where the demo wrote the text."""

    id: str
    ticket_id: int | None
    language: str | None
    family: str | None
    reason: str | None
    severity: str | None
    confidence: float | None
    abstained: bool
    words: tuple[str, ...] = ()
    queue: str | None = None
    draft: str | None = None
    escalated: str | None = None
    expected: str | None = None  # a family code, or "abstain"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line of the input that is no complaint, and why; its number counts from 1."""

    number: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRow:
    """Complaints of one family; `family` None gathers those on which triage abstained."""

    family: str | None
    english: int
    chinese: int
    other: int
    drafted: int

    @property
    def total(self) -> int:
        """All complaints of the row."""
        return self.english + self.chinese + self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """How often one reply macro was drafted."""

    slug: str
    drafts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRow:
    """What one department was asked and what it did until the end of the day.

    `withdrawn` ended with the ticket; `late` answered after its due time, or is open past it.
    """

    queue: str
    opened: int
    answered: int
    withdrawn: int
    open: int
    late: int
    median_answer_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaRow:
    """How the clocks of one metric went; `running` ones are neither met nor breached yet."""

    metric: str
    met: int
    breached: int
    running: int

    @property
    def attainment(self) -> float | None:
        """Share of the decided clocks that were met; None while none is decided."""
        decided = self.met + self.breached
        return self.met / decided if decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """What happened to the webhook deliveries between the sandbox and the receiver."""

    events: int
    received: int
    duplicates: int
    lost: int
    caught_up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One promise of riskdesk, and whether this run kept it."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything a demo run has to say; `--json` prints exactly this."""

    complaints: int
    steps: int
    day_start: datetime
    day_end: datetime
    duration_s: float
    bad_lines: tuple[BadLine, ...]
    results: tuple[TextResult, ...]
    families: tuple[FamilyRow, ...]
    drafts: tuple[DraftRow, ...]
    escalations: tuple[EscalationRow, ...]
    sla: tuple[SlaRow, ...]
    deliveries: Deliveries
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)
