"""Compares how many records Zendesk counts with how many rows the warehouse holds: few requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table, func, select

from integrations.runtime.database import reading
from sync.streams.stream import Paging, Stream
from sync.warehouse.tables.tickets import tickets

APPROXIMATE_FROM = 100_000  # beyond, Zendesk counts once a day only
LEAVES_OUT_DELETED = "Zendesk's number leaves out deleted records"
LEAVES_OUT_ARCHIVED = "Zendesk's number leaves out archived tickets (some closed ones)"
NOT_COUNTED = "Zendesk has no count for it: `riskdesk sync verify` compares each record"
COUNTED_DAILY = "counted by Zendesk once a day only"


class Reader(Protocol):
    """The part of a Zendesk session that counting needs."""

    def read(self, path: str, params: Mapping[str, str | int] | None = None) -> dict[str, Any]:
        """GET a path and return the JSON object in the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The numbers of one table; `agrees` is None where Zendesk does not count.

    `warehouse` counts rows that are not marked deleted. `least` is smaller where Zendesk's count
    may leave out some of them: any count from `least` to `warehouse` agrees.
    """

    stream: str
    table: str
    warehouse: int
    least: int
    zendesk: int | None
    agrees: bool | None
    remark: str


def count(engine: Engine, session: Reader, streams: Sequence[Stream]) -> list[Counted]:
    """Ask Zendesk for one number a stream and hold it against the warehouse."""
    found = []
    for stream in streams:
        told = _told(session, stream)
        with reading(engine) as connection:
            alive = _alive(connection, stream.table)
            least = alive - _archivable(connection, stream.table)
        found.append(_judged(stream, told, alive=alive, least=least))
    return found


def _judged(stream: Stream, told: int | None, *, alive: int, least: int) -> Counted:
    remark = LEAVES_OUT_ARCHIVED if stream.table is tickets else LEAVES_OUT_DELETED
    agrees: bool | None = None
    if told is None:
        remark = NOT_COUNTED
    elif told > APPROXIMATE_FROM:
        remark = f"{remark}; {COUNTED_DAILY}"
    else:
        agrees = least <= told <= alive
    return Counted(
        stream=stream.name,
        table=str(stream.table.name),
        warehouse=alive,
        least=least,
        zendesk=told,
        agrees=agrees,
        remark=remark,
    )


def _told(session: Reader, stream: Stream) -> int | None:
    """Return Zendesk's own count: from its count endpoint, or the total of a list's first page."""
    if stream.count_path is not None:
        counted = session.read(stream.count_path).get("count")
        return _whole(counted.get("value") if isinstance(counted, dict) else counted)
    if stream.paging is not Paging.FULL_LIST or stream.parent is not None:
        return None
    answer = session.read(stream.path, {**stream.params, "per_page": 1})
    if "count" in answer:
        return _whole(answer["count"])
    records = answer.get(stream.records_key)
    is_all = isinstance(records, list) and not answer.get("next_page") and not _has_more(answer)
    return len(records) if is_all and isinstance(records, list) else None


def _has_more(answer: dict[str, Any]) -> bool:
    meta = answer.get("meta")
    return bool(meta.get("has_more")) if isinstance(meta, dict) else False


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _alive(connection: Connection, table: Table) -> int:
    query = select(func.count()).select_from(table)
    if "deleted_at" in table.c:
        query = query.where(table.c.deleted_at.is_(None))
    return connection.execute(query).scalar_one()


def _archivable(connection: Connection, table: Table) -> int:
    """Return how many rows Zendesk may have archived: it does that to closed tickets only."""
    if table is not tickets:
        return 0
    closed = tickets.c.deleted_at.is_(None), tickets.c.status == "closed"
    query = select(func.count()).select_from(tickets).where(*closed)
    return connection.execute(query).scalar_one()
