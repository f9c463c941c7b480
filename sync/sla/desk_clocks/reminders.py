"""When people are reminded of a clock that runs out."""

import re
from enum import StrEnum

import msgspec

from sync.sla.desk_clocks.limits import Limit, Unit, read_limit

_SHARE = re.compile(r"([1-9][0-9]?) ?%")
_HUNDRED = 100


class Moment(StrEnum):
    """What a reminder's time is told by."""

    SHARE = "share"  # so many hundredths of the target are used up
    BEFORE = "before"  # so long before the deadline
    BREACH = "breach"  # the deadline has passed


class Reminder(msgspec.Struct, frozen=True):
    """One moment at which people are reminded; `name` tells it from the others of a clock."""

    name: str
    moment: Moment
    percent: int = 0
    before: Limit | None = None


def read_reminder(text: str) -> Reminder | None:
    """Read `50 %`, `1 business day`, `30 min` or `breach`; None when it is none of these."""
    written = text.strip()
    if written == Moment.BREACH:
        return Reminder(written, Moment.BREACH)
    if share := _SHARE.fullmatch(written):
        return Reminder(f"{share[1]} %", Moment.SHARE, percent=int(share[1]))
    limit = read_limit(written)
    if limit is None or limit.unit is Unit.MONTHS:
        return None
    return Reminder(written, Moment.BEFORE, before=limit)
