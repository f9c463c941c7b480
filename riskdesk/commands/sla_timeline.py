"""A ticket's timeline in the terminal: bands, comments and clocks in lines, then what happened."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from integrations.runtime.inert import readable
from sync.timelines.chronicle import Entry, chronicle
from sync.timelines.lanes import Lane, lanes, standing
from sync.timelines.picture import facts
from sync.timelines.scale import Scale, spaced
from sync.timelines.segments import Stretch, segments
from sync.timelines.story import Band, Story, Voice
from sync.timelines.wording import clock_time, day, full_time

LABEL = 24  # columns of the names on the left
APART = 12  # columns between the labels of two instants
LONGEST_NAME = 60
MOST_MOMENTS = 60
STATUS = {
    "new": "black on yellow",
    "open": "white on red",
    "pending": "white on blue",
    "hold": "white on bright_black",
    "solved": "black on green",
    "closed": "black on white",
}
VOICES = {Voice.CUSTOMER: ("●", "blue"), Voice.STAFF: ("▲", "green"), Voice.NOTE: ("▫", "white")}
LINES = {
    Stretch.RUNNING: ("━", "green"),
    Stretch.LATE: ("▬", "red"),
    Stretch.PAUSED: ("┄", "bright_black"),
    Stretch.SOLVED: ("·", "bright_black"),
    Stretch.AHEAD: ("╌", "green"),
}
COLOURS = {"good": "green", "bad": "red", "open": "default", "small": "bright_black"}
KINDS = {
    "creation": "bold",
    "comment": "cyan",
    "ticket": "bold",
    "clock": "default",
    "breach": "bold red",
    "due": "yellow",
}


def timeline(story: Story, *, width: int) -> RenderableType:
    """Return the whole timeline for a terminal of so many columns."""
    room = max(width - LABEL - 1, 20)
    scale = Scale(story.moments(), left=0, right=room - 1)
    return Group(*_heading(story), *_lines(story, scale, room), Text(), *_told(story))


def _heading(story: Story) -> Iterator[Text]:
    yield Text(f"Ticket {story.ticket_id}", style="bold")
    shown = (readable(fact, limit=LONGEST_NAME) for fact in facts(story))
    yield Text(" · ".join(shown), style="bright_black")
    yield Text()


def _lines(story: Story, scale: Scale, room: int) -> Iterator[Text]:
    yield from _axis(story, scale, room)
    yield _line("Status", _bands(story, story.statuses, scale, room))
    for name, bands in (("Priority", story.priorities), ("Group", story.groups)):
        if len(bands) > 1:
            yield _line(name, _bands(story, bands, scale, room))
    said = Text(" " * room)
    for word in story.words:
        sign, style = VOICES[word.voice]
        said = _put(said, round(scale.place(word.at)), sign, style)
    yield _line("Comments", said)
    for lane in lanes(story):
        if lane.counts:
            yield _line(lane.name, _bar(lane, story, scale, room))
            told = standing(lane)
            more = f"; {told.more}" if told.more else ""
            note = Text(readable(f"{told.line}{more}", limit=room), style=COLOURS[told.style])
            yield Text(" " * LABEL).append_text(note)


def _axis(story: Story, scale: Scale, room: int) -> Iterator[Text]:
    """Yield two lines of labels: days, and below them times of day; the present is marked."""
    days, times = Text(" " * room), Text(" " * room)
    taken = []
    if story.now < story.end:
        taken = [scale.place(story.now)]
        days = _put(days, round(taken[0]), "now", "bold blue")
        times = _put(times, round(taken[0]), clock_time(story.now), "blue")
    wanted = [(scale.place(at), at) for at in story.landmarks()]
    for place, at in spaced(wanted, apart=APART, taken=taken):
        x = min(round(place), room - len(day(at)))
        days = _put(days, x, day(at), "bold")
        times = _put(times, x, clock_time(at), "bright_black")
    yield _line("", days)
    yield _line("UTC", times)


def _bands(story: Story, bands: Sequence[Band], scale: Scale, room: int) -> Text:
    """Return a line of names, each in its own stretch; a stretch is never without a letter."""
    drawn = Text(" " * room)
    for place, band in enumerate(bands):
        until = story.last_change if band.until is None else band.until
        left, right = round(scale.place(band.since)), round(scale.place(until))
        size = max(right - left, 1)
        name = readable(band.value or "none", limit=LONGEST_NAME)
        style = STATUS.get(band.value, ("on grey23", "on grey37")[place % 2])
        drawn = _put(drawn, left, name[:size].ljust(size), style)
    return drawn


def _bar(lane: Lane, story: Story, scale: Scale, room: int) -> Text:
    drawn = Text(" " * room)
    for clock in lane.clocks:
        for part in segments(clock, story):
            sign, style = LINES[part.kind]
            left, right = round(scale.place(part.since)), round(scale.place(part.until))
            drawn = _put(drawn, left, sign * max(right - left, 1), style)
    for clock in lane.clocks:
        if clock.breached is not None:
            drawn = _put(drawn, round(scale.place(clock.breached)), "✗", "bold red")
        elif clock.ended is not None:
            drawn = _put(drawn, round(scale.place(clock.ended)), "✓", "bold green")
        elif clock.due is not None:
            drawn = _put(drawn, round(scale.place(clock.due)), "▏", "bold")
    return drawn


def _told(story: Story) -> Iterator[RenderableType]:
    moments = [list(entries) for _, entries in groupby(chronicle(story), key=attrgetter("at"))]
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for entries in moments[:MOST_MOMENTS]:
        grid.add_row(full_time(entries[0].at), Text("; ").join(map(_entry, entries)))
    yield grid
    if len(moments) > MOST_MOMENTS:
        yield Text(f"… and {len(moments) - MOST_MOMENTS} moments more; --json has them all")
    yield Text()
    for clock in (each for lane in lanes(story) for each in lane.clocks if each.counts):
        yield Text(readable(clock.sentence, limit=1000))


def _entry(entry: Entry) -> Text:
    return Text(readable(entry.told, limit=200), style=KINDS[entry.kind])


def _line(name: str, drawn: Text) -> Text:
    label = readable(name, limit=LABEL - 1).ljust(LABEL)
    line = Text(label, no_wrap=True, end="\n", overflow="crop").append_text(drawn)
    line.rstrip()
    return line


def _put(drawn: Text, place: int, words: str, style: str) -> Text:
    """Return the line with these letters at a place, in the place of what was there."""
    place = max(place, 0)
    words = words[: len(drawn) - place]
    return Text.assemble(drawn[:place], (words, style), drawn[place + len(words) :])
