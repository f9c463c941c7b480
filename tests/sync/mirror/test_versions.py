"""Policies and schedules are remembered as they were, whenever their lists are read."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from integrations.runtime.database import reading
from sync.mirror import engine as mirror
from sync.sla.schedules import to_second
from sync.sla.source_rules import load_rulebook
from sync.streams.registry import BY_NAME
from sync.warehouse.tables.versions import schedule_versions, sla_policy_versions
from tests.support.mirror import NOON, WrittenPages, at, make_page, rows

Record = dict[str, Any]
OFFICE = [{"start_time": 1980, "end_time": 2460}]
LONGER = [{"start_time": 1980, "end_time": 2520}]
NEW_YEAR: Record = {
    "id": 9,
    "name": "New Year",
    "start_date": "2025-03-10",
    "end_date": "2025-03-11",
}


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def make_policy(
    target: int = 60,
    *,
    policy_id: int | str = 7,
    created: float = -600,
    updated: float = -600,
    **more: Any,
) -> Record:
    line = {"metric": "first_reply_time", "priority": "normal", "target": target}
    made: Record = {
        "id": policy_id,
        "title": "Everybody",
        "position": 1,
        "filter": {"all": [], "any": []},
    }
    times = {"created_at": at(created), "updated_at": at(updated)}
    return made | times | {"policy_metrics": [line | {"business_hours": False}]} | more


def make_schedule(intervals: list[Record], *, updated: float = -600) -> Record:
    made: Record = {"id": 5, "name": "Office", "time_zone": "UTC", "intervals": intervals}
    return made | {"created_at": at(-600), "updated_at": at(updated)}


def read(engine: Engine, minutes: float, **lists: list[Record]) -> None:
    """Let the mirror read these lists so many minutes after noon."""
    by_path = {
        BY_NAME[name].path.format(parent_id=5): make_page(*records, end=True, minutes=minutes)
        for name, records in lists.items()
    }
    streams = [BY_NAME[name] for name in lists]
    source = WrittenPages({path: [page] for path, page in by_path.items()})
    results = mirror.run(engine, source, streams, now=after(minutes))
    assert [result.error for result in results] == [None] * len(lists)


def read_schedule(engine: Engine, minutes: float, schedule: Record, *holidays: Record) -> None:
    read(engine, minutes, schedules=[schedule], schedule_holidays=list(holidays))


def targets(engine: Engine) -> list[tuple[int, datetime]]:
    return [
        (row["record"]["policy_metrics"][0]["target"], row["active_from"])
        for row in rows(engine, sla_policy_versions)
    ]


def applied(engine: Engine, minutes: float) -> int | None:
    """Return the target that reaches a ticket updated at that time."""
    with reading(engine) as connection:
        rules = load_rulebook(connection)
    policy = rules.policies.applied({}, to_second(after(minutes)))
    target = policy.target("first_reply_time", "normal") if policy else None
    return target.seconds if target else None


def open_seconds(engine: Engine, minutes: float) -> int:
    """Return how long the schedule that reaches an update then is open in that week."""
    with reading(engine) as connection:
        rules = load_rulebook(connection)
    moment = to_second(after(minutes))
    schedule = [time for since, time in rules.schedules if since <= moment][-1]
    return schedule.seconds(to_second(after(-1440)), to_second(after(10 * 1440)))


def test_an_edited_policy_holds_from_the_time_that_zendesk_tells(any_engine: Engine) -> None:
    read(any_engine, 0, sla_policies=[make_policy(60)])
    read(any_engine, 10, sla_policies=[make_policy(30, updated=4)])

    assert targets(any_engine) == [(60, after(-600)), (30, after(4))]
    assert [applied(any_engine, minutes) for minutes in (-601, -600, 3, 4)] == [
        None,
        3600,
        3600,
        1800,
    ]


def test_a_policy_that_is_read_again_adds_no_version(sqlite_engine: Engine) -> None:
    read(sqlite_engine, 0, sla_policies=[make_policy()])
    read(
        sqlite_engine,
        10,
        sla_policies=[make_policy(url="https://example.com")],
    )
    (version,) = rows(sqlite_engine, sla_policy_versions)

    assert (version["noted_at"], version["last_read_at"]) == (NOON, after(10))


def test_an_edit_that_was_taken_back_between_two_looks_begins_a_version(
    sqlite_engine: Engine,
) -> None:
    read(sqlite_engine, 0, sla_policies=[make_policy(60)])
    read(sqlite_engine, 10, sla_policies=[make_policy(60, updated=8)])

    assert targets(sqlite_engine) == [(60, after(-600)), (60, after(8))]


def test_an_older_state_adds_no_version(sqlite_engine: Engine) -> None:
    read(sqlite_engine, 0, sla_policies=[make_policy(60, updated=-5)])
    read(sqlite_engine, 10, sla_policies=[make_policy(30, updated=-50)])

    assert targets(sqlite_engine) == [(60, after(-600))]


def test_a_policy_edited_before_the_first_look_is_known_only_since_its_edit(
    sqlite_engine: Engine,
) -> None:
    read(sqlite_engine, 0, sla_policies=[make_policy(created=-600, updated=-20)])
    (version,) = rows(sqlite_engine, sla_policy_versions)

    assert (version["active_from"], version["known_from"]) == (after(-600), after(-20))


def test_a_new_order_of_policies_holds_from_when_it_was_seen(sqlite_engine: Engine) -> None:
    first, second = make_policy(60), make_policy(30, policy_id=8, position=2)
    read(sqlite_engine, 0, sla_policies=[first, second])
    read(sqlite_engine, 10, sla_policies=[first | {"position": 2}, second | {"position": 1}])

    assert (applied(sqlite_engine, 9), applied(sqlite_engine, 10)) == (3600, 1800)


def test_a_deleted_policy_no_longer_applies_and_one_that_is_back_does(any_engine: Engine) -> None:
    read(any_engine, 0, sla_policies=[make_policy()])
    read(any_engine, 10, sla_policies=[])
    gone = [applied(any_engine, minutes) for minutes in (9, 10)]
    read(any_engine, 20, sla_policies=[make_policy()])

    assert (gone, applied(any_engine, 10)) == ([3600, None], 3600)


def test_group_policies_are_remembered_by_their_own_ids(any_engine: Engine) -> None:
    ulid = "01J9ZK5S6T7V8W9X0Y1Z2A3B4C"
    line = {"metric": "group_ownership_time", "priority": "normal", "target": 900}
    policy = make_policy(policy_id=ulid, policy_metrics=[line])
    read(any_engine, 0, group_sla_policies=[policy])
    with reading(any_engine) as connection:
        found = load_rulebook(connection).group_policies.applied({}, to_second(NOON))
    target = found.target("group_ownership_time", "normal") if found else None

    assert found is not None
    assert target is not None
    assert (found.id, target.seconds) == (ulid, 900)


def test_an_edited_week_holds_from_the_time_that_zendesk_tells(sqlite_engine: Engine) -> None:
    read_schedule(sqlite_engine, 0, make_schedule(OFFICE))
    read_schedule(sqlite_engine, 10, make_schedule(LONGER, updated=4))

    assert [row["active_from"] for row in rows(sqlite_engine, schedule_versions)][1:] == [after(4)]
    assert (open_seconds(sqlite_engine, 3), open_seconds(sqlite_engine, 4)) == (
        2 * 28_800,
        2 * 32_400,
    )


def test_a_holiday_holds_from_when_it_was_seen_and_so_does_its_end(any_engine: Engine) -> None:
    read_schedule(any_engine, 0, make_schedule(OFFICE))
    read_schedule(any_engine, 10, make_schedule(OFFICE), NEW_YEAR)
    read_schedule(any_engine, 20, make_schedule(OFFICE), NEW_YEAR)
    read_schedule(any_engine, 30, make_schedule(OFFICE))

    assert [open_seconds(any_engine, minutes) for minutes in (9, 10, 29, 30)] == [
        57_600,
        28_800,
        28_800,
        57_600,
    ]


def test_two_changes_within_a_second_leave_the_newer_one(sqlite_engine: Engine) -> None:
    read_schedule(sqlite_engine, 0, make_schedule(OFFICE))
    read_schedule(sqlite_engine, 10, make_schedule(OFFICE), NEW_YEAR)
    read_schedule(sqlite_engine, 10, make_schedule(OFFICE))

    assert len(rows(sqlite_engine, schedule_versions)) == 2
    assert open_seconds(sqlite_engine, 10) == 57_600


def test_the_first_version_of_a_schedule_has_its_holidays_and_holds_before(
    sqlite_engine: Engine,
) -> None:
    read_schedule(sqlite_engine, 0, make_schedule(OFFICE), NEW_YEAR)
    (version,) = rows(sqlite_engine, schedule_versions)

    assert version["record"]["holidays"] == [{"start_date": "2025-03-10", "end_date": "2025-03-11"}]
    assert open_seconds(sqlite_engine, -100_000) == 28_800


def test_what_was_mirrored_before_versions_were_kept_holds_as_it_is(sqlite_engine: Engine) -> None:
    read(sqlite_engine, 0, sla_policies=[make_policy()])
    read_schedule(sqlite_engine, 0, make_schedule(OFFICE))
    with sqlite_engine.begin() as connection:
        for table in (sla_policy_versions, schedule_versions):
            connection.execute(table.delete())

    assert (applied(sqlite_engine, -9000), open_seconds(sqlite_engine, 0)) == (3600, 57_600)
