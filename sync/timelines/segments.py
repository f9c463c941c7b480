"""A clock's line cut into stretches: it ran, was paused, stood still, ran late, or still will."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sync.timelines.story import Band, ClockLine, Story

FINISHED = frozenset({"solved", "closed"})
OF_ZENDESK = "zendesk"


class Stretch(StrEnum):
    """What a clock did in a stretch of time."""

    RUNNING = "running"
    LATE = "running late"
    PAUSED = "paused"
    SOLVED = "stopped while solved"
    AHEAD = "left until due"


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of a clock's line."""

    kind: Stretch
    since: int
    until: int


def segments(clock: ClockLine, story: Story) -> list[Segment]:
    """Return the stretches of a clock in order; none of an unknown one."""
    if clock.is_unknown or clock.started is None:
        return []
    end = max(story.now if clock.ended is None else clock.ended, clock.started)
    still = [*_pauses(clock, end), *_solved(clock, story.statuses, end)]
    cut: list[Segment] = []
    at = clock.started
    for part in sorted(still, key=lambda one: (one.since, one.until)):
        if part.since > at:
            cut.extend(_running(clock, at, part.since))
        if part.until > at:
            cut.append(Segment(part.kind, max(part.since, at), part.until))
            at = part.until
    if end > at:
        cut.extend(_running(clock, at, end))
    if clock.due is not None and clock.due > end and clock.ended is None:
        cut.append(Segment(Stretch.AHEAD, end, clock.due))
    return cut


def _running(clock: ClockLine, since: int, until: int) -> Iterator[Segment]:
    breach = until if clock.breached is None else min(max(clock.breached, since), until)
    if breach > since:
        yield Segment(Stretch.RUNNING, since, breach)
    if until > breach:
        yield Segment(Stretch.LATE, breach, until)


def _pauses(clock: ClockLine, end: int) -> Iterator[Segment]:
    for since, until in clock.pauses:
        yield Segment(Stretch.PAUSED, since, end if until is None else min(until, end))


def _solved(clock: ClockLine, statuses: Sequence[Band], end: int) -> Iterator[Segment]:
    """Yield where the ticket was solved: clocks of Zendesk's policies stand still then."""
    if clock.source != OF_ZENDESK or clock.started is None:
        return
    for band in statuses:
        until = end if band.until is None else min(band.until, end)
        if band.value in FINISHED and band.since >= clock.started and until > band.since:
            yield Segment(Stretch.SOLVED, band.since, until)
