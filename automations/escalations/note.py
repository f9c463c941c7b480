"""What a department reads on the ticket when it is asked: the facts, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from automations.escalations.queues import Queue
from automations.escalations.routing import Route
from integrations.runtime.inert import one_line

MAX_LISTED = 12  # a note is read by a person
NONE = "none · 无"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What triage found; names and values come as plain text, secrets already masked."""

    family: str
    family_en: str
    family_zh: str
    reason: str | None
    reason_en: str
    reason_zh: str
    raised: Sequence[str]  # why it is graver than its reason alone
    complexity: str
    confidence: float
    words: Sequence[str]  # the words that decided it
    signals: Sequence[tuple[str, str]]  # (kind, value): addresses, transaction IDs, amounts …
    missing: Sequence[str]  # required facts that the customer has not given


def escalation_note(route: Route, facts: Facts, *, due: datetime) -> str:
    """Return the internal note for the department, which answers before `due`."""
    due = due.astimezone(UTC)
    lines = [
        f"ESCALATION to {_both(route.queue)} · 升级",
        f"Answer by · 最晚答复: {due:%Y-%m-%d %H:%M} UTC (priority {route.priority})",
        f"Also concerned · 同时涉及: {'; '.join(map(_both, route.also)) or NONE}",
        "",
        f"Family · 类别: {facts.family} {facts.family_en} / {facts.family_zh}",
    ]
    if facts.reason is not None:
        lines.append(f"Reason · 原因: {facts.reason} {facts.reason_en} / {facts.reason_zh}")
    lines += [
        f"Severity · 级别: {route.severity}    Complexity · 复杂度: {facts.complexity}    "
        f"Confidence · 置信度: {facts.confidence:.0%}",
        f"Customer's language · 客户语言: {one_line(route.language, limit=16)}",
    ]
    lines += _restricted() if route.queue.restricted else _findings(facts)
    lines += [
        "",
        "A comment of your group on this ticket counts as the answer · 本组评论即视为答复",
    ]
    return "\n".join(lines)


def _findings(facts: Facts) -> list[str]:
    return [
        "",
        *(["Graver because · 升级原因:", *_listed(facts.raised)] if facts.raised else []),
        "Deciding words · 判断依据:",
        *_listed(facts.words),
        "Signals found · 识别到的信息:",
        *_listed([f"{kind}: {value}" for kind, value in facts.signals]),
        "Still missing · 尚缺信息:",
        *_listed(facts.missing),
    ]


def _restricted() -> list[str]:
    # Every agent who sees the ticket can read this note, also the one it may be about.
    return ["", "Restricted: details only within the department · 受限案件：细节仅限本部门查看"]


def _listed(values: Sequence[str]) -> list[str]:
    shown = [f"- {line}" for value in values[:MAX_LISTED] if (line := one_line(value))]
    if len(values) > MAX_LISTED:
        shown.append(f"- … and {len(values) - MAX_LISTED} more · 其余从略")
    return shown or [f"- {NONE}"]


def _both(queue: Queue) -> str:
    return f"{queue.name_en} / {queue.name_zh}"
