"""Grading grows with the length of a text, whatever stands in it."""

import time
from datetime import UTC, datetime

import pytest

from automations.triage.context import Context
from automations.triage.grading import grade
from automations.triage.mail_history import own_words

SMALL = 20_000
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def seconds(text: str) -> float:
    begun = time.process_time()
    own_words(text)
    grade(
        "A",
        "A1",
        text,
        secondary=(),
        signals={},
        secrets=(),
        context=Context(now=NOW, written_at=NOW),
    )
    return time.process_time() - begun


@pytest.mark.parametrize(
    "bait",
    [
        *("hack ", "hack right now", "they are ", "they are moving ", "still ", "i am ", "7"),
        *("no one ", "never a b ", "complain ", "not complain ", "how ", "20", "2026-1", "1月1"),
        *("1 ago ", "今天", "威胁", "不投诉", "为什么", "赶紧", "正在", "reported to the "),
        *("on a\n", "on wrote\n", "from:\n", "from: subject: sent:\n", "> \n", "-- \n", "写道\n"),
    ],
)
def test_work_grows_with_the_length(bait: str) -> None:
    small = min(seconds(bait * (SMALL // len(bait))) for _ in range(3))
    large = min(seconds(bait * (8 * SMALL // len(bait))) for _ in range(2))

    assert large < 30 * small + 0.05  # squares would be 64 times as much
