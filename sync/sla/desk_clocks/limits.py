"""Time limits as people write them: `15 min`, `3 business days`, `8 weeks`, `2 months`."""

import calendar
import re
from datetime import date
from enum import StrEnum

import msgspec

MINUTE, HOUR = 60, 3600
_WRITTEN = re.compile(r"([1-9][0-9]{0,4}) (min|h|business days?|days?|weeks?|months?)")
_WEEK = 7
_MONTHS_A_YEAR = 12


class Unit(StrEnum):
    """What a limit counts; all but seconds end with a day."""

    SECONDS = "seconds"
    BUSINESS_DAYS = "business days"
    DAYS = "days"
    MONTHS = "months"


class Limit(msgspec.Struct, frozen=True):
    """So many seconds, or so many days of a kind, the day after receipt being day one."""

    amount: int
    unit: Unit

    def last_day(self, received: int) -> int:
        """Return the last day of a limit in calendar days or months; days are ordinals.

        Months end on the day of the same number, or on the month's last day where it is missing.
        """
        if self.unit is Unit.MONTHS:
            return _months_later(received, self.amount)
        return received + self.amount


def read_limit(text: str) -> Limit | None:
    """Read a limit as people write it; None when it is none."""
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        return None
    amount, unit = int(found[1]), found[2].removesuffix("s")
    if unit in {"min", "h"}:
        return Limit(amount * (MINUTE if unit == "min" else HOUR), Unit.SECONDS)
    if unit == "business day":
        return Limit(amount, Unit.BUSINESS_DAYS)
    if unit == "month":
        return Limit(amount, Unit.MONTHS)
    return Limit(amount * (_WEEK if unit == "week" else 1), Unit.DAYS)


def _months_later(day: int, months: int) -> int:
    start = date.fromordinal(day)
    year, month = divmod(start.month - 1 + months, _MONTHS_A_YEAR)
    year, month = start.year + year, month + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(start.day, last)).toordinal()
