"""Holidays of a schedule: days on which it is closed."""

from datetime import date
from typing import Any

from integrations.sandbox.routes.schedules import PATH as SCHEDULES
from integrations.sandbox.state.refusals import blank, invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, created, no_content

PATH = f"{SCHEDULES}/{{id}}/holidays"
MOST_YEARS = 2
DAYS = ("start_date", "end_date")


def _index(call: Call) -> Answer:
    """List holidays that begin between two days; one that lasts on the first day is listed too."""
    since, until = (_day(call.query[name]) if call.query.get(name) else None for name in DAYS)
    return Answer(
        {
            "holidays": [
                holiday
                for holiday in call.account.schedules.get(call.id)["holidays"]
                if (since is None or _day(holiday["end_date"]) >= since)
                and (until is None or _day(holiday["start_date"]) <= until)
            ]
        }
    )


def _one(call: Call) -> Record:
    for holiday in call.account.schedules.get(call.id)["holidays"]:
        if holiday["id"] == call.params[1]:
            found: Record = holiday
            return found
    raise not_found()


def _show(call: Call) -> Answer:
    return Answer({"holiday": _one(call)})


def _create(call: Call) -> Answer:
    schedule = call.account.schedules.get(call.id)
    asked = call.wrapped("holiday")
    values = _values(call, asked)
    holiday = {"id": call.account.ids.record()} | values
    schedule["holidays"].append(holiday)
    return created(call, "holiday", holiday, SCHEDULES, call.id, "holidays", holiday["id"])


def _update(call: Call) -> Answer:
    holiday = _one(call)
    holiday |= _values(call, holiday | call.wrapped("holiday"))
    return Answer({"holiday": holiday})


def _destroy(call: Call) -> Answer:
    call.account.schedules.get(call.id)["holidays"].remove(_one(call))
    return no_content()


def _values(call: Call, asked: dict[str, Any]) -> Record:
    for name in ("name", *DAYS):
        if not asked.get(name):
            raise blank(name)
    first, last = (_day(asked[name], name) for name in DAYS)
    if last < first:
        raise invalid("end_date", "End date: cannot be before the start date")
    today = call.account.clock.now().date()
    if first < _years_from(today, -MOST_YEARS):
        raise invalid("start_date", "Start date: cannot be more than two years in the past")
    if last > _years_from(today, MOST_YEARS):
        raise invalid("end_date", "End date: cannot be more than two years in the future")
    return {
        "name": asked["name"],
        "start_date": first.isoformat(),
        "end_date": last.isoformat(),
    }


def _day(text: Any, name: str = "start_date") -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise invalid(name, f"{name}: is not a date") from None


def _years_from(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # a leap day
        return day.replace(year=day.year + years, day=28)


NAME = "holidays"
ROUTES = (
    Route("GET", PATH, _index, NAME, "index"),
    Route("POST", PATH, _create, NAME, "create"),
    Route("GET", f"{PATH}/{{id}}", _show, NAME, "show"),
    Route("PUT", f"{PATH}/{{id}}", _update, NAME, "update"),
    Route("DELETE", f"{PATH}/{{id}}", _destroy, NAME, "destroy"),
)
