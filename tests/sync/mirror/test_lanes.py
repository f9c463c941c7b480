"""Lanes: the present and the past of a stream side by side, and nothing falls between."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, update

from integrations.runtime.database import transaction
from integrations.runtime.errors import BudgetSpent, ZendeskRefused, ZendeskRetryable
from integrations.zendesk.export import Page
from sync.mirror import cursors
from sync.mirror import engine as mirror
from sync.mirror.claims import Claims
from sync.mirror.cursors import Position
from sync.mirror.lanes import BEGINNING, MARGIN, open_range
from sync.streams.registry import BY_NAME
from sync.streams.stream import SOON, Stream
from sync.warehouse.tables.cursors import sync_cursors
from sync.warehouse.tables.tickets import tickets
from tests.support.mirror import (
    NOON,
    WrittenPages,
    established,
    exported,
    make_group,
    make_page,
    make_ticket,
    rows,
)
from tests.support.zendesk import Clock

TICKETS = BY_NAME["tickets"]
GROUPS = BY_NAME["groups"]
PAST = f"{TICKETS.path} past"


def ticket_page(number: int, *, generated: float, **more: Any) -> Page:
    return make_page(exported(make_ticket(number), generated=generated), **more)


def lanes(engine: Engine) -> Mapping[str, Mapping[str, Any]]:
    return {row["lane"]: row for row in rows(engine, sync_cursors)}


def spent(seconds: float) -> BudgetSpent:
    return BudgetSpent("rest of exports", retry_after_s=seconds)


class OneByOne(WrittenPages):
    """Hands out the next written page of a path at each pull, and remembers when it was asked."""

    def __init__(self, clock: Clock, **by_path: Sequence[Page | Exception]) -> None:
        super().__init__({})
        self._clock = clock
        self._waiting = {path: list(pages) for path, pages in by_path.items()}
        self.moments: dict[str, list[float]] = {path: [] for path in by_path}

    def pages(
        self, stream: Stream, path: str, *, cursor: str | None, start: datetime, spare: bool = False
    ) -> Iterator[Page]:
        assert path == stream.path
        kind = "past" if spare else "live"
        self.asked.append((stream.name, cursor, start))
        while True:
            self.moments[kind].append(self._clock.now - 1000)
            waiting = self._waiting[kind]
            page = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            self.requests += not isinstance(page, BudgetSpent)
            if isinstance(page, Exception):
                raise page
            yield page


def shift_on(clock: Clock, **more: Any) -> mirror.Shift:
    return mirror.Shift(timer=clock.monotonic, sleep=clock.sleep, **more)


def test_first_run_gives_present_and_past_a_lane_each(any_engine: Engine) -> None:
    live = ticket_page(1, generated=-1, cursor="l", end=True)
    past = ticket_page(2, generated=-600, cursor="p", end=True)
    source = WrittenPages({TICKETS.path: [live], PAST: [past]})
    (result,) = mirror.run(any_engine, source, [TICKETS], now=NOON)

    found = lanes(any_engine)
    assert source.asked == [("tickets", None, NOON - MARGIN), ("tickets", None, BEGINNING)]
    assert (result.rows, result.error) == (2, None)
    assert found["live"]["start_at"] == found["backfill"]["until_at"] == NOON - MARGIN
    assert (found["live"]["until_at"], found["backfill"]["start_at"]) == (None, BEGINNING)
    assert (found["live"]["cursor"], found["backfill"]["cursor"]) == ("l", "p")
    assert found["backfill"]["caught_up_at"] == NOON


def test_past_ends_where_the_present_began(any_engine: Engine) -> None:
    at_the_border = -MARGIN / timedelta(minutes=1)
    source = WrittenPages(
        {
            TICKETS.path: [make_page(cursor="l", end=True)],
            PAST: [
                ticket_page(1, generated=-600, cursor="1"),
                ticket_page(2, generated=at_the_border, cursor="2"),
                ticket_page(3, generated=at_the_border, cursor="3"),
                ticket_page(4, generated=0, cursor="4"),
                ticket_page(5, generated=1, cursor="5", end=True),
            ],
        }
    )
    mirror.run(any_engine, source, [TICKETS], now=NOON)

    past = lanes(any_engine)["backfill"]
    assert [row["id"] for row in rows(any_engine, tickets)] == [1, 2, 3, 4]
    assert (past["cursor"], past["caught_up_at"]) == ("4", NOON)
    assert past["first_at"] == NOON - timedelta(minutes=600)
    assert past["position_at"] == NOON


def test_what_is_done_is_not_asked_again(any_engine: Engine) -> None:
    source = WrittenPages({TICKETS.path: [make_page(cursor="l", end=True)]})
    mirror.run(any_engine, source, [TICKETS], now=NOON)
    mirror.run(any_engine, source, [TICKETS], now=NOON + timedelta(hours=1))

    assert source.asked[2:] == [("tickets", "l", NOON - MARGIN)]


def test_start_of_the_first_run_limits_the_past(any_engine: Engine) -> None:
    since = NOON - timedelta(days=30)
    mirror.run(any_engine, WrittenPages({}), [TICKETS], now=NOON, start=since)
    mirror.run(any_engine, WrittenPages({}), [TICKETS], now=NOON, start=BEGINNING)

    assert lanes(any_engine)["backfill"]["start_at"] == since


def test_start_a_moment_ago_leaves_no_past(any_engine: Engine) -> None:
    since = NOON - timedelta(minutes=1)
    mirror.run(any_engine, WrittenPages({}), [TICKETS], now=NOON, start=since)

    assert {lane: row["start_at"] for lane, row in lanes(any_engine).items()} == {
        "live": NOON - MARGIN
    }


def test_older_installation_goes_on_where_it_was(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        cursors.write(connection, Position("tickets", cursor="old", rows=5, pages=1))
    source = WrittenPages({TICKETS.path: [make_page(cursor="new", end=True)]})
    mirror.run(any_engine, source, [TICKETS], now=NOON)

    assert source.asked == [("tickets", "old", BEGINNING)]
    assert list(lanes(any_engine)) == ["live"]


def test_installation_that_never_got_a_page_begins_with_lanes(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        cursors.write(connection, Position("tickets", error="Zendesk is busy.", errors=1))
    mirror.run(any_engine, WrittenPages({}), [TICKETS], now=NOON)

    assert set(lanes(any_engine)) == {"live", "backfill"}


def test_requests_of_failed_attempts_are_counted(any_engine: Engine) -> None:
    established(any_engine, TICKETS)
    busy = ZendeskRetryable("Zendesk is busy.", hint="wait.", status=503)
    source = WrittenPages({TICKETS.path: [make_page(make_ticket(1), cursor="a"), busy]})
    mirror.run(any_engine, source, [TICKETS], now=NOON)
    again = WrittenPages({TICKETS.path: [make_page(cursor="b", end=True)]})
    mirror.run(any_engine, again, [TICKETS], now=NOON)

    live = lanes(any_engine)["live"]
    assert (live["requests"], live["errors"], live["pages"], live["rows"]) == (3, 1, 2, 1)
    assert live["error"] is None


def test_present_goes_on_while_the_past_waits_for_a_turn(any_engine: Engine) -> None:
    clock = Clock()
    done = ticket_page(2, generated=-600, cursor="p", end=True)
    source = OneByOne(clock, live=[make_page(cursor="l", end=True)], past=[spent(120), done])
    mirror.run(any_engine, source, [TICKETS], now=NOON, shift=shift_on(clock))

    soon = SOON.total_seconds()
    assert [round(moment) for moment in source.moments["live"]] == [0, soon, 2 * soon]
    assert [round(moment) for moment in source.moments["past"]] == [0, 120]
    assert lanes(any_engine)["backfill"]["requests"] == 1


def test_short_shift_never_waits_for_a_turn(any_engine: Engine) -> None:
    clock = Clock()
    source = OneByOne(clock, live=[make_page(cursor="l", end=True)], past=[spent(6)])
    shift = shift_on(clock, only_due=True, length=timedelta(seconds=20))
    (result,) = mirror.run(any_engine, source, [TICKETS], now=NOON, shift=shift)

    assert clock.slept == []
    assert result.error is None
    assert lanes(any_engine)["backfill"]["errors"] == 0


def test_short_shift_ends_after_the_page_that_crosses_it(any_engine: Engine) -> None:
    clock = Clock()

    def on_page(_connection: Connection, _stream: str, _tickets: Collection[int]) -> None:
        clock.now += 8

    past = [ticket_page(n, generated=n - 600, cursor=str(n)) for n in range(9)]
    source = OneByOne(clock, live=[make_page(cursor="l", end=True)], past=past)
    shift = shift_on(clock, only_due=True, length=timedelta(seconds=20))
    mirror.run(any_engine, source, [TICKETS], now=NOON, shift=shift, on_page=on_page)

    assert (lanes(any_engine)["live"]["pages"], lanes(any_engine)["backfill"]["pages"]) == (1, 2)


def test_list_that_was_begun_is_read_to_its_end_in_a_short_shift(any_engine: Engine) -> None:
    clock = Clock()

    def on_page(_connection: Connection, _stream: str, _tickets: Collection[int]) -> None:
        clock.now += 15

    pages = [make_page(make_group(n), end=n == 4) for n in (1, 2, 3, 4)]
    shift = shift_on(clock, only_due=True, length=timedelta(seconds=20))
    source = WrittenPages({GROUPS.path: pages})
    (result,) = mirror.run(any_engine, source, [GROUPS], now=NOON, shift=shift, on_page=on_page)

    assert (result.rows, result.pages) == (4, 4)
    assert lanes(any_engine)["live"]["caught_up_at"] == NOON


def test_stream_that_was_just_asked_is_left_alone_by_the_schedule(any_engine: Engine) -> None:
    established(any_engine, TICKETS)
    source = WrittenPages({TICKETS.path: [make_page(cursor="l", end=True)]})
    asked = []
    for seconds in (0, 20, 44, 46):
        moment = NOON + timedelta(seconds=seconds)
        clock = Clock()
        shift = shift_on(clock, only_due=True, length=timedelta(seconds=1))
        mirror.run(any_engine, source, [TICKETS], now=moment, shift=shift)
        asked.append(len(source.asked))

    assert asked == [1, 1, 1, 2]


def test_present_that_is_behind_is_asked_at_once(any_engine: Engine) -> None:
    established(any_engine, TICKETS)
    clock = Clock()

    def on_page(_connection: Connection, _stream: str, _tickets: Collection[int]) -> None:
        clock.now += 30

    pages = [ticket_page(n, generated=n, cursor=str(n), end=n == 3) for n in (1, 2, 3)]
    source = OneByOne(clock, live=pages, past=[])
    shift = shift_on(clock, only_due=True, length=timedelta(seconds=1))
    for _ in pages:
        mirror.run(any_engine, source, [TICKETS], now=NOON, shift=shift, on_page=on_page)

    assert lanes(any_engine)["live"]["pages"] == 3


def test_moment_ahead_of_our_clock_does_not_stop_a_stream(any_engine: Engine) -> None:
    established(any_engine, TICKETS)
    source = WrittenPages({TICKETS.path: [make_page(cursor="l", end=True)]})
    shift = mirror.Shift(only_due=True, length=timedelta(seconds=1))
    ahead = NOON + timedelta(minutes=10)
    for moment in (ahead, NOON):
        mirror.run(any_engine, source, [TICKETS], now=moment, shift=shift)

    assert len(source.asked) == 2


def test_failure_that_passes_is_waited_for_when_the_run_has_patience(any_engine: Engine) -> None:
    established(any_engine, TICKETS)
    clock = Clock()
    busy = ZendeskRetryable("Zendesk is busy.", hint="wait.", status=503)
    source = OneByOne(clock, live=[busy, busy, make_page(cursor="l", end=True)], past=[])
    shift = shift_on(clock, tries=3)
    (result,) = mirror.run(any_engine, source, [TICKETS], now=NOON, shift=shift)

    assert result.error is None
    assert sum(clock.slept) == pytest.approx(30 + 60, abs=1)
    assert lanes(any_engine)["live"]["errors"] == 2


@pytest.mark.parametrize(
    ("lane", "status"), [("live", 400), ("backfill", 400), ("live", 404), ("live", 422)]
)
def test_refused_cursor_goes_on_from_the_last_good_time(
    any_engine: Engine, lane: str, status: int
) -> None:
    good = NOON - timedelta(minutes=90)
    with transaction(any_engine) as connection:
        for name, cursor in (("live", "l"), ("backfill", "p")):
            cursors.write(
                connection,
                Position(
                    "tickets",
                    name,
                    cursor=cursor,
                    start_at=BEGINNING,
                    until_at=NOON if name == "backfill" else None,
                    position_at=good,
                    pages=3,
                    caught_up_at=NOON if name != lane else None,
                ),
            )
    refusal = ZendeskRefused("Zendesk refused it.", hint="none", status=status)
    refusal.code = "InvalidPaginationParameter"
    fine = ticket_page(1, generated=-80, cursor="n", end=True)
    clock = Clock()
    bad: Sequence[Page | Exception] = [refusal, fine]
    other: Sequence[Page | Exception] = [make_page(cursor="l", end=True)]
    by_kind = {"live": bad, "past": other} if lane == "live" else {"live": other, "past": bad}
    source = OneByOne(clock, **by_kind)
    (result,) = mirror.run(any_engine, source, [TICKETS], now=NOON, shift=shift_on(clock))

    position = lanes(any_engine)[lane]
    assert source.asked[-1] == ("tickets", None, good - MARGIN)
    assert (result.error, result.rows) == (None, 1)
    assert (position["cursor"], position["errors"], position["pages"]) == ("n", 1, 4)
    assert "the last good time" in position["error"]
    assert position["position_at"] == NOON - timedelta(minutes=80)


def test_cursor_refused_twice_is_an_error_and_no_endless_loop(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        cursors.write(connection, Position("tickets", cursor="x", start_at=BEGINNING, pages=1))
    refusal = ZendeskRefused("Zendesk refused it (400).", hint="none", status=400)
    clock = Clock()
    source = OneByOne(clock, live=[refusal], past=[])
    (result,) = mirror.run(any_engine, source, [TICKETS], now=NOON, shift=shift_on(clock))

    assert result.error == "Zendesk refused it (400)."
    assert len(source.asked) == 2


def test_lookback_reads_again_and_never_moves_a_cursor_back(any_engine: Engine) -> None:
    stream = replace(BY_NAME["ticket_events"], lookback=timedelta(minutes=10))
    begun = Position("ticket_events", cursor="10000", start_at=BEGINNING, pages=1)
    with transaction(any_engine) as connection:
        cursors.write(connection, replace(begun, position_at=NOON))
    early = {"id": 1, "ticket_id": 7, "timestamp": int(NOON.timestamp()) - 300}
    pages: list[Page | Exception] = [
        make_page(early, cursor="9700"),
        ZendeskRetryable("Zendesk is busy.", hint="wait.", status=503),
    ]
    source = WrittenPages({stream.path: pages})
    mirror.run(any_engine, source, [stream], now=NOON)

    assert source.asked == [("ticket_events", "9400", BEGINNING)]
    assert lanes(any_engine)["live"]["cursor"] == "10000"


def test_range_of_the_past_has_a_lane_of_its_own(any_engine: Engine) -> None:
    since, until = NOON - timedelta(days=2), NOON - timedelta(days=1)
    with transaction(any_engine) as connection:
        name = open_range(connection, TICKETS, since, until)
    source = WrittenPages({PAST: [ticket_page(1, generated=-2000, cursor="p", end=True)]})
    shift = mirror.Shift(only_lane=name)
    mirror.run(any_engine, source, [TICKETS], now=NOON, shift=shift)

    assert source.asked == [("tickets", None, since)]
    assert list(lanes(any_engine)) == ["backfill 2025-03-01T12:00..2025-03-02T12:00"]


def test_second_run_on_a_lane_gives_way_and_spends_no_request(any_engine: Engine) -> None:
    established(any_engine, TICKETS)
    source = WrittenPages({TICKETS.path: [make_page(cursor="l", end=True)]})
    with Claims(any_engine) as claims:
        assert claims.take("tickets", "live")
        (waiting,) = mirror.run(any_engine, source, [TICKETS], now=NOON)
    (working,) = mirror.run(any_engine, source, [TICKETS], now=NOON)

    assert "Another run is copying tickets (live)" in (waiting.error or "")
    assert (working.error, len(source.asked)) == (None, 1)
    assert lanes(any_engine)["live"]["errors"] == 0


def test_run_that_was_overtaken_leaves_the_cursor_of_the_other(any_engine: Engine) -> None:
    established(any_engine, TICKETS)

    def overtake() -> None:
        with transaction(any_engine) as connection:
            connection.execute(update(sync_cursors).values(cursor="theirs", pages=9))

    pages = [make_page(make_ticket(n), cursor=str(n)) for n in (1, 2)]
    source = WrittenPages({TICKETS.path: pages}, after_page=overtake)
    (result,) = mirror.run(any_engine, source, [TICKETS], now=NOON)

    assert "Another run" in (result.error or "")
    assert lanes(any_engine)["live"]["cursor"] == "theirs"
    assert [row["id"] for row in rows(any_engine, tickets)] == [1]
