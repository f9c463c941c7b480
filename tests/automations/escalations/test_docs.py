"""The page about escalations shows the queues and answer times as the code has them."""

from datetime import timedelta
from pathlib import Path

from automations.escalations.queues import QUEUES, SEVERITIES, Queue

PAGE = Path(__file__).resolve().parents[3] / "docs" / "escalations.md"


def row(queue: Queue) -> str:
    times = [spoken(queue.answer_times[severity]) for severity in SEVERITIES]
    return f"| {' | '.join([queue.code, queue.name_en, queue.name_zh, f'`{queue.tag}`', *times])} |"


def spoken(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"


def test_the_page_shows_every_queue_with_its_times() -> None:
    lines = PAGE.read_text("utf-8").splitlines()

    assert [row(queue) for queue in QUEUES.values() if row(queue) not in lines] == []
