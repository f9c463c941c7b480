"""Views about times and what happened when, on both databases."""

from sqlalchemy import Engine

from sync.warehouse.tables.configuration import ticket_fields
from sync.warehouse.tables.history import ticket_audits, ticket_comments
from tests.support.warehouse import (
    ANA,
    RISK,
    WEI,
    hour,
    put,
    put_change,
    put_metrics,
    put_people,
    put_status,
    put_ticket,
    seen,
)


def test_figures_of_a_ticket_are_zendesks(any_engine: Engine) -> None:
    put_people(any_engine)
    put_ticket(any_engine, 1, status="solved")
    put_ticket(any_engine, 2)
    put_ticket(any_engine, 3, deleted_at=hour(1))
    put_metrics(
        any_engine,
        1,
        reply_time_minutes=30,
        reply_time_business_minutes=12,
        full_resolution_minutes=600,
        reopens=1,
        solved_at=hour(10),
    )
    put_metrics(any_engine, 3, reply_time_minutes=5)

    columns = (
        *("ticket_id", "group_name", "first_reply_minutes", "first_reply_business_minutes"),
        *("full_resolution_minutes", "reopens", "solved_at"),
    )
    assert seen(any_engine, "ticket_times", *columns) == [
        (1, "Risk Control", 30, 12, 600, 1, hour(10)),
        (2, "Risk Control", None, None, None, None, None),
    ]


def test_stays_tell_how_long_a_ticket_had_a_status(any_engine: Engine) -> None:
    put_ticket(any_engine, 1)
    put_ticket(any_engine, 2, deleted_at=hour(1))
    put_status(any_engine, (0, "new", None), (1, "open", "new"), (1.5, "solved", "open"))
    put_status(any_engine, (0, "new", None), (2, "deleted", "new"), ticket_id=2)
    put_change(any_engine, 900, "subject", value="secret words", valid_from=hour(0))

    stays = seen(any_engine, "ticket_stays", "ticket_id", "value", "seconds", "valid_until")

    assert stays[:2] == [(1, "new", 3600, hour(1)), (1, "open", 1800, hour(1.5))]
    ((_, last, lasting, until),) = stays[2:]
    assert (last, until) == ("solved", None)
    assert lasting > 0, "a stay that lasts is counted until now"


def test_stays_of_ten_year_old_tickets_are_no_more_than_their_changes(any_engine: Engine) -> None:
    decade = 10 * 365 * 24
    for ticket_id in range(1, 21):
        put_ticket(any_engine, ticket_id, created_at=hour(-decade), status="open")
        put_status(any_engine, (-decade, "new", None), (0, "open", "new"), ticket_id=ticket_id)
        put_metrics(any_engine, ticket_id, created_at=hour(-decade))

    assert len(seen(any_engine, "ticket_stays", "ticket_id", "value")) == 40
    assert len(seen(any_engine, "open_tickets", "ticket_id")) == 20
    assert seen(any_engine, "tickets_per_day", "created", "solved") == [(20, 0)]


def test_a_reopening_is_a_way_back_from_solved(any_engine: Engine) -> None:
    put_people(any_engine)
    put_ticket(any_engine, 1)
    put_status(
        any_engine,
        (0, "open", None),
        (1, "solved", "open"),
        (2, "open", "solved"),
        (3, "solved", "open"),
        (4, "closed", "solved"),
    )

    columns = ("ticket_id", "reopened_at", "status", "author_id", "group_id")
    assert seen(any_engine, "ticket_reopenings", *columns) == [(1, hour(2), "open", ANA, RISK)]


def test_timeline_tells_updates_comments_and_changes_in_one_order(any_engine: Engine) -> None:
    put_ticket(any_engine, 1)
    put_ticket(any_engine, 2, deleted_at=hour(3))
    put(any_engine, ticket_fields, {"id": 77, "title": "Risk reason", "type": "tagger"})
    for audit_id, ticket_id, start in ((10, 1, 0), (20, 1, 1), (30, 2, 0)):
        audit = {
            "id": audit_id,
            "ticket_id": ticket_id,
            "author_id": WEI,
            "created_at": hour(start),
        }
        put(any_engine, ticket_audits, audit | {"custom_metadata": {}})
        words = {"id": audit_id + 1, "ticket_id": ticket_id, "audit_id": audit_id, "body": "Help"}
        made = {"author_id": WEI, "created_at": hour(start), "attachments": []}
        put(any_engine, ticket_comments, words | made | {"public": audit_id != 20})
    change = {"audit_id": 20, "value": "risk_a1", "previous_value": None, "valid_from": hour(1)}
    put_change(any_engine, 22, "77", **change)

    order = ("happened_at", "audit_id", "event_id", "kind", "field_title", "value")
    assert [row[1:] for row in seen(any_engine, "ticket_timeline", *order, ticket_id=1)] == [
        (10, 10, "update", None, None),
        (10, 11, "public comment", None, "Help"),
        (20, 20, "update", None, None),
        (20, 21, "internal note", None, "Help"),
        (20, 22, "change", "Risk reason", "risk_a1"),
    ]
    assert seen(any_engine, "ticket_timeline", "event_id", ticket_id=2) == []
