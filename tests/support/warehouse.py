"""Rows put straight into the warehouse, and views read as they are queried."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Table, insert, select

from integrations.runtime.database import reading, transaction
from sync.warehouse.tables.history import ticket_field_history
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.sla import sla_clocks
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


def put_change(engine: Engine, event_id: int, field: str, **values: Any) -> None:
    """Insert one value that a field of ticket 1 was given by Ana, or as told."""
    known = {"event_id": event_id, "field": field, "ticket_id": 1, "audit_id": event_id}
    put(engine, ticket_field_history, known | {"author_id": ANA, "via_channel": "web"} | values)


def put_status(
    engine: Engine, *steps: tuple[float, str, str | None], ticket_id: int = 1, author: int = ANA
) -> None:
    """Give a ticket one status after the other: hour, status, and the status before."""
    ends = [hour(start) for start, _, _ in steps[1:]] + [None]
    for number, ((start, status, before), end) in enumerate(zip(steps, ends, strict=True)):
        put_change(
            engine,
            ticket_id * 100 + number,
            "status",
            ticket_id=ticket_id,
            value=status,
            previous_value=before,
            valid_from=hour(start),
            valid_until=end,
            author_id=author,
        )


def put_clock(engine: Engine, ticket_id: int, metric: str, state: str, **values: Any) -> None:
    """Insert a clock of ten minutes that used one, in a state, with what is told about it."""
    known = {"ticket_id": ticket_id, "metric": metric, "instance": 1, "policy_title": "Gold"}
    figures = {"business_hours": False, "started_at": NOON, "elapsed_seconds": 60}
    told = {"state": state, "explanation": "It runs.", "computed_at": NOON, "breached": False}
    put(engine, sla_clocks, known | figures | told | {"target_seconds": 600} | values)


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
