"""Ways to look at a ticket again: if a difference is gone then, its cause is what was changed."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from integrations.runtime.clock import format_instant
from sync.sla.choices import Choices
from sync.sla.metric_events import MetricEvent
from sync.sla.schedules import to_instant
from sync.sla.verdict.causes import Cause
from sync.sla.verdict.evidence import Evidence
from sync.sla.verdict.promises import CLOCKS_APART_S

# Zendesk was seen to write metric events up to 13 minutes late; the mirror reads back as far.
LATE_S = 20 * 60
# Choices that change what is known, not what happened.
NOT_ABOUT_EVENTS = frozenset({"empty_filter_fits", "business_target_without_schedule"})


class Lens(NamedTuple):
    """A cause with a name of its own, how to look without it, and one sentence that tells it."""

    name: str
    cause: Cause
    look: Callable[[Evidence], Evidence | None]  # None: there is nothing of the kind
    detail: str


def lenses(evidence: Evidence) -> Iterator[Lens]:
    """Yield every lens, those that may pass by themselves first."""
    since = format_instant(to_instant(late_since(evidence)))
    yield Lens(
        Cause.LATE_EVENT.value,
        Cause.LATE_EVENT,
        without_late_updates,
        f"updates since {since} of which Zendesk has not written its events yet",
    )
    yield Lens(
        Cause.NOT_YET_KNOWN.value,
        Cause.NOT_YET_KNOWN,
        without_unknown_updates,
        "Zendesk tells of an update that is not in the warehouse",
    )
    yield Lens(
        Cause.SAME_SECOND.value,
        Cause.SAME_SECOND,
        lambda each: None if each.by_ids else replace(each, by_ids=True),
        "two updates in one second; their events are read by what they do, not one by one",
    )
    for name, value in alternatives(evidence.rules.choices):
        yield Lens(
            name,
            Cause.UNSETTLED_RULE,
            _choosing(name, value=value),
            f"Zendesk does as if the choice {name} were {str(value).lower()}",
        )


def late_since(evidence: Evidence) -> int:
    """Return the second after which events of an update may not be there yet."""
    return min(evidence.now, evidence.known_until) - LATE_S


def without_late_updates(evidence: Evidence) -> Evidence | None:
    """Leave out our newest updates of which Zendesk has told nothing so far."""
    told = [int(each.time.timestamp()) for each in evidence.events if each.type != "breach"]
    boundary, timeline = late_since(evidence), evidence.timeline
    kept = [each for each in timeline.events if each.at <= boundary or _has_near(told, each.at)]
    if len(kept) == len(timeline.events):
        return None
    return replace(evidence, timeline=msgspec.structs.replace(timeline, events=kept))


def without_unknown_updates(evidence: Evidence) -> Evidence | None:
    """Leave out what Zendesk tells of updates that are not in the warehouse.

    The breach that such an update took back stands again, as before it.
    """
    known, events = evidence.updates(), evidence.events
    kept = [
        event
        for event in events
        if event.type != "breach" and _has_near(known, int(event.time.timestamp()))
    ]
    breaches = [event for event in events if event.type == "breach"]
    if len(kept) + len(breaches) == len(events):
        return None
    stays = {_clock(event) for event in kept}
    stayed = {event.id for event in (*kept, *breaches)}
    changed = {_clock(event) for event in events if event.id not in stayed}
    kept += [event for event in breaches if _clock(event) in stays]
    return replace(evidence, events=[*kept, *_standing_again(kept, changed)])


def _standing_again(
    events: Sequence[MetricEvent], clocks: Collection[tuple[str, int]]
) -> list[MetricEvent]:
    """Return the newest breach of each of these clocks that was taken back, as if it were not."""
    withdrawn = {
        _clock(event): msgspec.structs.replace(event, deleted=False)
        for event in sorted(events, key=attrgetter("id"))
        if event.type == "breach" and event.deleted
    }
    return [event for clock, event in withdrawn.items() if clock in clocks]


def _clock(event: MetricEvent) -> tuple[str, int]:
    return event.metric, event.instance_id


def alternatives(choices: Choices) -> Iterator[tuple[str, bool]]:
    """Yield every yes-or-no choice with the other answer."""
    for each in fields(Choices):
        chosen = getattr(choices, each.name)
        if isinstance(chosen, bool) and each.name not in NOT_ABOUT_EVENTS:
            yield each.name, not chosen


def _choosing(name: str, *, value: bool) -> Callable[[Evidence], Evidence | None]:
    def look(evidence: Evidence) -> Evidence | None:
        other: dict[str, Any] = {name: value}
        choices = replace(evidence.rules.choices, **other)
        return replace(evidence, rules=replace(evidence.rules, choices=choices))

    return look


def _has_near(seconds: Sequence[int], at: int) -> bool:
    return any(abs(second - at) <= CLOCKS_APART_S for second in seconds)
