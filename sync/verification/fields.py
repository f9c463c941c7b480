"""Compares expected rows with stored ones field by field, as one page after the other is read."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Engine

from integrations.runtime.database import reading
from sync.verification.checksums import Marked
from sync.verification.compare import differing
from sync.verification.expected import Expected
from sync.verification.spool import State, packed
from sync.verification.stored import look_up
from sync.warehouse.tables.history import ticket_comments


def with_states(
    engine: Engine, rows: Sequence[Expected], private: Collection[int]
) -> Iterator[Marked]:
    """Give each expected row what a comparison with the stored one tells; no checksums."""
    with reading(engine) as connection:
        for table in dict.fromkeys(each.table for each in rows):
            expected = [each for each in rows if each.table is table]
            stored = look_up(connection, table, [each.key for each in expected])
            for each in expected:
                if table is ticket_comments and each.key[0] in private:
                    each.rows[0]["public"] = False
                has = stored[packed(each.key)].rows
                state = State.DOUBTFUL if any(differing(table, has, each)) else State.EQUAL
                yield each, 0, 0, None, state
