"""Where everything in the picture stands: panels in three columns, cards in panels, lines between.

Every relation is drawn like a line of a metro map. All columns that hold the id of one table meet
on one vertical line beside the cards, and that line ends at the table. So lines never run through
cards, and a table with many relations does not become a knot. Tables in the two outer columns of
the picture are too far from each other for a line; their relations are only named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Table

from sync.warehouse.picture.relations import Relation, relations_of

CHARACTER = 6.35  # width of one character of the rows' font
HEAD, ROW, FOOT = 24, 16, 17  # heights inside a card
PADDING, GAP = 12, 12  # around cards in a panel, between cards
PANEL_HEAD, PANEL_GAP = 30, 22
LANE, LANE_MARGIN = 9, 14
TOP, EDGE = 84, 20


@dataclass(frozen=True, slots=True)
class Panel:
    """A group of tables that belong together; `column` counts from the left."""

    title: str
    column: int
    tables: Sequence[Table]


@dataclass(slots=True)
class Card:
    """One table with its key and its relations; positions are those of its upper left corner."""

    table: Table
    panel: int
    column: int
    rows: list[tuple[str, str]]  # column and the table it points to, "" for a plain key
    hidden: int
    x: float = 0
    y: float = 0
    width: float = 0

    @property
    def height(self) -> float:
        """Return the height that head, rows and the count of other columns take."""
        return HEAD + ROW * len(self.rows) + (FOOT if self.hidden else 6)

    def row_y(self, place: int) -> float:
        """Return the middle of a row."""
        return self.y + HEAD + ROW * place + ROW / 2 + 2

    @property
    def head_y(self) -> float:
        """Return the middle of the head, where lines arrive."""
        return self.y + HEAD / 2


@dataclass(slots=True)
class Line:
    """One vertical line and what meets on it: from cards' edges at `joins` to `target`."""

    target: str
    gutter: int
    end: tuple[float, float]
    joins: list[tuple[float, float]] = field(default_factory=list)
    lane: int = 0
    x: float = 0

    @property
    def span(self) -> tuple[float, float]:
        """Return the highest and the lowest point."""
        heights = [self.end[1], *(y for _, y in self.joins)]
        return min(heights), max(heights)


@dataclass(slots=True)
class Frame:
    """The box of a panel."""

    title: str
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Picture:
    """Everything with its place; the size is in the same unit."""

    frames: list[Frame]
    cards: list[Card]
    lines: list[Line]
    width: float
    height: float


def arrange(panels: Sequence[Panel]) -> Picture:
    """Return the places of all panels, cards and lines."""
    cards = _cards(panels)
    by_name = {str(card.table.name): card for card in cards}
    columns = max(panel.column for panel in panels) + 1
    gutters = _lanes_a_gutter(by_name, columns)
    widths = [_width(card for card in cards if card.column == n) for n in range(columns)]
    lefts: list[float] = []
    right: float = EDGE + gutters[0] * LANE + (LANE_MARGIN if gutters[0] else 0)
    for width, lanes in zip(widths, gutters[1:], strict=True):
        lefts.append(right)
        right += width + lanes * LANE + 2 * LANE_MARGIN
    frames = _stack(panels, cards, lefts, widths)
    lines = _lines(by_name)
    _place_lanes(lines, lefts, widths)
    last = lefts[-1] + widths[-1] + (gutters[-1] * LANE + LANE_MARGIN if gutters[-1] else 0)
    return Picture(frames, cards, lines, last + EDGE, max(f.y + f.height for f in frames) + EDGE)


def _cards(panels: Sequence[Panel]) -> list[Card]:
    known = {str(table.name) for panel in panels for table in panel.tables}
    return [
        _card(table, number, panel.column, list(relations_of(table, known)))
        for number, panel in enumerate(panels)
        for table in panel.tables
    ]


