"""Business-hours schedules and their holidays."""

from datetime import date
from typing import Any

from integrations.sandbox.state.refusals import blank, invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.time_zones import zone_of
from integrations.sandbox.wire.call import Answer, Call, Route, created, no_content

PATH = "business_hours/schedules"
OFFICE_WEEK = [
    {"start_time": day * 1440 + 9 * 60, "end_time": day * 1440 + 17 * 60} for day in range(1, 6)
]
WEEK_MINUTES = 7 * 1440


def _present(schedule: Record) -> Record:
    return {key: value for key, value in schedule.items() if key != "holidays"}


def _index(call: Call) -> Answer:
    return Answer({"schedules": [_present(one) for one in call.account.schedules.all()]})


def _show(call: Call) -> Answer:
    return Answer({"schedule": _present(call.account.schedules.get(call.id))})


def _create(call: Call) -> Answer:
    asked = call.wrapped("schedule")
    for name in ("name", "time_zone"):
        if not asked.get(name):
            raise blank(name)
    zone_of(str(asked["time_zone"]))
    stamp = call.account.clock.stamp()
    schedule = call.account.schedules.add(
        {
            "id": call.account.ids.record(),
            "name": asked["name"],
            "time_zone": asked["time_zone"],
            "intervals": [dict(interval) for interval in OFFICE_WEEK],
            "holidays": [],
            "created_at": stamp,
            "updated_at": stamp,
        }
    )
    return created(call, "schedule", _present(schedule), PATH, schedule["id"])


def _update(call: Call) -> Answer:
    asked = call.wrapped("schedule")
    schedule = call.account.schedules.get(call.id)
    if "time_zone" in asked:
        zone_of(str(asked["time_zone"]))
    schedule |= {name: asked[name] for name in ("name", "time_zone") if name in asked}
    schedule["updated_at"] = call.account.clock.stamp()
    return Answer({"schedule": _present(schedule)})


def _destroy(call: Call) -> Answer:
    call.account.schedules.remove(call.id)
    return no_content()


def _workweek(call: Call) -> Answer:
    schedule = call.account.schedules.get(call.id)
    intervals = call.wrapped("workweek").get("intervals")
    if not isinstance(intervals, list):
        raise blank("intervals")
    for interval in intervals:
        start, end = interval.get("start_time"), interval.get("end_time")
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
            raise invalid("intervals", "Intervals: must start before they end")
        if end > WEEK_MINUTES or start // 1440 != (end - 1) // 1440:
            raise invalid("intervals", "Intervals: cannot span days")
    schedule["intervals"] = sorted(intervals, key=lambda interval: interval["start_time"])
    schedule["updated_at"] = call.account.clock.stamp()
    return Answer({"workweek": {"intervals": schedule["intervals"]}})


def _holidays(call: Call) -> Answer:
    return Answer({"holidays": call.account.schedules.get(call.id)["holidays"]})


def _holiday(call: Call) -> Record:
    for holiday in call.account.schedules.get(call.id)["holidays"]:
        if holiday["id"] == call.params[1]:
            found: Record = holiday
            return found
    raise not_found()


def _show_holiday(call: Call) -> Answer:
    return Answer({"holiday": _holiday(call)})


def _create_holiday(call: Call) -> Answer:
    schedule = call.account.schedules.get(call.id)
    asked = call.wrapped("holiday")
    if not asked.get("name"):
        raise blank("name")
    holiday = {"id": call.account.ids.record(), "name": asked["name"]} | _dates(asked)
    schedule["holidays"].append(holiday)
    return created(call, "holiday", holiday, PATH, call.id, "holidays", holiday["id"])


def _update_holiday(call: Call) -> Answer:
    holiday, asked = _holiday(call), call.wrapped("holiday")
    holiday |= _dates(holiday | asked) | {"name": asked.get("name", holiday["name"])}
    return Answer({"holiday": holiday})


def _destroy_holiday(call: Call) -> Answer:
    holidays = call.account.schedules.get(call.id)["holidays"]
    holidays.remove(_holiday(call))
    return no_content()


def _dates(asked: dict[str, Any]) -> dict[str, str]:
    try:
        start, end = (date.fromisoformat(str(asked[name])) for name in ("start_date", "end_date"))
    except (KeyError, ValueError):
        raise invalid("start_date", "Start date and end date: must be dates") from None
    if end < start:
        raise invalid("end_date", "End date: cannot be before the start date")
    return {"start_date": start.isoformat(), "end_date": end.isoformat()}


NAME = "schedules"
ROUTES = (
    Route("GET", PATH, _index, NAME, "index"),
    Route("POST", PATH, _create, NAME, "create"),
    Route("GET", f"{PATH}/{{id}}", _show, NAME, "show"),
    Route("PUT", f"{PATH}/{{id}}", _update, NAME, "update"),
    Route("DELETE", f"{PATH}/{{id}}", _destroy, NAME, "destroy"),
    Route("PUT", f"{PATH}/{{id}}/workweek", _workweek, NAME, "workweek"),
    Route("GET", f"{PATH}/{{id}}/holidays", _holidays, "holidays", "index"),
    Route("POST", f"{PATH}/{{id}}/holidays", _create_holiday, "holidays", "create"),
    Route("GET", f"{PATH}/{{id}}/holidays/{{id}}", _show_holiday, "holidays", "show"),
    Route("PUT", f"{PATH}/{{id}}/holidays/{{id}}", _update_holiday, "holidays", "update"),
    Route("DELETE", f"{PATH}/{{id}}/holidays/{{id}}", _destroy_holiday, "holidays", "destroy"),
)
