"""A ticket's story as a list: what happened at each instant, clocks with targets included."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.timelines.story import Band, ClockLine, Story, Target, Voice
from sync.timelines.wording import hours_of, span

# In one instant, what people do comes before what follows from it.
KINDS = ("creation", "comment", "ticket", "clock", "breach", "due")
SAID = {
    Voice.CUSTOMER: "the customer writes",
    Voice.STAFF: "staff reply in public",
    Voice.NOTE: "an internal note is added",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, or that is due; `kind` is one of KINDS."""

    at: int
    kind: str
    told: str


def chronicle(story: Story) -> list[Entry]:
    """Return everything that happened to a ticket in order; what is due comes last."""
    entries = [Entry(story.created, "creation", "the ticket is created"), *_changes(story)]
    entries += [Entry(word.at, "comment", SAID[word.voice]) for word in story.words]
    for clock in story.clocks:
        if clock.counts and clock.started is not None:
            entries += _of_clock(clock, clock.started)
    return sorted(entries, key=lambda entry: (entry.at, KINDS.index(entry.kind)))


def _changes(story: Story) -> Iterator[Entry]:
    fields = (
        ("status", story.statuses),
        ("priority", story.priorities),
        ("group", story.groups),
    )
    for name, bands in fields:
        yield from (
            Entry(band.since, "ticket", f"{name} becomes {band.value or 'empty'}")
            for band in _later(bands, story.created)
        )


def _later(bands: Sequence[Band], created: int) -> Sequence[Band]:
    return [band for band in bands if band.since > created]


def _of_clock(clock: ClockLine, started: int) -> Iterator[Entry]:
    first = clock.targets[0] if clock.targets else None
    at_once = first is not None and first.at <= started
    promise = f" with {_promise(first)}" if first and at_once else ""
    yield Entry(started, "clock", f"{clock.name} starts{promise}")
    for target in clock.targets[1 if at_once else 0 :]:
        yield Entry(target.at, "clock", f"{clock.name} now has {_promise(target)}")
    for since, until in clock.pauses:
        yield Entry(since, "clock", f"{clock.name} pauses")
        if until is not None and until != clock.ended:
            yield Entry(until, "clock", f"{clock.name} goes on")
    if clock.breached is not None:
        yield Entry(clock.breached, "breach", f"{clock.name} is breached")
    if clock.ended is not None:
        how = "ends late" if clock.breached is not None else "is met"
        yield Entry(clock.ended, "clock", f"{clock.name} {how}")
    elif clock.due is not None and clock.breached is None:
        yield Entry(clock.due, "due", f"{clock.name} is due")


def _promise(target: Target) -> str:
    if target.seconds is None:
        return "no target"
    if target.business_hours:
        told = f"{hours_of(target.seconds)} of business time"
    else:
        told = span(target.seconds)
    return f"{told} ({target.policy})" if target.policy else told
