"""Instants and durations as a timeline writes them."""

from datetime import UTC, datetime

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def span(seconds: int) -> str:
    """Return a duration in its two largest units, rounded down; a minus sign before a debt."""
    sign, rest = ("−", -seconds) if seconds < 0 else ("", seconds)
    parts: list[str] = []
    for unit, size in _UNITS:
        amount, rest = divmod(rest, size)
        if amount:
            parts.append(f"{amount} {unit}")
    return sign + (" ".join(parts[:2]) or "0 s")


def used_of(elapsed: int, target: int, *, business_hours: bool) -> str:
    """Return `42 min of 1 h`; business time is told in hours, for its days are no days."""
    told = hours_of if business_hours else span
    return f"{told(elapsed)} of {told(target)}"


def hours_of(seconds: int) -> str:
    """Return a duration whose largest unit is the hour."""
    sign, rest = ("−", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(rest, 3600)
    if not hours:
        return sign + span(rest)
    minutes = rest // 60
    return f"{sign}{hours} h" + (f" {minutes} min" if minutes else "")


def day(at: int) -> str:
    """Return the day of an instant, `Mon 2 Mar`."""
    moment = _moment(at)
    return f"{DAYS[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1]}"


def clock_time(at: int) -> str:
    """Return the time of day, `09:14`; UTC."""
    return f"{_moment(at):%H:%M}"


def day_and_time(at: int) -> str:
    """Return `2 Mar 09:14`; UTC."""
    moment = _moment(at)
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment:%H:%M}"


def full_time(at: int) -> str:
    """Return `2026-03-02 09:14`; UTC."""
    return f"{_moment(at):%Y-%m-%d %H:%M}"


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
