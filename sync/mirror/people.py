"""Removes what other records say of people that Zendesk erased: origins, networks, addresses."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Engine,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)

from integrations.runtime.database import metadata, reading, transaction
from sync.mirror.arrival import Arrival
from sync.mirror.erasure import any_erased, bury_people, erased_among, note_erased_people
from sync.warehouse.bulk import among
from sync.warehouse.decoding import decoder_of
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.conversations import side_conversation_events
from sync.warehouse.tables.history import ticket_audits, ticket_comments
from sync.warehouse.tables.people import users
from sync.warehouse.tables.quarantine import quarantined_records
from sync.warehouse.tables.rereads import pending_erasures
from sync.warehouse.tables.tickets import tickets
from sync.warehouse.tombstones import is_erased_person
from sync.warehouse.traces import Traces, addresses_of, people_in, without_origin, without_traces
from sync.warehouse.upsert import upsert

CHUNK = 1000  # rows read at once
MOST_WORDS = 50  # looked for in one statement
# Whose record it is: what came from this person tells from where.
OWNERS: Mapping[Table, tuple[str, ...]] = {
    tickets: ("requester_id", "submitter_id"),
    ticket_comments: ("author_id",),
    ticket_audits: ("author_id",),
}
NOT_SWEPT = frozenset({users.name, quarantined_records.name})
IDS_IN_QUARANTINE = ("author_id", "requester_id", "submitter_id", "updater_id", "user_id")
ERASED = '{"erased":true}'


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who was erased, and by which addresses copies of them are found."""

    people: frozenset[int]
    addresses: frozenset[str]


def write_users(connection: Connection, rows: Sequence[Any], arrival: Arrival) -> None:
    """Store people; whom Zendesk erased leaves a tombstone, and copies that are still to go."""
    erased = [row.id for row in rows if is_erased_person(row)]
    note_erased_people(connection, erased, now=arrival.read_at)
    upsert(connection, users, rows, arrival.stamp(), columns=decoder_of(users).columns)
    bury_people(connection, erased, now=arrival.read_at)


def sweep(engine: Engine) -> int:
    """Remove what is left of the people who were erased; return how many people it was.

    Everything is looked through once for all of them, and only if addresses of them were stored.
    """
    with reading(engine) as connection:
        pending = connection.execute(
            select(pending_erasures.c.user_id, pending_erasures.c.traces)
        ).all()
    if not pending:
        return 0
    people = frozenset(row.user_id for row in pending)
    known = {row.user_id for row in pending if row.traces is not None}
    addresses = {each for row in pending for each in row.traces or ()}
    with transaction(engine) as connection:
        addresses |= _addresses_told(connection, known)
        clean_origins(connection, people)
    wanted = Wanted(people, frozenset(addresses))
    for table in _swept_tables():
        with transaction(engine) as connection:
            _sweep_table(connection, table, wanted)
    with transaction(engine) as connection:
        _sweep_quarantine(connection, wanted)
        connection.execute(
            delete(pending_erasures).where(among(connection, pending_erasures.c.user_id, people))
        )
    return len(people)


def clean_arrivals(connection: Connection, table: Table, ids: Collection[Any]) -> None:
    """Remove from rows that were just stored what tells of erased people."""
    if not ids or table not in OWNERS or not any_erased(connection, users):
        return
    owners = [table.c[name] for name in OWNERS[table]]
    query = select(*owners).where(among(connection, table.c.id, ids))
    named = {each for row in connection.execute(query) for each in row if each is not None}
    people = erased_among(connection, users, named)
    if people:
        _clean(connection, table, people, [among(connection, table.c.id, ids)])


def clean_participants(connection: Connection, ids: Collection[str]) -> None:
    """Remove erased people from events of side conversations that were just stored."""
    if not ids or not any_erased(connection, users):
        return
    table = side_conversation_events
    columns = [column for column in table.columns if isinstance(column.type, JSON)]
    for rows in _chunks(connection, table, columns, [table.c.id.in_(ids)]):
        named = people_in([list(row) for row in rows])
        erased = erased_among(connection, users, named)
        if erased:
            traces = Traces(frozenset(erased))
            _rewrite(
                connection, table, rows, lambda value, known=traces: without_traces(value, known)
            )


