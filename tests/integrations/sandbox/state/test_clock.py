"""The record clock: stepped, fast, and how it tells that time has passed."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.runtime.errors import BadInput
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.founding import new_account
from integrations.sandbox.state.clock import RecordClock

NOON = datetime(2031, 3, 3, 12, tzinfo=UTC)


class Scene:
    """A record clock on a machine's clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 50.0
        self.clock = RecordClock(lambda: self.seconds)
        self.clock.step_to(NOON)
        self.clock.stamp()
        self.passed: list[tuple[datetime, datetime]] = []
        self.clock.on_advance.append(lambda since, now: self.passed.append((since, now)))


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_fast_clock_runs_on_from_where_it_is(scene: Scene) -> None:
    scene.clock.run(60)

    scene.seconds += 2

    assert scene.clock.now() == NOON + timedelta(minutes=2)
    assert not scene.clock.is_stepped


def test_a_fast_clock_keeps_its_place_when_the_speed_changes(scene: Scene) -> None:
    scene.clock.run(60)
    scene.seconds += 1
    scene.clock.run(1)

    scene.seconds += 1

    assert scene.clock.now() == NOON + timedelta(seconds=61)


def test_a_fast_clock_can_be_stopped(scene: Scene) -> None:
    scene.clock.run(60)
    scene.seconds += 1

    scene.clock.step_to(NOON + timedelta(hours=1))
    scene.seconds += 10

    assert scene.clock.now() == NOON + timedelta(hours=1)


@pytest.mark.parametrize("speed", [0, -1, 1e9])
def test_a_clock_runs_forwards_and_not_beyond_measure(scene: Scene, speed: float) -> None:
    with pytest.raises(BadInput):
        scene.clock.run(speed)

    assert scene.clock.now() == NOON


def test_a_step_tells_the_listeners_from_when_to_when(scene: Scene) -> None:
    scene.clock.step_to(NOON + timedelta(hours=2))

    assert scene.passed == [(NOON, NOON + timedelta(hours=2))]


def test_a_running_clock_tells_once_a_second(scene: Scene) -> None:
    scene.clock.run(1)
    for _ in range(10):
        scene.seconds += 0.25
        scene.clock.tick()

    assert scene.passed == [
        (NOON, NOON + timedelta(seconds=1)),
        (NOON + timedelta(seconds=1), NOON + timedelta(seconds=2)),
    ]


def test_a_clock_that_stands_still_tells_nothing(scene: Scene) -> None:
    scene.clock.tick()

    assert scene.passed == []


def test_history_is_written_without_telling(scene: Scene) -> None:
    scene.clock.rewind_for_history(NOON - timedelta(days=3))
    scene.clock.stamp()
    scene.clock.rewind_for_history(NOON)
    scene.clock.tick()

    assert scene.passed == []


@pytest.mark.parametrize("year", [1, 1989, 2201, 9999])
def test_the_clock_stays_where_history_and_deadlines_have_room(year: int) -> None:
    clock = RecordClock()

    with pytest.raises(BadInput, match="cannot be set to"):
        clock.step_to(datetime(year, 6, 1, tzinfo=UTC))


def test_no_sandbox_starts_where_its_history_has_no_room() -> None:
    with pytest.raises(BadInput, match="cannot be set to"):
        new_account(SandboxConfig(tickets=1, start=datetime(1, 1, 1, tzinfo=UTC)))
