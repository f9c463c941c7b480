"""Draws one lane of clocks: business hours behind it, bars, breaches, ends and new targets."""

from collections.abc import Iterator

from sync.timelines import marks
from sync.timelines.lanes import Lane, standing
from sync.timelines.scale import Scale
from sync.timelines.segments import Stretch, segments
from sync.timelines.story import ClockLine, Story, Target
from sync.timelines.style import BAR, LEFT, MARGIN, RIGHT, SIDE, WIDTH
from sync.timelines.svg import fitted, line, number, path, rect, text, width_of
from sync.timelines.wording import day_and_time, hours_of, span

STYLES = {
    Stretch.RUNNING: "running",
    Stretch.LATE: "late",
    Stretch.PAUSED: "paused",
    Stretch.SOLVED: "solved",
    Stretch.AHEAD: "ahead",
}
BOLD = 14  # bold letters are wider than their size
AT_ONCE_SECONDS = 300  # a first target that came later came late
THIN = 6  # a stretch in which the clock stands still while the ticket is solved


def draw(lane: Lane, story: Story, scale: Scale, top: float, height: float) -> Iterator[str]:
    """Yield the parts of a lane from its upper edge on."""
    yield line(MARGIN, top, WIDTH - MARGIN, top, "rule")
    for clock in lane.clocks:
        if clock.business_hours and clock.started is not None:
            yield _closed(clock, clock.started, story, scale, top + 2, height - 4)
    if lane.counts:
        yield from _named(lane, top)
    else:
        yield text(MARGIN, top + 16, fitted(lane.name, 12, LEFT - MARGIN - 10), "quietname")
        yield text(SIDE, top + 16, fitted(standing(lane).line, 11, WIDTH - SIDE - 8), "small")
    middle = top + height / 2
    for clock in lane.clocks:
        yield from _bar(clock, story, scale, middle)
    for clock in lane.clocks:
        yield from _signs(clock, scale, middle)
    unknown = next((clock for clock in lane.clocks if clock.is_unknown), None)
    if unknown:
        told = fitted(unknown.explanation, 11, RIGHT - LEFT - 16)
        yield text(LEFT + 8, middle + 4, told, "small")


def _named(lane: Lane, top: float) -> Iterator[str]:
    told = standing(lane)
    room = WIDTH - SIDE - 8
    yield text(MARGIN, top + 23, fitted(lane.name, BOLD, LEFT - MARGIN - 10), "name")
    yield text(MARGIN, top + 39, fitted(lane.promise, 11, LEFT - MARGIN - 10), "small")
    yield text(SIDE, top + 23, fitted(told.line, BOLD, room), told.style)
    yield text(SIDE, top + 39, fitted(told.more, 11, room), "small")


def _closed(
    clock: ClockLine, started: int, story: Story, scale: Scale, top: float, height: float
) -> str:
    """Return the time outside business hours while the clock lasts, in one path."""
    end = clock.ended or max(clock.due or 0, story.now)
    edges = [started, *(at for opening in clock.openings for at in opening), end]
    shape = []
    for since, until in zip(edges[::2], edges[1::2], strict=True):
        left, right = scale.place(since), scale.place(until)
        if right - left > 0.2:  # noqa: PLR2004 - a fifth of a point cannot be seen
            shape.append(
                f"M{number(left)} {number(top)}h{number(right - left)}v{number(height)}"
                f"h{number(left - right)}z"
            )
    return path("".join(shape), "closed", tip="outside business hours")


def _bar(clock: ClockLine, story: Story, scale: Scale, middle: float) -> Iterator[str]:
    for part in segments(clock, story):
        left, right = scale.place(part.since), scale.place(part.until)
        thin = clock.target is None or part.kind is Stretch.SOLVED
        height = THIN if thin else BAR
        lasts = f"{day_and_time(part.since)} to {day_and_time(part.until)}"
        style = STYLES[part.kind]
        if clock.target is None and part.kind in {Stretch.RUNNING, Stretch.LATE}:
            style = "untargeted"
        if part.kind is Stretch.SOLVED:
            yield line(left, middle, right, middle, style)
        else:
            yield rect(
                left,
                middle - height / 2,
                right - left,
                height,
                style,
                tip=f"{clock.name}: {part.kind}, {lasts}",
                radius=2,
            )


def _signs(clock: ClockLine, scale: Scale, middle: float) -> Iterator[str]:
    if clock.started is None:
        return
    name = clock.name
    yield from _new_targets(clock, clock.started, scale, middle - BAR / 2 - 6)
    if clock.due is not None and clock.breached is None and clock.ended is None:
        x = scale.place(clock.due)
        if clock.due > scale.end:
            yield path(f"M{number(x - 7)} {number(middle - 5)}l6 5l-6 5", "duemark")
            return
        yield line(x, middle - BAR / 2 - 4, x, middle + BAR / 2 + 4, "duemark")
    if clock.breached is not None:
        yield marks.breach(
            scale.place(clock.breached), middle, f"{name}: breached {day_and_time(clock.breached)}"
        )
    elif clock.ended is not None and clock.target is not None:
        yield marks.kept(
            scale.place(clock.ended), middle, f"{name}: met {day_and_time(clock.ended)}"
        )


def _new_targets(clock: ClockLine, started: int, scale: Scale, height: float) -> Iterator[str]:
    """Yield a sign for each target that came later; its words only where they have room."""
    late = [
        target
        for place, target in enumerate(clock.targets)
        if place or target.at - started > AT_ONCE_SECONDS
    ]
    places = [scale.place(target.at) for target in late]
    for target, x, following in zip(late, places, [*places[1:], RIGHT], strict=False):
        told = _promise(target)
        tip = f"{clock.name}: {told} from {day_and_time(target.at)} on"
        yield marks.changed(x, height, f"{tip} ({target.policy or 'no policy'})")
        if x + 16 + width_of(told, 11) < following:
            yield text(x + 8, height + 3, told, "small")


def _promise(target: Target) -> str:
    if target.seconds is None:
        return "no target"
    return hours_of(target.seconds) if target.business_hours else span(target.seconds)
