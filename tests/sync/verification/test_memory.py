"""However many rows there are, a comparison holds only some of them at once."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Raw
from sqlalchemy import Engine, text

from integrations.runtime.database import transaction
from sync.verification.checksums import compare_keys
from sync.verification.expected import Expected, Origin
from sync.verification.spool import State, spool_for
from sync.warehouse.tables.tickets import ticket_tags, tickets

ROWS = 200_000
TAG = "x" * 200  # all rows together are over 40 MB
ALLOWED = 24 * 1024 * 1024
NUMBERS = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
    INSERT INTO ticket_tags (ticket_id, tag) SELECT i, :tag FROM n
"""


def resident() -> int:
    """Return how much memory the process occupies, in bytes."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_200_000_rows_do_not_grow_a_comparison(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        connection.execute(text(NUMBERS), {"rows": ROWS, "tag": TAG})
    highest = before = resident()

    def shown() -> Iterator[tuple[Expected, int, int, None, State]]:
        nonlocal highest
        now, nothing = datetime(2025, 3, 3, tzinfo=UTC), Origin(tickets, Raw(b"{}"))
        for number in range(1, ROWS):  # the last one is not shown
            if number % 10_000 == 0:
                highest = max(highest, resident())
            yield Expected(ticket_tags, (number,), (), nothing, now), number, 0, None, State.EQUAL

    with spool_for([tickets, ticket_tags]) as spool:
        spool.show(shown(), page=0)
        compare_keys(any_engine, spool, ticket_tags)
        highest = max(highest, resident())

        assert spool.counts() == {"tickets": 0, "ticket_tags": ROWS - 1}
        assert list(spool.take_extras(ticket_tags)) == [[(ROWS,)]]
    assert highest - before < ALLOWED
