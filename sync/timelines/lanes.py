"""Clocks put into lanes, one a metric, and how each lane stands in two short lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sync.timelines.story import ClockLine, Story
from sync.timelines.wording import day_and_time, hours_of, span, used_of

SECTIONS = {
    "zendesk": "SLA POLICIES",
    "desk": "THE DESK'S OWN CLOCKS",
    "regulation": "REGULATION",
}


@dataclass(frozen=True, slots=True)
class Lane:
    """All instances of one metric; they follow each other."""

    source: str
    title: str
    clocks: Sequence[ClockLine]

    @property
    def counts(self) -> bool:
        """Tell whether a clock here has a target, or should have one that nobody knows."""
        return any(clock.counts for clock in self.clocks)

    @property
    def name(self) -> str:
        """Return the title, with how many clocks there are."""
        return self.title if len(self.clocks) == 1 else f"{self.title} × {len(self.clocks)}"

    @property
    def promise(self) -> str:
        """Return the newest target and whose policy it is."""
        newest = next((each for each in reversed(self.clocks) if each.target is not None), None)
        if newest is None or newest.target is None:
            return ""
        told = (
            f"{hours_of(newest.target)} business" if newest.business_hours else span(newest.target)
        )
        return " · ".join(part for part in (told, newest.priority, newest.policy) if part)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lane stands: a line in the colour of its style, and a quieter one."""

    style: str
    line: str
    more: str


def lanes(story: Story) -> list[Lane]:
    """Return the clocks by source and metric: those with a target first, else as they came."""
    found = [
        Lane(source, title, list(clocks))
        for (source, title), clocks in groupby(
            story.clocks, key=lambda one: (one.source, one.title)
        )
    ]
    return sorted(found, key=lambda lane: (_place(lane.source), not lane.counts))


def _place(source: str) -> int:
    order = list(SECTIONS)
    return order.index(source) if source in order else len(order)


def standing(lane: Lane) -> Standing:
    """Say how a lane stands: its clock, or its clocks together and the last of them."""
    if len(lane.clocks) == 1:
        return _of_one(lane.clocks[0])
    counted = [clock for clock in lane.clocks if clock.target is not None]
    missed = sum(clock.breached is not None for clock in counted)
    told = ", ".join(_counts(lane.clocks))
    last = _of_one(lane.clocks[-1])
    met = any(_way(clock) == "met" for clock in counted)
    style = "bad" if missed else "good" if met else "open" if lane.counts else "small"
    return Standing(style, told, f"last: {last.line}" if counted else "")


def _counts(clocks: Sequence[ClockLine]) -> Iterator[str]:
    ways = [_way(clock) for clock in clocks]
    for way in ("met", "breached", "open", "unknown", "no target"):
        if way in ways:
            yield f"{ways.count(way)} {way}"


def _way(clock: ClockLine) -> str:
    if clock.is_unknown:
        return "unknown"
    if clock.target is None:
        return "no target"
    if clock.breached is not None:
        return "breached"
    return "open" if clock.ended is None else "met"


def _of_one(clock: ClockLine) -> Standing:
    if clock.is_unknown or clock.elapsed is None:
        return Standing("open", "unknown", "")
    if clock.target is None:
        going = {"active": ", runs", "paused": ", paused"}.get(clock.state, "")
        return Standing("small", f"{span(clock.elapsed)}{going}", "")
    used = used_of(clock.elapsed, clock.target, business_hours=clock.business_hours)
    if clock.breached is not None:
        runs = {"active": ", still runs", "paused": ", paused"}.get(clock.state, "")
        return Standing("bad", used, f"breached {day_and_time(clock.breached)}{runs}")
    if clock.ended is not None:
        return Standing("good", used, f"met {day_and_time(clock.ended)}")
    if clock.state == "paused":
        return Standing("open", used, "paused: no deadline meanwhile")
    due = "never: the schedule does not open" if clock.due is None else day_and_time(clock.due)
    return Standing("open", used, f"due {due}")
