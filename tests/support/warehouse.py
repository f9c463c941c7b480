"""Rows put straight into the warehouse, and views read as they are queried."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Table, insert, select

from integrations.runtime.database import reading, transaction
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from sync.warehouse.views.creation import VIEWS
from tests.support.mirror import NOON

Row = Mapping[str, Any]
RISK, WALLET = 501, 502  # groups
ANA, BEN, WEI = 11, 12, 9001  # two agents and a customer


def hour(hours: float) -> datetime:
    """Return an instant some hours after the noon that tests count from."""
    return NOON + timedelta(hours=hours)


def put(engine: Engine, table: Table, *rows: Row) -> None:
    """Insert rows; columns that must not be empty and are not told get something harmless."""
    with transaction(engine) as connection:
        for row in rows:
            connection.execute(insert(table).values(_filled(table, row)))


def _filled(table: Table, row: Row) -> dict[str, Any]:
    defaults = {"_synced_at": NOON, "_source": "export", "raw": {}, "created_at": NOON}
    defaults |= {"updated_at": NOON}
    needed = {one.name for one in table.columns if not one.nullable}
    return (
        {name: value for name, value in defaults.items() if name in needed and name in table.c}
        | {name: [] for name in ("tags", "custom_fields") if name in table.c}
        | dict(row)
    )


def put_ticket(engine: Engine, ticket_id: int, **values: Any) -> None:
    """Insert an open ticket of the risk group, with what is told about it."""
    known = {"id": ticket_id, "status": "open", "priority": "normal", "group_id": RISK}
    put(engine, tickets, known | {"requester_id": WEI, "subject": f"Ticket {ticket_id}"} | values)


def put_metrics(engine: Engine, ticket_id: int, **values: Any) -> None:
    """Insert Zendesk's figures of a ticket."""
    put(engine, ticket_metrics, {"id": ticket_id + 5000, "ticket_id": ticket_id} | values)


def put_people(engine: Engine) -> None:
    """Insert two groups, two agents and a customer."""
    put(engine, groups, {"id": RISK, "name": "Risk Control"}, {"id": WALLET, "name": "Wallet"})
    put(
        engine,
        users,
        {"id": ANA, "name": "Ana", "role": "agent", "user_fields": {}},
        {"id": BEN, "name": "Ben", "role": "admin", "user_fields": {}},
        {"id": WEI, "name": "Wei Chen", "role": "end-user", "user_fields": {}},
    )


def seen(engine: Engine, view: str, *columns: str, **where: Any) -> list[tuple[Any, ...]]:
    """Return these columns of a view's rows, sorted by them."""
    table = VIEWS[view].table
    query = select(*(table.c[name] for name in columns))
    query = query.where(*(table.c[name] == value for name, value in where.items()))
    with reading(engine) as connection:
        return sorted((tuple(row) for row in connection.execute(query)), key=repr)
