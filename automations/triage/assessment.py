"""What triage says about one complaint: plain data that is safe to show to agents."""

import msgspec


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """One complaint judged: what it is, how bad, who owns it, and the words that decided."""

    family: str | None  # None: abstained
    reason: str | None  # None: abstained, or only the family is known
    secondary: tuple[str, ...] = ()  # further reasons, or families, that rules are clear about
    language: str
    severity: str  # "S1" (worst) to "S4"
    severity_reasons: tuple[tuple[str, str], ...] = ()  # fact that raised it, words that state it
    complexity: str = "normal"  # simple, normal or complex
    complexity_reasons: tuple[str, ...] = ()
    is_complaint: bool = False  # in the regulatory sense
    complaint_words: tuple[str, ...] = ()  # empty: the matter decided
    owner: str  # department code
    confidence: float
    abstained: bool
    abstained_because: str = ""  # in words, for people
    words: tuple[str, ...]  # as they stand in the text, secrets masked
    candidates: tuple[tuple[str, float], ...]  # best three families, best first
    signals: dict[str, tuple[str, ...]]
    secrets: tuple[str, ...]  # kinds of leaked secrets, never values
    taxonomy_version: str
    model_version: str
