"""Key figures of a small world, against what a hand computes, and their page."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from integrations.runtime.database import reading
from sync.kpis.figures import figures
from sync.kpis.page import build_page, statement
from sync.warehouse.tables.aftermath import satisfaction_ratings
from sync.warehouse.tables.marks import ticket_marks
from sync.warehouse.tables.tickets import ticket_tags
from sync.warehouse.views.kpis import KPIS
from tests.support.mirror import NOON
from tests.support.warehouse import hour, put, put_clock, put_metrics, put_people, put_ticket

PAGE = Path(__file__).resolve().parents[3] / "docs" / "kpis.md"
DAY = date(2025, 3, 3)  # the world's tickets are created and solved on it, but for ticket 5
LEFT_OUT = (6, 7, 8)  # advertising, merged, deleted
FIGURES = {
    "first_reply": (60 * (10 + 20 + 60) / 3, 3),  # 1, 2 and 4
    "lead_time": (60 * (60 + 120 + 300) / 3, 3),  # 1, 2 and 3
    "handling_time": (60 * (30 + 90 + 240) / 3, 3),  # waited 40, 100, 240; on hold 10, 10, 0
    "resolution_rate": (3 / 5, 5),
    "reopen_rate": (1 / 3, 3),  # 2; 4 was reopened and is not solved again
    "one_touch": (2 / 3, 3),  # 1 and 3; 2 was reopened
    "csat": (1 / 2, 2),  # 1 is good at last, 2 is bad; 3 was only offered a rating
    "backlog": (2, 2),  # 4 and 5
    "escalation_rate": (2 / 5, 5),  # 1 and 4
    "sla_attainment": (2 / 3, 3),
}


@pytest.fixture
def world(any_engine: Engine) -> Engine:
    put_people(any_engine)
    for ticket_id in range(1, 9):
        status = "solved" if ticket_id in {1, 2, 3, *LEFT_OUT} else "open"
        created = hour(24 if ticket_id == 5 else 0)
        gone = hour(3) if ticket_id == 8 else None
        put_ticket(any_engine, ticket_id, status=status, created_at=created, deleted_at=gone)
    put_metrics(any_engine, 1, **_times(10, 60, 40, 10), replies=1, reopens=0, solved_at=hour(1))
    put_metrics(any_engine, 2, **_times(20, 120, 100, 10), replies=1, reopens=1, solved_at=hour(2))
    put_metrics(any_engine, 3, **_times(None, 300, 240, 0), replies=0, reopens=0, solved_at=hour(5))
    put_metrics(any_engine, 4, **_times(60, 90, 90, 0), replies=4, reopens=1, solved_at=hour(6))
    _put_what_is_left_out(any_engine)
    for number, (ticket_id, score, start) in enumerate(
        ((1, "bad", 2), (1, "good", 3), (2, "bad", 3), (3, "offered", 6), (7, "good", 1)), start=1
    ):
        rating = {"id": number, "ticket_id": ticket_id, "score": score, "created_at": hour(start)}
        put(any_engine, satisfaction_ratings, rating)
    for ticket_id, queue in ((1, "SEC"), (2, None), (4, "CMP")):
        put(any_engine, ticket_marks, {"ticket_id": ticket_id, "queue": queue, "read_at": NOON})
    _put_clocks(any_engine)
    return any_engine


def _times(reply: int | None, lead: int, wait: int, hold: int) -> dict[str, int | None]:
    return {
        "reply_time_minutes": reply,
        "full_resolution_minutes": lead,
        "requester_wait_minutes": wait,
        "on_hold_minutes": hold,
    }


def _put_what_is_left_out(engine: Engine) -> None:
    for ticket_id in LEFT_OUT:
        times = _times(1, 1, 1, 0)
        put_metrics(engine, ticket_id, **times, replies=1, reopens=0, solved_at=hour(1))
    put(engine, ticket_tags, {"ticket_id": 7, "tag": "closed_by_merge"})
    put(engine, ticket_tags, {"ticket_id": 1, "tag": "closed_in_time"})
    put(engine, ticket_marks, {"ticket_id": 6, "family": "X", "read_at": NOON})


def _put_clocks(engine: Engine) -> None:
    ended = {"fulfilled_at": hour(1)}
    put_clock(engine, 1, "first_reply_time", "achieved", **ended)
    put_clock(engine, 2, "first_reply_time", "achieved", **ended)
    missed = {"breached": True, "breach_at": hour(2)}
    put_clock(engine, 3, "first_reply_time", "active", **missed)
    put_clock(engine, 4, "first_reply_time", "active")
    unknown = {"started_at": None, "elapsed_seconds": None, "breached": None}
    put_clock(engine, 5, "first_reply_time", "unknown", **unknown, target_seconds=None)
    put_clock(engine, 1, "agent_work_time", "achieved", **ended, target_seconds=None)
    put_clock(engine, 7, "first_reply_time", "achieved", **ended)


def test_every_figure_is_what_a_hand_computes(world: Engine) -> None:
    with reading(world) as connection:
        found = {one.kpi.name: (one.value, one.of) for one in figures(connection)}

    assert {name: of for name, (_, of) in found.items()} == {
        name: of for name, (_, of) in FIGURES.items()
    }
    for name, (value, _) in FIGURES.items():
        assert found[name][0] == pytest.approx(value), name


def test_the_sql_of_the_page_computes_the_same(world: Engine) -> None:
    with reading(world) as connection:
        for kpi in KPIS:
            value = connection.execute(text(statement(kpi))).scalar_one()
            assert float(value) == pytest.approx(FIGURES[kpi.name][0]), kpi.name


def test_figures_of_a_span_count_its_days_but_the_backlog_is_of_now(world: Engine) -> None:
    with reading(world) as connection:
        that_day = {
            one.kpi.name: one for one in figures(connection, since=DAY, until=date(2025, 3, 4))
        }
        before = {one.kpi.name: one for one in figures(connection, until=DAY)}

    assert that_day["resolution_rate"].of == 4
    assert that_day["resolution_rate"].value == pytest.approx(3 / 4)
    assert (before["first_reply"].value, before["first_reply"].of) == (None, 0)
    assert before["backlog"].value == 2


def test_the_page_says_what_the_figures_say() -> None:
    assert PAGE.read_text("utf-8") == build_page(), "run: python -m sync.kpis.page > docs/kpis.md"


def test_every_statement_of_the_page_finds_an_answer(world: Engine) -> None:
    statements = re.findall(r"```sql\n(.*?);\n```", build_page(), re.DOTALL)

    assert len(statements) == len(KPIS) + 1
    with reading(world) as connection:
        for each in statements:
            assert connection.execute(text(each)).first() is not None, each


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.name)
def test_a_figure_is_defined_in_one_sentence(kpi: object) -> None:
    sentence = getattr(kpi, "sentence", "")

    assert sentence.endswith(".")
    assert sentence.count(".") == 1
