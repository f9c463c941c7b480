"""A story for machines: instants as ISO 8601 texts, stretches as from and until."""

from dataclasses import asdict
from typing import Any

from integrations.runtime.clock import format_instant
from sync.sla.schedules import to_instant
from sync.timelines.chronicle import chronicle
from sync.timelines.story import ClockLine, Story

INSTANTS = frozenset({"at", "since", "until", "now", "created", "started", "ended", "due"})
BREACH = "breached"


def as_plain(story: Story) -> dict[str, Any]:
    """Return everything a timeline shows."""
    bands = {
        name: [_instants(asdict(band)) for band in getattr(story, name)]
        for name in ("statuses", "priorities", "groups")
    }
    return {
        "ticket_id": story.ticket_id,
        "as_of": _text(story.now),
        "created_at": _text(story.created),
        "status": story.status,
        **bands,
        "comments": [{"at": _text(word.at), "by": word.voice.value} for word in story.words],
        "clocks": [_clock(clock) for clock in story.clocks],
        "happened": [_instants(asdict(entry)) for entry in chronicle(story)],
    }


def _clock(clock: ClockLine) -> dict[str, Any]:
    told = _instants({k: v for k, v in asdict(clock).items() if k not in {"openings", "pauses"}})
    told[BREACH] = _text(clock.breached)
    told["targets"] = [_instants(asdict(target)) for target in clock.targets]
    told["pauses"] = [{"since": _text(a), "until": _text(b)} for a, b in clock.pauses]
    return told


def _instants(record: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(value) if name in INSTANTS else value for name, value in record.items()}


def _text(second: int | None) -> str | None:
    return None if second is None else format_instant(to_instant(second))
