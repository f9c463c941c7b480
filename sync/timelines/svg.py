"""The few SVG elements a timeline is drawn with; every text is escaped here and nowhere else."""

from xml.sax.saxutils import escape, quoteattr

from integrations.runtime.inert import readable

LONGEST = 400  # letters of a text; nothing that people read in a picture is longer
_WIDE_FROM = "\u1100"  # Chinese, Japanese and Korean signs are as wide as high
WIDTHS = {"narrow": "iIljft.,:;'|!()[] ", "wide": "mwMW@%—"}


def number(value: float) -> str:
    """Return a coordinate with one decimal at most, so that pictures are the same everywhere."""
    return f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, words: str, style: str = "", **attributes: str) -> str:
    """Return a line of text; attributes are written with `-` for `_`."""
    extra = _attributes(attributes)
    told = escape(readable(words, limit=LONGEST))
    return f'<text x="{number(x)}" y="{number(y)}" class="{style}"{extra}>{told}</text>'


def rect(
    x: float, y: float, width: float, height: float, style: str, *, tip: str = "", radius: float = 0
) -> str:
    """Return a rectangle, with a sentence that browsers show when the pointer rests on it."""
    corner = f' rx="{number(radius)}"' if radius else ""
    box = (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(width, 0.8))}" '
        f'height="{number(height)}" class="{style}"{corner}'
    )
    return f"{box}>{_tip(tip)}</rect>" if tip else f"{box}/>"


def path(shape: str, style: str, *, tip: str = "") -> str:
    """Return a path."""
    return f'<path d="{shape}" class="{style}">{_tip(tip)}</path>'


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    """Return a straight line."""
    ends = zip(("x1", "y1", "x2", "y2"), (x1, y1, x2, y2), strict=True)
    told = " ".join(f'{name}="{number(value)}"' for name, value in ends)
    return f'<line {told} class="{style}"/>'


def width_of(words: str, size: float) -> float:
    """Estimate how wide a text is, a little too wide rather than too narrow."""
    units = sum(_units(sign) for sign in words)
    return units * size


def fitted(words: str, size: float, room: float) -> str:
    """Return the text, cut with an ellipsis so that it is not wider than its room."""
    shown = readable(words, limit=LONGEST)
    if width_of(shown, size) <= room:
        return shown
    while shown and width_of(f"{shown}…", size) > room:
        shown = shown[:-1]
    return f"{shown.rstrip()}…" if shown else ""


def _units(sign: str) -> float:
    if sign >= _WIDE_FROM and sign not in "…–—·−":
        return 1.05
    if sign in WIDTHS["narrow"]:
        return 0.34
    return 0.95 if sign in WIDTHS["wide"] else 0.6


def _tip(words: str) -> str:
    return f"<title>{escape(readable(words, limit=LONGEST))}</title>"


def _attributes(attributes: dict[str, str]) -> str:
    pairs = ((name.replace("_", "-"), value) for name, value in attributes.items())
    return "".join(f" {name}={quoteattr(value)}" for name, value in pairs)
