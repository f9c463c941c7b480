"""Seconds since 1970 as people and machines read them; quick, for there are many."""

from functools import lru_cache

from sync.sla.schedules import DAY, to_instant


def written(second: int) -> str:
    """Return an instant as Zendesk writes it: 2026-03-02T09:00:00Z."""
    day, rest = divmod(second, DAY)
    return f"{_date(day)}T{_time(rest)}Z"


def told(second: int) -> str:
    """Return an instant as people read it: 2026-03-02 09:00:00 UTC."""
    day, rest = divmod(second, DAY)
    return f"{_date(day)} {_time(rest)} UTC"


@lru_cache(maxsize=4096)
def _date(day: int) -> str:
    return f"{to_instant(day * DAY):%Y-%m-%d}"


def _time(rest: int) -> str:
    minutes, seconds = divmod(rest, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{_TWO[hours]}:{_TWO[minutes]}:{_TWO[seconds]}"


_TWO = tuple(f"{number:02}" for number in range(60))
