"""What keeping sla_clocks right costs on PostgreSQL: all tickets, and one in a hundred.

Part of benchmarks/sla.py --refresh. Measured is all that `riskdesk sla refresh` does, from looking
what is to be done to the last commit; the tickets are put into the warehouse before.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from rich.table import Table
from sla_lives import AGENT, CUSTOMER, OFFICE, START, Life, made_up, policy_record
from sqlalchemy import Engine, create_engine, insert, make_url, text, true

from integrations.runtime.database import create_database_engine, metadata, transaction
from sync.sla import service
from sync.warehouse.bulk import Target, put
from sync.warehouse.stale import note_stale
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import users
from sync.warehouse.tables.policies import schedules, sla_policies
from sync.warehouse.tables.tickets import tickets

POSTGRES = os.environ.get("RISKDESK_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
NOW = START + timedelta(days=60)
STAMP = {"_synced_at": START, "_source": "export"}
GIVEN = STAMP | {"raw": {}, "custom_metadata": {}, "attachments": []}
SHARE = 100  # one ticket in so many changes

Row = tuple[Any, ...]


def measure_refresh(table: Table, count: int) -> None:
    """Fill a warehouse, refresh all of it, then what changed, then nothing."""
    with fresh_postgres() as engine:
        furnish(engine)
        for lives in made_up(count):
            store(engine, [rows_of(life) for life in lives])
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        full = seconds(engine, NOW, everything=True)
        table.add_row(
            f"refresh of all {count:,} tickets", f"{full:.1f} s, {count / full:,.0f} tickets/s"
        )
        nothing = seconds(engine, NOW)
        table.add_row("refresh when nothing happened", f"{nothing:.2f} s, {nothing / full:.2%}")
        change(engine, range(0, count, SHARE))
        some = seconds(engine, NOW)
        table.add_row(f"refresh after 1 in {SHARE} changed", f"{some:.2f} s, {some / full:.2%}")


def seconds(engine: Engine, now: datetime, *, everything: bool = False) -> float:
    """Return how long a refresh took."""
    begin = time.perf_counter()
    for _ in service.refresh_stale(engine, now=now, everything=everything):
        pass
    return time.perf_counter() - begin


@contextmanager
def fresh_postgres() -> Iterator[Engine]:
    """Open a schema of its own, and drop it again."""
    base = make_url(POSTGRES).set(drivername="postgresql+psycopg")
    schema = f"bench_sla_{os.getpid()}"
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    mine = base.update_query_dict({"options": f"-csearch_path={schema}"})
    engine = create_database_engine(mine.render_as_string(hide_password=False))
    try:
        metadata.create_all(engine)
        yield engine
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        admin.dispose()


def furnish(engine: Engine) -> None:
    """Put the account's people, policies and schedule into the warehouse."""
    nobody = {"tags": [], "user_fields": {}, "raw": {}, "updated_at": START}
    people = [{"id": AGENT, "role": "agent"}, {"id": CUSTOMER, "role": "end-user"}]
    week = {name: OFFICE[name] for name in ("id", "time_zone", "intervals")}
    policies = [
        policy_record(number, number, "current_tags", tag)
        for number, tag in enumerate(("vip", "legal", "withdrawal"))
    ]
    with transaction(engine) as connection:
        connection.execute(insert(users), [STAMP | nobody | person for person in people])
        connection.execute(insert(schedules), STAMP | week | {"name": "Office", "raw": {}})
        connection.execute(insert(sla_policies), [STAMP | {"raw": {}} | each for each in policies])


def rows_of(life: Life) -> list[list[Row]]:
    """Return the rows of a ticket: itself, its audits, comments and changes."""
    opening, events = life
    number, first = opening.ticket_id, opening.ticket_id * 100
    fields: dict[str, Any] = dict(opening.fields)
    audits = [(first, number, CUSTOMER, opening.at)]
    comments = [(first, number, first, CUSTOMER, True, "", opening.at)]
    changes: list[Row] = []
    for event in events:
        audit = first + event.id
        audits.append((audit, number, event.author_id, event.at))
        comments.append((audit, number, audit, event.author_id, event.public, "", event.at))
        for name, value in event.changes.items():
            before, fields[name] = fields[name], value
            values = str(value), str(before)
            changes.append((audit, name, number, audit, *values, event.author_id, event.at))
    ticket = (
        *(number, fields["status"], fields["priority"], CUSTOMER, CUSTOMER, fields["group_id"]),
        *("email", fields["tags"], [], opening.at, events[-1].at),
    )
    return [[ticket], audits, comments, changes]


def store(engine: Engine, found: Sequence[list[list[Row]]]) -> None:
    """Write the rows of some tickets."""
    with transaction(engine) as connection:
        for place, target in enumerate(TARGETS):
            rows = [row for parts in found for row in parts[place]]
            put(connection, target, rows, {name: GIVEN[name] for name in target.given})


def change(engine: Engine, ids: Sequence[int]) -> None:
    """Let an agent answer these tickets once more."""
    at = int((NOW - timedelta(minutes=5)).timestamp())
    audits = [(-1 - number, number, AGENT, at) for number in ids]
    comments = [(-1 - number, number, -1 - number, AGENT, True, "", at) for number in ids]
    with transaction(engine) as connection:
        for target, rows in ((TARGETS[1], audits), (TARGETS[2], comments)):
            put(connection, target, rows, {name: GIVEN[name] for name in target.given})
        note_stale(connection, ids)


def target(table: Any, columns: str, seconds_in: str, given: str = "raw") -> Target:
    """Return where rows with these columns go."""
    return Target(
        table,
        tuple(columns.split()),
        (*given.split(), "_synced_at", "_source"),
        lambda _stored, _new: true(),
        frozenset(seconds_in.split()),
    )


TARGETS = (
    target(
        tickets,
        "id status priority requester_id submitter_id group_id via_channel tags custom_fields"
        " created_at updated_at",
        "created_at updated_at",
    ),
    target(ticket_audits, "id ticket_id author_id created_at", "created_at", "raw custom_metadata"),
    target(
        ticket_comments,
        "id ticket_id audit_id author_id public body created_at",
        "created_at",
        "raw attachments",
    ),
    target(
        ticket_field_history,
        "event_id field ticket_id audit_id value previous_value author_id valid_from",
        "valid_from",
        "",
    ),
)
