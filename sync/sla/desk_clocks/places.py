"""Places from their entries: each with its days, under its code and its other names."""

from collections.abc import Iterator, Mapping

from integrations.runtime.errors import BadRecord
from sync.sla.desk_clocks.book import Place
from sync.sla.desk_clocks.calendars import WEEKEND, Calendar, knows_holidays
from sync.sla.desk_clocks.entries import JurisdictionEntry
from sync.sla.zones import find_zone

NO_HOLIDAYS = "none"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_places(entries: Mapping[str, JurisdictionEntry], problems: list[str]) -> dict[str, Place]:
    """Return the places by code and by alias; adds to the problems what is wrong with which."""
    places = {}
    for code, entry in entries.items():
        wrong = list(_wrong_with(entry))
        problems.extend(f"jurisdictions {code}: {one}" for one in wrong)
        if not wrong:
            places[code] = _place(code, entry)
    for code, entry in entries.items():
        for alias in entry.aliases:
            if alias in entries or (alias in places and places[alias].code != code):
                problems.append(f"jurisdictions {code}: {alias} means another place already")
            elif code in places:
                places[alias] = places[code]
    return places


def unknown_holidays(entries: Mapping[str, JurisdictionEntry]) -> Iterator[str]:
    """Yield which places name holidays that nobody tells; slow, so not for the shipped ones."""
    for code, entry in entries.items():
        named = entry.holidays
        if named and named != NO_HOLIDAYS and not knows_holidays(named, entry.holiday_kinds):
            yield f"jurisdictions {code}: no such holidays are known for {named[:40]!r}"


def _place(code: str, entry: JurisdictionEntry) -> Place:
    return Place(
        code=code,
        title=entry.title,
        calendar=Calendar(
            find_zone(entry.zone),
            None if entry.holidays == NO_HOLIDAYS else entry.holidays,
            kinds=entry.holiday_kinds,
            weekend={_WEEKDAYS.index(day) for day in entry.weekend} or WEEKEND,
            closed=entry.closed,
            opened=entry.opened,
            no_holidays=entry.holidays == NO_HOLIDAYS,
        ),
        belongs_to=frozenset({code, *entry.part_of}),
    )


def _wrong_with(entry: JurisdictionEntry) -> Iterator[str]:
    try:
        find_zone(entry.zone)
    except BadRecord as error:
        yield error.message.rstrip(".").replace("The schedule's time zone", "the time zone")
    if len(set(entry.weekend)) == len(_WEEKDAYS):
        yield "a week without any business day"
