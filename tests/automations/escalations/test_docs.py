"""The page about escalations shows the departments and answer times as the rules have them."""

from automations.escalations.queues import QUEUES, SEVERITIES
from sync.sla.desk_clocks.loading import load_desk_rules
from tests.support.shared import ROOT

PAGE = ROOT / "docs" / "escalations.md"


def spoken(seconds: int) -> str:
    minutes = seconds // 60
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"


def row(code: str) -> str:
    queue, department = QUEUES[code], load_desk_rules().departments[code].at(0)
    times = [spoken(department.seconds[severity]) for severity in SEVERITIES]
    return f"| {' | '.join([code, queue.name_en, queue.name_zh, f'`{queue.tag}`', *times])} |"


def test_the_page_shows_every_queue_with_its_times() -> None:
    lines = PAGE.read_text("utf-8").splitlines()

    assert [row(code) for code in QUEUES if row(code) not in lines] == []
