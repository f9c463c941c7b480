"""No secret enters the warehouse, in whatever record and field it comes."""

import json
import random
from typing import Any

import pytest
from msgspec import Raw
from sqlalchemy import Engine, select

from integrations.redaction.redactor import Redactor
from integrations.runtime.database import metadata, reading, transaction
from sync.mirror.arrival import Arrival
from sync.mirror.landing import land
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.history import ticket_audits
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import tickets
from tests.support import planted
from tests.support.mirror import NOON, make_audit, make_comment, make_ticket, make_user, raws, rows

SEED = planted.english_seed(random.Random(7))
WORD = planted.password(random.Random(7))
TEXT = f"my seed phrase: {SEED}, password: {WORD}"
ARRIVAL = Arrival("tickets", Source.EXPORT, NOON)


def everything_in(engine: Engine) -> str:
    """Return all that all tables hold, as text."""
    with reading(engine) as connection:
        return json.dumps(
            [
                [str(value) for value in row]
                for table in metadata.sorted_tables
                for row in connection.execute(select(table))
            ],
            ensure_ascii=False,
        )


def put(engine: Engine, table: Any, records: list[Raw]) -> None:
    with transaction(engine) as connection:
        land(connection, table, records, ARRIVAL)


@pytest.mark.parametrize(
    ("table", "record"),
    [
        (tickets, make_ticket(subject=TEXT, raw_subject=TEXT)),
        (tickets, make_ticket(description=TEXT)),
        (tickets, make_ticket(custom_fields=[{"id": 9, "value": TEXT}])),
        (tickets, make_ticket(unknown_to_us={"deep": [TEXT]})),
        (tickets, make_ticket(created_at="never", description=TEXT)),
        (ticket_audits, make_audit(51, [make_comment(52, TEXT)])),
        (users, make_user(notes=TEXT, details=TEXT)),
    ],
    ids=[
        "subject",
        "description",
        "custom field",
        "unknown field",
        "quarantine",
        "comment",
        "user",
    ],
)
def test_secrets_are_taken_out_before_a_record_is_stored(
    any_engine: Engine, table: Any, record: dict[str, Any]
) -> None:
    put(any_engine, table, raws(record))
    found = everything_in(any_engine)

    assert "[REDACTED:SEED" in found
    assert SEED not in found
    assert WORD not in found


def test_a_record_that_is_no_json_is_kept_without_its_secrets(any_engine: Engine) -> None:
    put(any_engine, tickets, [Raw(b'{"id":1,"subject":"' + TEXT.encode())])
    found = everything_in(any_engine)

    assert "[REDACTED:SEED" in found
    assert SEED not in found


def test_the_same_record_again_changes_nothing(any_engine: Engine) -> None:
    put(any_engine, tickets, raws(make_ticket(description=TEXT)))
    once = rows(any_engine, tickets)
    put(any_engine, tickets, raws(make_ticket(description=TEXT)))

    assert rows(any_engine, tickets) == once


def test_what_was_redacted_is_found_by_the_same_search_when_it_is_not(any_engine: Engine) -> None:
    put(any_engine, tickets, raws(make_ticket(description=Redactor().text(TEXT) + " Rosebud")))

    assert "Rosebud" in everything_in(any_engine)
