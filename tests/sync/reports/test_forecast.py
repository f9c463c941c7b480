"""Forecasts of breaches, against probabilities worked out by hand, and their calibration."""

import random

import pytest

from sync.reports.calibration import Outcome, calibrate
from sync.reports.forecast import Forecaster, Kind, Run, Speed
from sync.reports.replay import OpenHours, PastClock, adds_up, instants_between, replay

FIRST = Kind("first_reply_time", business_hours=False, group_id=1, priority="high")
HOUR = 3600


def runs(*minutes: float, kind: Kind = FIRST, ended: bool = True) -> list[Run]:
    return [Run(kind, int(each * 60), ended) for each in minutes]


def past_clock(started: int, ended: int | None, *, target: int = HOUR) -> PastClock:
    late = ended is not None and ended - started > target
    return PastClock(
        kind=FIRST,
        started=started,
        ended=ended,
        breached=started + target if late else None,
        target=target,
        elapsed=0,
        known_at=0,
    )


def test_of_clocks_that_ran_as_long_the_share_past_the_target_counts() -> None:
    speed = Speed(runs(5, 10, 20, 40, 70))

    assert speed.outlasts(60 * 60, elapsed=0) == pytest.approx(1 / 5)
    assert speed.outlasts(60 * 60, elapsed=15 * 60) == pytest.approx(1 / 3)
    assert speed.outlasts(60 * 60, elapsed=50 * 60) == 1


def test_a_clock_that_ended_with_the_target_was_in_time() -> None:
    assert Speed(runs(60, 61)).outlasts(60 * 60, elapsed=0) == pytest.approx(1 / 2)


def test_clocks_that_still_run_count_for_as_long_as_they_are_known() -> None:
    """Kaplan and Meier by hand: of four at 10 min one ends, then of two at 30 min one ends."""
    speed = Speed(runs(10, 30, 90) + runs(20, ended=False))

    assert speed.outlasts(60 * 60, elapsed=0) == pytest.approx(3 / 4 * 1 / 2)


def test_nothing_is_known_beyond_the_longest_clock() -> None:
    assert Speed(runs(10, 20)).outlasts(60 * 60, elapsed=30 * 60) is None
    assert Forecaster([]).forecast(FIRST, elapsed=0, target=HOUR) is None


def test_a_queue_of_its_own_is_asked_first_and_says_how_many_it_was() -> None:
    others = runs(*[90] * 30, kind=FIRST._replace(group_id=2))
    found = Forecaster(runs(*[10] * 20) + others).forecast(FIRST, elapsed=0, target=HOUR)

    assert found is not None
    assert (found.based_on, found.alike) == (20, "same group and priority")
    assert found.probability == pytest.approx(0.5 / 21)


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        pytest.param(FIRST._replace(group_id=2), "same priority", id="another group"),
        pytest.param(FIRST._replace(priority="low"), "same metric", id="another priority"),
    ],
)
def test_too_few_alike_widen_the_circle(other: Kind, alike: str) -> None:
    known = runs(*[10] * 19) + runs(*[90] * 21, kind=other)
    found = Forecaster(known).forecast(FIRST, elapsed=0, target=HOUR)

    assert found is not None
    assert (found.based_on, found.alike) == (40, alike)
    assert found.probability == pytest.approx((21 + 0.5) / 41)


def test_seconds_of_another_unit_or_metric_are_never_compared() -> None:
    known = runs(*[10] * 50, kind=FIRST._replace(business_hours=True))
    known += runs(*[10] * 50, kind=FIRST._replace(metric="next_reply_time"))

    assert Forecaster(known).forecast(FIRST, elapsed=0, target=HOUR) is None


def test_a_target_that_has_passed_is_a_certain_breach() -> None:
    found = Forecaster([]).forecast(FIRST, elapsed=HOUR + 1, target=HOUR)

    assert found is not None
    assert found.probability == 1


def test_calibration_is_what_a_hand_computes() -> None:
    said = [(0.1, False), (0.1, True), (0.9, True), (1.0, True)]
    found = calibrate(Outcome(*one) for one in said)

    assert found is not None
    assert found.brier == pytest.approx((0.01 + 0.81 + 0.01 + 0) / 4)
    assert found.brier_of_the_average == pytest.approx(0.75 * 0.25)
    assert [(one.least, one.predictions, one.predicted, one.happened) for one in found.table] == [
        (0.1, 2, 0.1, 0.5),
        (0.9, 2, 0.95, 1.0),
    ]
    assert calibrate([]) is None


def test_open_hours_count_what_lies_inside_them() -> None:
    hours = OpenHours([(100, 200, 0), (300, 400, 100)])

    assert hours.seconds(0, 500) == 200
    assert hours.seconds(150, 350) == 100
    assert hours.seconds(200, 300) == 0
    assert hours.seconds(350, 150) == 0


def test_pauses_do_not_count_in_the_past_either() -> None:
    paused = PastClock(
        kind=FIRST,
        started=0,
        ended=500,
        breached=None,
        target=900,
        elapsed=300,
        known_at=900,
        pauses=[(100, 300)],
    )

    assert [paused.run_by(at) for at in (50, 200, 400, 900)] == [50, 100, 200, 300]
    assert [paused.is_running(at) for at in (50, 200, 400, 900)] == [True, False, True, False]
    assert adds_up(paused)


def test_replay_knows_nothing_that_came_later() -> None:
    """At second 100 all clocks that had ended were quick; the slow ones come after it."""
    quick = [past_clock(0, 50) for _ in range(20)]
    asked = past_clock(60, 60 + 2 * HOUR)
    slow = [past_clock(150, 150 + 3 * HOUR) for _ in range(50)]
    still_unknown = past_clock(70, None)
    (outcome,) = replay([*quick, asked, *slow, still_unknown], [100])

    assert outcome.breached is True
    assert outcome.probability == pytest.approx(0.5 / 21)


def test_forecasts_of_a_steady_queue_are_calibrated() -> None:
    """Clocks that end at random but at a steady pace breach as often as it is said."""
    chance = random.Random(5)
    clocks = [
        past_clock(start, start + int(chance.expovariate(1 / HOUR)))
        for start in range(0, 14 * 24 * HOUR, 600)
    ]
    found = calibrate(replay(clocks, instants_between(24 * HOUR, 13 * 24 * HOUR)))

    assert found is not None
    assert found.predictions > 50
    assert sum(one.predictions * (one.predicted - one.happened) for one in found.table) == (
        pytest.approx(0, abs=0.1 * found.predictions)
    )
