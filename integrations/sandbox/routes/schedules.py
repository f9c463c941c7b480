"""Business-hours schedules: their time zone and their week."""

from typing import Any

from integrations.sandbox.state.hours.time_zones import zone_of
from integrations.sandbox.state.refusals import blank, invalid
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, created, no_content

PATH = "business_hours/schedules"
DAY_MINUTES, WEEK_MINUTES = 1440, 7 * 1440
OFFICE_WEEK = [
    {"start_time": day * DAY_MINUTES + 9 * 60, "end_time": day * DAY_MINUTES + 17 * 60}
    for day in range(1, 6)
]


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
    zone_of(asked["time_zone"])
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
    changed = {name: asked[name] for name in ("name", "time_zone") if name in asked}
    for name, value in changed.items():
        if not value:
            raise blank(name)
    zone_of(changed["time_zone"] if "time_zone" in changed else schedule["time_zone"])
    schedule |= changed | {"updated_at": call.account.clock.stamp()}
    return Answer({"schedule": _present(schedule)})


def _destroy(call: Call) -> Answer:
    call.account.schedules.remove(call.id)
    return no_content()


def _set_workweek(call: Call) -> Answer:
    schedule = call.account.schedules.get(call.id)
    asked = call.wrapped("workweek").get("intervals")
    if not isinstance(asked, list):
        raise blank("intervals")
    intervals = sorted(map(_interval, asked), key=lambda interval: interval["start_time"])
    schedule |= {"intervals": intervals, "updated_at": call.account.clock.stamp()}
    return Answer({"workweek": {"intervals": intervals}})


def _interval(asked: dict[str, Any]) -> Record:
    """Check one span of open time; the midnight that ends the week may be written as 0."""
    start, end = asked.get("start_time"), asked.get("end_time")
    if not (isinstance(start, int) and isinstance(end, int)):
        raise invalid("intervals", "Intervals: must have a start time and an end time")
    if end == 0 and start >= WEEK_MINUTES - DAY_MINUTES:
        end = WEEK_MINUTES
    if not 0 <= start < end <= WEEK_MINUTES:
        raise invalid("intervals", "Intervals: must start before they end")
    if start // DAY_MINUTES != (end - 1) // DAY_MINUTES:
        raise invalid("intervals", "Intervals: cannot span days")
    return {"start_time": start, "end_time": end}


NAME = "schedules"
ROUTES = (
    Route("GET", PATH, _index, NAME, "index"),
    Route("POST", PATH, _create, NAME, "create"),
    Route("GET", f"{PATH}/{{id}}", _show, NAME, "show"),
    Route("PUT", f"{PATH}/{{id}}", _update, NAME, "update"),
    Route("DELETE", f"{PATH}/{{id}}", _destroy, NAME, "destroy"),
    Route("PUT", f"{PATH}/{{id}}/workweek", _set_workweek, NAME, "workweek"),
)
