"""Draws a ticket's timeline as SVG: the same bytes for the same ticket at the same moment."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from sync.timelines import clock_lane, marks
from sync.timelines.lanes import SECTIONS, lanes
from sync.timelines.scale import Scale, spaced
from sync.timelines.story import Band, ClockLine, Story, Voice, Word
from sync.timelines.style import (
    BAND,
    CLOCK,
    HATCH,
    LEFT,
    MARGIN,
    OTHER_STATUS,
    QUIET_CLOCK,
    RIGHT,
    SLIM,
    STATUS,
    STYLE,
    TOP,
    WIDTH,
)
from sync.timelines.svg import fitted, line, number, rect, text, width_of
from sync.timelines.wording import clock_time, day, day_and_time, full_time

APART = 80  # points between the labels of two instants
CROWDED = 7  # points between the lines of two midnights
BARS = (
    ("running", "in time"),
    ("late", "after the breach"),
    ("paused", "paused"),
    ("ahead", "left until due"),
    ("closed", "outside business hours"),
)
SIGNS = (
    (lambda x, y: marks.voice(x, y, Voice.CUSTOMER), "customer writes"),
    (lambda x, y: marks.voice(x, y, Voice.STAFF), "staff replies"),
    (lambda x, y: marks.voice(x, y, Voice.NOTE), "internal note"),
    (marks.kept, "met"),
    (marks.breach, "breached"),
    (marks.changed, "new target"),
)
SENTENCE_LETTERS = 175
MOST_SENTENCES = 30
INDENT = 18
DAY_SECONDS = 86_400


def draw(story: Story) -> str:
    """Return the timeline of a ticket as an SVG document."""
    scale = Scale(story.moments(), left=LEFT, right=RIGHT)
    rows, bottom = _rows(story, scale)
    told = list(_sentences(story, bottom + 30))
    height = bottom + 30 + 18 * len(told)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {number(height)}"'
        f' width="{WIDTH}" height="{number(height)}">',
        f"<title>Timeline of ticket {story.ticket_id}</title>",
        f"<style>{STYLE}</style>{HATCH}",
        rect(0, 0, WIDTH, height, "paper"),
        *_heading(story),
        *_axis(story, scale, bottom),
        *rows,
        *told,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def facts(story: Story) -> list[str]:
    """Return what is known of a ticket in a few words each."""
    newest = [bands[-1].value for bands in (story.priorities, story.groups) if bands]
    opened = f"created {full_time(story.created)}"
    asked = f"as of {full_time(story.now)}, all times UTC"
    return [story.status, *(one for one in newest if one), *story.marks, opened, asked]


def _heading(story: Story) -> Iterator[str]:
    yield text(MARGIN, 38, f"Ticket {story.ticket_id}", "title")
    told = fitted("  ·  ".join(facts(story)), 12.5, WIDTH - 2 * MARGIN)
    yield text(MARGIN, 60, told, "told")
    x = float(MARGIN)
    for style, meaning in BARS:
        yield rect(x, 78, 20, 10, style, radius=2)
        yield text(x + 26, 87, meaning, "small")
        x += 26 + width_of(meaning, 11) + 12
    for sign, meaning in SIGNS:
        yield sign(x + 6, 83)
        yield text(x + 17, 87, meaning, "small")
        x += 17 + width_of(meaning, 11) + 12


def _rows(story: Story, scale: Scale) -> tuple[list[str], float]:
    """Return all rows, and where they end."""
    parts = list(_status_row(story, scale, TOP))
    y = float(TOP + BAND)
    for name, bands in (("Priority", story.priorities), ("Group", story.groups)):
        if len(bands) > 1:
            parts += _plain_row(name, bands, story, scale, y)
            y += SLIM
    parts += _words_row(story.words, scale, y)
    y += BAND
    section = None
    for lane in lanes(story):
        if lane.source != section:
            section = lane.source
            parts.append(text(MARGIN, y + 20, SECTIONS.get(section, section.upper()), "section"))
            y += 28
        height = CLOCK if lane.counts else QUIET_CLOCK
        parts += clock_lane.draw(lane, story, scale, y, height)
        y += height
    return parts, y


def _status_row(story: Story, scale: Scale, top: float) -> Iterator[str]:
    yield text(MARGIN, top + 22, "Status", "name")
    for band in story.statuses:
        left, right = _edges(band, story, scale)
        colour = STATUS.get(band.value, OTHER_STATUS)
        tip = f"{band.value} from {day_and_time(band.since)} on"
        box = rect(left, top + 5, right - left, BAND - 10, "", tip=tip)
        yield box.replace(' class=""', f' fill="{colour}" stroke="#fff" stroke-width="1"', 1)
        if width_of(band.value, 11.5) < right - left - 8:
            style = "inpale" if band.value in {"closed", "deleted"} else "inband"
            yield text(left + 5, top + 21, band.value, style)


def _plain_row(
    name: str, bands: Sequence[Band], story: Story, scale: Scale, top: float
) -> Iterator[str]:
    yield text(MARGIN, top + 17, name, "quietname")
    for band in bands:
        left, right = _edges(band, story, scale)
        tip = f"{name}: {band.value or 'none'} from {day_and_time(band.since)} on"
        yield rect(left, top + 3, right - left - 1, SLIM - 6, "pale", tip=tip)
        told = fitted(band.value or "none", 11, right - left - 10)
        if told not in {"", "…"}:
            yield text(left + 5, top + 17, told, "small")


def _words_row(words: Sequence[Word], scale: Scale, top: float) -> Iterator[str]:
    yield text(MARGIN, top + 22, "Comments", "name")
    for word in words:
        tip = f"{word.voice}, {day_and_time(word.at)}"
        yield marks.voice(scale.place(word.at), top + BAND / 2, word.voice, tip)


def _edges(band: Band, story: Story, scale: Scale) -> tuple[float, float]:
    until = story.last_change if band.until is None else band.until
    return scale.place(band.since), scale.place(until)


def _axis(story: Story, scale: Scale, bottom: float) -> Iterator[str]:
    """Yield the instants on top and a line down from each: the ends, days, and what happened."""
    shows_now = story.now < story.end
    taken = [scale.place(story.now)] if shows_now else []
    midnights = [(scale.place(at), at) for at in scale.midnights()]
    for x, _ in spaced(midnights, apart=CROWDED):
        yield line(x, TOP, x, bottom, "midnight")
    if shows_now:
        yield line(taken[0], TOP - 4, taken[0], bottom, "nowline")
        yield text(taken[0], TOP - 22, "now", "now", text_anchor="middle")
        yield text(taken[0], TOP - 9, clock_time(story.now), "now", text_anchor="middle")
    wanted = [(scale.place(at), at) for at in story.landmarks()]
    for x, at in spaced(wanted, apart=APART, taken=taken):
        yield line(x, TOP - 4, x, bottom, "grid")
        yield text(x, TOP - 22, day(at), "day", text_anchor="middle")
        if at % DAY_SECONDS:
            yield text(x, TOP - 9, clock_time(at), "hour", text_anchor="middle")


def _sentences(story: Story, top: float) -> Iterator[str]:
    """Yield what each clock with a target says, in lines that fit."""
    counted = [clock for lane in lanes(story) for clock in lane.clocks if clock.counts]
    lines = [part for clock in counted[:MOST_SENTENCES] for part in _wrapped(clock)]
    if len(counted) > MOST_SENTENCES:
        lines.append((0, f"and {len(counted) - MOST_SENTENCES} clocks more"))
    for place, (indent, told) in enumerate(lines):
        yield text(MARGIN + indent, top + 18 * place, told, "sentence")


def _wrapped(clock: ClockLine) -> list[tuple[int, str]]:
    """Return a clock's sentence as lines, each with how far it is moved to the right."""
    told = wrap(clock.sentence, SENTENCE_LETTERS)
    return [(INDENT if place else 0, line) for place, line in enumerate(told)]
