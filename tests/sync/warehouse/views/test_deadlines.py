"""The deadline of a ticket that comes first, whoever set it."""

from sqlalchemy import Engine

from sync.warehouse.tables.marks import ticket_marks
from tests.support.warehouse import hour, put, put_clock, put_people, put_ticket, seen


def test_of_several_clocks_the_nearest_deadline_is_shown(any_engine: Engine) -> None:
    put_people(any_engine)
    for ticket_id in (1, 2, 3):
        put_ticket(any_engine, ticket_id, deleted_at=hour(1) if ticket_id == 3 else None)
    put(any_engine, ticket_marks, {"ticket_id": 1, "severity": "S2", "read_at": hour(0)})
    for ticket_id, metric, source, due in (
        (1, "first_reply_time", "zendesk", hour(3)),
        (1, "severity_first_answer", "desk", hour(1)),
        (1, "vara_final_answer", "regulation", hour(400)),
        (2, "vara_final_answer", "regulation", hour(400)),
        (3, "first_reply_time", "zendesk", hour(1)),
    ):
        put_clock(any_engine, ticket_id, metric, "active", source=source, due_at=due)
    put_clock(any_engine, 2, "first_reply_time", "paused", due_at=None)

    columns = ("ticket_id", "metric", "source", "clocks_running", "severity")
    assert seen(any_engine, "nearest_deadlines", *columns) == [
        (1, "severity_first_answer", "desk", 3, "S2"),
        (2, "vara_final_answer", "regulation", 1, None),
    ]
