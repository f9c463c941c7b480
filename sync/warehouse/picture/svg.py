"""Draws the arranged picture as SVG: light ground, dark text, one colour a target of relations."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from sync.warehouse.picture.layout import (
    HEAD,
    ROW,
    Card,
    Frame,
    Line,
    Panel,
    Picture,
    arrange,
)

# Dark enough to be read on white (contrast of 4.5 and more), different enough side by side.
COLOURS = (
    *("#1d4ed8", "#b45309", "#047857", "#7c3aed", "#be123c", "#0e7490", "#4d7c0f", "#a21caf"),
    *("#475569", "#713f12", "#4338ca", "#0f766e"),
)
TINTS = ("#e0ecff", "#e3f4ea", "#fdeed9", "#efe7fd", "#fde5ea", "#dff3f7", "#eef3d9", "#e9ecf1")
INK, QUIET, BORDER, GROUND = "#0f172a", "#5b6577", "#c3cad6", "#f6f8fb"
STYLE = f"""
  text {{ font-family: 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif; fill: {INK}; }}
  .row {{ font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 10.5px; }}
  .name {{ font-size: 12.5px; font-weight: 700; }}
  .panel {{ font-size: 13px; font-weight: 700; }}
  .title {{ font-size: 24px; font-weight: 700; }}
  .quiet {{ font-size: 10.5px; fill: {QUIET}; }}
  .told {{ font-size: 13px; fill: {QUIET}; }}
"""


def draw(panels: Sequence[Panel], views: Sequence[str]) -> str:
    """Return the picture of these tables, with the names of the views below them."""
    picture = arrange(panels)
    colours = _colours(picture.lines, picture.cards)
    below = _views(views, picture)
    height = picture.height + below[0]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {picture.width:.0f} {height:.0f}" '
        f'width="{picture.width:.0f}" height="{height:.0f}">',
        "<title>The tables of the warehouse and how they belong together</title>",
        f"<style>{STYLE}</style>",
        f'<rect width="100%" height="100%" fill="{GROUND}"/>',
        *_heading(len(picture.cards)),
        *(_frame(frame) for frame in picture.frames),
        *(part for line in picture.lines for part in _line(line, colours[line.target])),
        *(part for card in picture.cards for part in _card(card, colours)),
        *below[1],
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _colours(lines: Sequence[Line], cards: Sequence[Card]) -> Mapping[str, str]:
    """Give each target a colour that nothing beside it has, as long as there are enough.

    Beside it are the lines in its gutters and the names on the cards that point to it.
    """
    places: dict[str, set[object]] = {
        target: set() for card in cards for _, target in card.rows if target
    }
    weight: Counter[str] = Counter()
    for line in lines:
        places[line.target].add(line.gutter)
        weight[line.target] += len(line.joins)
    for card in cards:
        for _, target in card.rows:
            if target:
                places[target].add(str(card.table.name))
    chosen: dict[str, str] = {}
    for name in sorted(places, key=lambda name: (-weight[name], name)):
        beside = {colour for other, colour in chosen.items() if places[other] & places[name]}
        free = [colour for colour in COLOURS if colour not in beside]
        chosen[name] = (free or COLOURS)[0]
    return chosen


def _heading(tables: int) -> Iterator[str]:
    yield _text(20, 40, "The warehouse", "title")
    told = (
        f"{tables} tables with their keys and relations. "
        "A line leads from a column to the table whose id it holds."
    )
    yield _text(20, 62, told, "told")


def _frame(frame: Frame) -> str:
    box = _box(frame.x, frame.y, frame.width, frame.height, fill="#ffffff", radius=10)
    return box + _text(frame.x + 13, frame.y + 20, frame.title, "panel")


def _card(card: Card, colours: Mapping[str, str]) -> Iterator[str]:
    tint = TINTS[card.panel % len(TINTS)]
    yield _box(card.x, card.y, card.width, card.height, fill="#ffffff", radius=6)
    yield (
        f'<path d="M{card.x:.1f} {card.y + HEAD:.1f}v{6 - HEAD}q0 -6 6 -6h{card.width - 12:.1f}'
        f'q6 0 6 6v{HEAD - 6}z" fill="{tint}" stroke="{BORDER}"/>'
    )
    yield _text(card.x + 8, card.y + 16.5, str(card.table.name), "name")
    keys = {str(one.name) for one in card.table.primary_key.columns}
    for place, (name, target) in enumerate(card.rows):
        y = card.row_y(place) + 3.5
        weight = ' font-weight="700"' if name in keys else ""
        yield _text(card.x + 8, y, name, "row", weight)
        if target:
            style = f' text-anchor="end" style="fill:{colours[target]}"'
            yield _text(card.x + card.width - 8, y, f"→ {target}", "row", style)
        else:
            yield _text(card.x + card.width - 8, y, "key", "quiet", ' text-anchor="end"')
    if card.hidden:
        more = f"and {card.hidden} more column{'s' if card.hidden > 1 else ''}"
        yield _text(card.x + 8, card.y + card.height - 6, more, "quiet")


def _line(line: Line, colour: str) -> Iterator[str]:
    top, bottom = line.span
    yield (
        f'<path d="M{line.x:.1f} {top:.1f}V{bottom:.1f}" stroke="{colour}" '
        'stroke-width="1.6" stroke-linecap="round"/>'
    )
    x, y = line.end
    side = 1 if x > line.x else -1
    yield (
        f'<path d="M{line.x:.1f} {y:.1f}H{x - 5 * side:.1f}" stroke="{colour}" stroke-width="1.6"/>'
        f'<path d="M{x:.1f} {y:.1f}l{-7 * side} -4v8z" fill="{colour}"/>'
    )
    for edge, height in line.joins:
        yield (
            f'<path d="M{edge:.1f} {height:.1f}H{line.x:.1f}" stroke="{colour}" stroke-width="1"/>'
            f'<circle cx="{line.x:.1f}" cy="{height:.1f}" r="2.4" fill="{colour}"/>'
        )


def _views(names: Sequence[str], picture: Picture) -> tuple[float, list[str]]:
    """Return the panel of the views and the height it adds."""
    if not names:
        return 0, []
    columns, left, top = 4, picture.frames[0].x, picture.height
    width = max(frame.x + frame.width for frame in picture.frames) - left
    lines = -(-len(names) // columns)
    height = 34 + lines * (ROW + 2) + 10
    parts = [_frame(Frame("Views: questions that are answered already", left, top, width, height))]
    for place, name in enumerate(sorted(names)):
        column, line = divmod(place, lines)
        x = left + 14 + column * (width - 20) / columns
        parts.append(_text(x, top + 44 + line * (ROW + 2), name, "row"))
    return height + 20, parts


def _box(x: float, y: float, width: float, height: float, *, fill: str, radius: int) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'rx="{radius}" fill="{fill}" stroke="{BORDER}"/>'
    )


def _text(x: float, y: float, text: str, kind: str, extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}"{extra}>{escape(text)}</text>'
