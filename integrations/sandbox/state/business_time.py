"""Minutes between two instants, by the calendar and by a schedule."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.store import Record

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
DAY_MINUTES = 1440
# Zendesk names zones as Ruby on Rails does; the names that a desk in Asia, Europe and America meets
RAILS_ZONES = {
    "UTC": "Etc/UTC",
    "London": "Europe/London",
    "Dublin": "Europe/Dublin",
    "Lisbon": "Europe/Lisbon",
    "Berlin": "Europe/Berlin",
    "Paris": "Europe/Paris",
    "Madrid": "Europe/Madrid",
    "Rome": "Europe/Rome",
    "Amsterdam": "Europe/Amsterdam",
    "Warsaw": "Europe/Warsaw",
    "Istanbul": "Europe/Istanbul",
    "Dubai": "Asia/Dubai",
    "Abu Dhabi": "Asia/Muscat",
    "Mumbai": "Asia/Kolkata",
    "New Delhi": "Asia/Kolkata",
    "Bangkok": "Asia/Bangkok",
    "Jakarta": "Asia/Jakarta",
    "Singapore": "Asia/Singapore",
    "Kuala Lumpur": "Asia/Kuala_Lumpur",
    "Beijing": "Asia/Shanghai",
    "Hong Kong": "Asia/Hong_Kong",
    "Taipei": "Asia/Taipei",
    "Tokyo": "Asia/Tokyo",
    "Seoul": "Asia/Seoul",
    "Sydney": "Australia/Sydney",
    "New Caledonia": "Pacific/Noumea",
    "Auckland": "Pacific/Auckland",
    "Hawaii": "Pacific/Honolulu",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Mountain Time (US & Canada)": "America/Denver",
    "Central Time (US & Canada)": "America/Chicago",
    "Eastern Time (US & Canada)": "America/New_York",
    "Brasilia": "America/Sao_Paulo",
}


@lru_cache
def zone_of(name: str) -> ZoneInfo:
    """Return the zone of a schedule, by its Rails or IANA name."""
    try:
        return ZoneInfo(RAILS_ZONES.get(name, name))
    except (ZoneInfoNotFoundError, ValueError):
        raise invalid("time_zone", "Time zone: is not valid") from None


def calendar_minutes(start: datetime, end: datetime) -> int:
    """Return the whole minutes between two instants."""
    return max(0, (end - start) // MINUTE)


def business_minutes(schedule: Record, start: datetime, end: datetime) -> int:
    """Return the whole minutes between two instants that lie inside the schedule."""
    zone = zone_of(schedule["time_zone"])
    total = timedelta()
    day = start.astimezone(zone).date()
    last = end.astimezone(zone).date()
    while day <= last:
        if not _is_holiday(schedule, day):
            for opens, closes in _open_times(schedule, day, zone):
                total += max(timedelta(), min(end, closes) - max(start, opens))
        day += DAY
    return total // MINUTE


def _is_holiday(schedule: Record, day: date) -> bool:
    return any(
        holiday["start_date"] <= day.isoformat() <= holiday["end_date"]
        for holiday in schedule["holidays"]
    )


def _open_times(schedule: Record, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Return the open times of one local day; intervals count minutes since Sunday midnight."""
    offset = day.isoweekday() % 7 * DAY_MINUTES
    times = []
    for interval in schedule["intervals"]:
        opens = max(interval["start_time"] - offset, 0)
        closes = min(interval["end_time"] - offset, DAY_MINUTES)
        if opens < closes:
            times.append((_instant(day, opens, zone), _instant(day, closes, zone)))
    return times


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    extra, minutes = divmod(minutes, DAY_MINUTES)
    wall = datetime.combine(day + extra * DAY, time(minutes // 60, minutes % 60), zone)
    return wall.astimezone(UTC)
