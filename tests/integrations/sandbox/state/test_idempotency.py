"""A creation is remembered for two hours, and not longer."""

import pytest

from integrations.sandbox.state.ticketing import idempotency
from integrations.sandbox.state.ticketing.idempotency import LIFE_S, IdempotentAnswers


class Clock:
    """Stands in for the machine's clock."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(idempotency, "time", clock)
    return clock


def test_an_answer_is_kept_for_two_hours(clock: Clock) -> None:
    answers = IdempotentAnswers()
    answers.keep("key", "digest", "answer")
    clock.now += LIFE_S - 1
    before = answers.find("key", "digest")
    clock.now += 1

    assert before == "answer"
    assert answers.find("key", "digest") is None


def test_old_answers_are_let_go(clock: Clock) -> None:
    answers = IdempotentAnswers()
    answers.keep("old", "digest", "answer")
    clock.now += LIFE_S

    answers.keep("new", "digest", "answer")

    assert list(answers._kept) == ["new"]
