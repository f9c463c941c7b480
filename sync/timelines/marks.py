"""The small signs on a timeline: comments, breaches, ends and new targets."""

from sync.timelines.story import Voice
from sync.timelines.svg import number, path


def voice(x: float, y: float, who: Voice, tip: str = "") -> str:
    """Return the sign of a comment: a disc of the customer, a triangle of staff, a square note."""
    if who is Voice.CUSTOMER:
        return path(_disc(x, y, 4.5), "customer", tip=tip)
    if who is Voice.STAFF:
        shape = f"M{number(x - 5)} {number(y + 4)}h10l-5 -9z"
        return path(shape, "staff", tip=tip)
    return path(f"M{number(x - 3.5)} {number(y - 3.5)}h7v7h-7z", "note", tip=tip)


def breach(x: float, y: float, tip: str = "") -> str:
    """Return the sign of a breach: a cross on red."""
    cross = f"M{number(x - 2.7)} {number(y - 2.7)}l5.4 5.4m0 -5.4l-5.4 5.4"
    return path(_disc(x, y, 6.5), "breach", tip=tip) + path(cross, "sign")


def kept(x: float, y: float, tip: str = "") -> str:
    """Return the sign of an end in time: a tick on green."""
    tick = f"M{number(x - 3)} {number(y)}l2.2 2.4l3.8 -4.8"
    return path(_disc(x, y, 6.5), "kept", tip=tip) + path(tick, "sign")


def changed(x: float, y: float, tip: str = "") -> str:
    """Return the sign of a new target: a diamond."""
    return path(f"M{number(x)} {number(y - 5)}l4.5 5l-4.5 5l-4.5 -5z", "changed", tip=tip)


def _disc(x: float, y: float, radius: float) -> str:
    arc = f"a{number(radius)} {number(radius)} 0 1 0"
    wide = number(2 * radius)
    return f"M{number(x - radius)} {number(y)}{arc} {wide} 0{arc} -{wide} 0z"