def _card(table: Table, panel: int, column: int, relations: Sequence[Relation]) -> Card:
    targets = {one.column: one.target for one in relations}
    keys = [str(one.name) for one in table.primary_key.columns]
    others = [name for name in targets if name not in keys]
    rows = [(name, targets.get(name, "")) for name in (*keys, *others)]
    return Card(table, panel, column, rows, hidden=len(table.columns) - len(rows))


def _width(cards: Iterable[Card]) -> float:
    """Return the width of a column of panels: the longest row or name decides."""
    longest = 24.0
    for card in cards:
        rows = [len(name) + len(target) + (4 if target else 5) for name, target in card.rows]
        longest = max(longest, *rows, len(card.table.name) * 1.3 + 1)
    return longest * CHARACTER + 2 * PADDING + 16


def _stack(
    panels: Sequence[Panel], cards: Sequence[Card], lefts: Sequence[float], widths: Sequence[float]
) -> list[Frame]:
    """Give cards and panels their places, column by column from the top."""
    below = dict.fromkeys(range(len(lefts)), float(TOP))
    frames = []
    for number, panel in enumerate(panels):
        top = y = below[panel.column]
        y += PANEL_HEAD
        for card in (one for one in cards if one.panel == number):
            card.x, card.y = lefts[panel.column] + PADDING, y
            card.width = widths[panel.column] - 2 * PADDING
            y += card.height + GAP
        y += PADDING - GAP
        frames.append(Frame(panel.title, lefts[panel.column], top, widths[panel.column], y - top))
        below[panel.column] = y + PANEL_GAP
    return frames


def _gutter(source: int, target: int) -> int | None:
    """Return the space a line runs in: n is left of column n. None: no line is drawn."""
    if source == target:
        return 0 if source == 0 else source + 1
    return max(source, target) if abs(source - target) == 1 else None


def _lines(by_name: Mapping[str, Card]) -> list[Line]:
    found: dict[tuple[int, str], Line] = {}
    for card in by_name.values():
        for place, (_, name) in enumerate(card.rows):
            target = by_name.get(name)
            gutter = _gutter(card.column, target.column) if target else None
            if target is None or target is card or gutter is None:
                continue
            line = found.setdefault(
                (gutter, name), Line(name, gutter, (_edge(target, gutter), target.head_y))
            )
            line.joins.append((_edge(card, gutter), card.row_y(place)))
    _share_lanes(list(found.values()))
    return list(found.values())


def _edge(card: Card, gutter: int) -> float:
    """Return the side of a card that looks at a gutter."""
    return card.x if gutter == card.column else card.x + card.width


def _share_lanes(lines: Sequence[Line]) -> None:
    """Let lines that are not beside each other share a lane; short lines stay near the cards."""
    taken: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for line in sorted(lines, key=lambda one: (one.span[1] - one.span[0], one.target)):
        top, bottom = line.span
        lane = 0
        while any(
            top <= end + ROW and start - ROW <= bottom
            for start, end in taken.get((line.gutter, lane), ())
        ):
            lane += 1
        line.lane = lane
        taken.setdefault((line.gutter, lane), []).append((top, bottom))


def _lanes_a_gutter(by_name: Mapping[str, Card], columns: int) -> list[int]:
    """Count the lanes each gutter needs; heights do not depend on widths, so they are known."""
    below = dict.fromkeys(range(columns), 0.0)
    panel = -1
    for card in by_name.values():
        below[card.column] += PANEL_HEAD + PANEL_GAP + PADDING if card.panel != panel else 0
        panel, card.y = card.panel, below[card.column]
        below[card.column] += card.height + GAP
    counts = [0] * (columns + 1)
    for line in _lines(by_name):
        counts[line.gutter] = max(counts[line.gutter], line.lane + 1)
    return counts


def _place_lanes(lines: Sequence[Line], lefts: Sequence[float], widths: Sequence[float]) -> None:
    """Count lanes from the column whose tables most lines belong to."""
    for line in lines:
        distance = LANE_MARGIN + line.lane * LANE
        if line.gutter == 0:
            line.x = lefts[0] - distance
        else:
            line.x = lefts[line.gutter - 1] + widths[line.gutter - 1] + distance
