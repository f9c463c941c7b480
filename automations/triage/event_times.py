"""Tells whether a complaint speaks of something that happened within the last day.

People write "two hours ago", "昨晚" or a date. Each is read as the latest moment that it can mean:
a trace that is looked for in vain costs less than one that is not looked for.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from automations.triage.context import Context

_DATE: Final = re.compile(
    r"(20\d\d)[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?(?:[ t](\d{1,2}):(\d{2}))?"
)
_CHINESE_DAY: Final = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/((?:20)?\d\d)(?!\d)")
_AGO: Final = re.compile(
    r"\b(an?|one|two|three|four|five|six|few|a few|\d{1,3}) (min(?:ute)?s?|hours?|hrs?|days?) ago"
    r"|(?<!\d)(\d{1,3})(分钟|个?小时|天)前"
)
_NUMBERS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_FEW: Final = 3
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "分": "minutes", "天": "days"}
_TODAY: Final = re.compile(
    r"\b(?:just now|moments ago|today|this (?:morning|afternoon|evening)|tonight|overnight)\b"
    r"|刚刚|刚才|今天|今日|今早|今晨|今晚|凌晨"
)
_LAST_NIGHT: Final = re.compile(r"\blast night\b|昨晚|昨夜")
_YESTERDAY: Final = re.compile(r"\byesterday\b|昨天|昨日")
_STEMS: Final = (
    *("ago", "today", "this ", "night", "yesterday", "just now", "20", "/", "月"),
    *("前", "刚", "今", "凌晨", "昨"),
)
_CLOCKS_APART: Final = timedelta(hours=14)  # the farthest that a customer's clock is ahead of UTC


def is_fresh(folded: str, context: Context, *, within: timedelta) -> str | None:
    """Return the words that put the event into the last hours; None when no words do.

    Without `now` words like "today" count as written today, and dates say nothing.
    """
    if not any(stem in folded for stem in _STEMS):
        return None
    written = context.written_at or context.now
    for words, latest in _events(folded, written):
        if latest is None or context.now is None:
            if latest is None or written is None:
                return words
        elif context.now - within < latest <= context.now + _CLOCKS_APART:
            return words
    return None


def _events(folded: str, written: datetime | None) -> Iterator[tuple[str, datetime | None]]:
    """Yield words with the latest moment that they mean; None: just now, whenever that is."""
    for match in _AGO.finditer(folded):
        age = _age(match)
        if written is not None:
            yield match[0], written - age
        elif age < timedelta(days=1):
            yield match[0], None
    if today := _TODAY.search(folded):
        yield today[0], written
    if night := _LAST_NIGHT.search(folded):
        yield night[0], written and _start_of_day(written) + timedelta(hours=6)
    if written is not None:
        if yesterday := _YESTERDAY.search(folded):
            yield yesterday[0], _start_of_day(written)
        yield from _dates(folded, written)


def _age(match: re.Match[str]) -> timedelta:
    word, unit = match[1] or match[3], match[2] or match[4]
    number = int(word) if word.isdigit() else _NUMBERS.get(word, _FEW)
    return timedelta(**{_UNITS.get(unit[0], "hours"): number})


def _dates(folded: str, written: datetime) -> Iterator[tuple[str, datetime]]:
    for match in _DATE.finditer(folded):
        year, month, day, hour, minute = (int(part) if part else None for part in match.groups())
        moment = _moment(year, month, day, hour, minute)
        yield from _named(match[0], [moment])
    for match in _CHINESE_DAY.finditer(folded):
        this_year = _moment(written.year, int(match[1]), int(match[2]))
        last_year = _moment(written.year - 1, int(match[1]), int(match[2]))
        is_future = this_year is not None and this_year - written > timedelta(days=2)
        yield from _named(match[0], [last_year if is_future else this_year])
    for match in _SLASHED.finditer(folded):
        year = int(match[3]) % 100 + 2000
        first, second = int(match[1]), int(match[2])
        yield from _named(match[0], [_moment(year, first, second), _moment(year, second, first)])


def _named(words: str, moments: Iterable[datetime | None]) -> Iterator[tuple[str, datetime]]:
    return ((words, moment) for moment in moments if moment is not None)


def _moment(
    year: int | None,
    month: int | None,
    day: int | None,
    hour: int | None = None,
    minute: int | None = None,
) -> datetime | None:
    """Return the moment; of a day without a time its end; None for a day that does not exist."""
    try:
        start = datetime(year or 1, month or 1, day or 1, hour or 0, minute or 0, tzinfo=UTC)
    except ValueError:
        return None
    return start if hour is not None else start + timedelta(days=1)


def _start_of_day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