def clean_origins(connection: Connection, people: Collection[int]) -> None:
    """Remove from all that these people sent where it came from."""
    wrote = select(ticket_comments.c.ticket_id).where(
        among(connection, ticket_comments.c.author_id, people)
    )
    asked = or_(among(connection, tickets.c.requester_id, people), tickets.c.id.in_(wrote))
    _clean(connection, tickets, people, [asked])
    _clean(connection, ticket_comments, people, [])
    _clean(connection, ticket_audits, people, [])


def _clean(connection: Connection, table: Table, people: Collection[int], where: list[Any]) -> None:
    owned = or_(*(among(connection, table.c[name], people) for name in OWNERS[table]))
    traces = Traces(frozenset(people))
    for rows in _chunks(connection, table, [table.c.raw], [owned, *where]):
        _rewrite(
            connection,
            table,
            rows,
            lambda raw: without_traces(without_origin(raw), traces),
        )


def _addresses_told(connection: Connection, people: Collection[int]) -> set[str]:
    """Return by which addresses these people wrote, as their messages tell."""
    if not people:
        return set()
    found: set[str] = set()
    for table, names in OWNERS.items():
        owner = among(connection, table.c[names[0]], people)
        for rows in _chunks(connection, table, [table.c.raw], [owner]):
            found |= {each for row in rows for each in addresses_of(row.raw)}
    return found


def _swept_tables() -> list[Table]:
    """Return every mirrored table that holds JSON, whoever added it."""
    return [
        table
        for table in metadata.sorted_tables
        if "_synced_at" in table.c
        and table.name not in NOT_SWEPT
        and any(isinstance(column.type, JSON) for column in table.columns)
    ]


def _sweep_table(connection: Connection, table: Table, wanted: Wanted) -> None:
    """Look through all JSON of a table for the addresses; for the ids where nobody owns rows."""
    words = [*wanted.addresses, *(() if table in OWNERS else map(str, wanted.people))]
    columns = [column for column in table.columns if isinstance(column.type, JSON)]
    traces = Traces(wanted.people, wanted.addresses)
    for start in range(0, len(words), MOST_WORDS):
        held = _holding(columns, words[start : start + MOST_WORDS])
        for rows in _chunks(connection, table, columns, [held]):
            _rewrite(connection, table, rows, lambda value: without_traces(value, traces))


def _holding(columns: list[Any], words: list[str]) -> ColumnElement[bool]:
    return or_(
        *(
            func.lower(cast(column, Text)).contains(word, autoescape=True)
            for column in columns
            for word in words
        )
    )


def _chunks(
    connection: Connection, table: Table, columns: list[Any], where: list[Any]
) -> Iterator[list[Any]]:
    """Yield the matching rows, some at a time; the first column is their key."""
    (key,) = table.primary_key.columns
    last: Any = None
    while True:
        query = select(key.label("key"), *columns).where(*where).order_by(key).limit(CHUNK)
        if last is not None:
            query = query.where(key > last)
        rows = list(connection.execute(query).all())
        if rows:
            last = rows[-1].key
            yield rows
        if len(rows) < CHUNK:
            return


def _rewrite(connection: Connection, table: Table, rows: list[Any], clean: Any) -> None:
    """Store the JSON of the rows as `clean` returns it, where that is something else."""
    (key,) = table.primary_key.columns
    for name in (name for name in rows[0]._fields if name != "key"):
        changed = []
        for row in rows:
            before = getattr(row, name)
            after = clean(before)
            if after != before:
                changed.append({"number": row.key, "kept": after})
        if changed:
            mark = {"_source": Source.ERASURE.value} if table in OWNERS else {}
            written = update(table).where(key == bindparam("number"))
            connection.execute(written.values({name: bindparam("kept")} | mark), changed)


def _sweep_quarantine(connection: Connection, wanted: Wanted) -> None:
    """Remove the people from records that fit nowhere; what is no JSON goes as a whole."""
    kept = quarantined_records.c
    words = [*wanted.addresses, *map(str, wanted.people)]
    traces = Traces(wanted.people, wanted.addresses)
    for start in range(0, len(words), MOST_WORDS):
        held = _holding([kept.raw], words[start : start + MOST_WORDS])
        for rows in _chunks(connection, quarantined_records, [kept.raw], [held]):
            _rewrite(connection, quarantined_records, rows, lambda raw: _cleaned(raw, traces))


def _cleaned(raw: str, traces: Traces) -> str:
    try:
        record = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ERASED
    if isinstance(record, dict) and any(
        record.get(name) in traces.people for name in IDS_IN_QUARANTINE
    ):
        record = without_origin(record)
    return msgspec.json.encode(without_traces(record, traces)).decode()
