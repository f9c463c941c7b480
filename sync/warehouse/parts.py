"""Tables that repeat a ticket's tags and custom fields row by row, written by the database."""

from collections.abc import Collection

from sqlalchemy import Connection, Table, bindparam, delete, text

from sync.warehouse.bulk import among, pack_numbers
from sync.warehouse.packing import PackedArray
from sync.warehouse.records import ENCODER
from sync.warehouse.tables.tickets import ticket_field_values, ticket_tags

TAGS, VALUES = ticket_tags.name, ticket_field_values.name
ON_POSTGRESQL = {
    TAGS: """
        INSERT INTO ticket_tags (ticket_id, tag)
        SELECT t.id, v.tag
        FROM tickets t CROSS JOIN LATERAL jsonb_array_elements_text(t.tags) AS v(tag)
        WHERE t.id = ANY(CAST(:ids AS BIGINT[]))
        ON CONFLICT DO NOTHING
    """,
    VALUES: """
        INSERT INTO ticket_field_values (ticket_id, field_id, position, value)
        SELECT t.id, (f.entry ->> 'id')::bigint, v.place - 1, v.value
        FROM tickets t
        CROSS JOIN LATERAL jsonb_array_elements(t.custom_fields) AS f(entry)
        CROSS JOIN LATERAL jsonb_array_elements_text(
            CASE jsonb_typeof(f.entry -> 'value') WHEN 'array' THEN f.entry -> 'value'
            ELSE jsonb_build_array(f.entry -> 'value') END
        ) WITH ORDINALITY AS v(value, place)
        WHERE t.id = ANY(CAST(:ids AS BIGINT[])) AND v.value IS NOT NULL
        ON CONFLICT DO NOTHING
    """,
}
ON_SQLITE = {
    TAGS: """
        INSERT INTO ticket_tags (ticket_id, tag)
        SELECT t.id, v.value
        FROM tickets t, json_each(t.tags) v
        WHERE t.id IN (SELECT value FROM json_each(:ids))
        ON CONFLICT DO NOTHING
    """,
    VALUES: """
        INSERT INTO ticket_field_values (ticket_id, field_id, position, value)
        SELECT t.id, f.value ->> '$.id', v.key,
               CASE v.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'
               ELSE CAST(v.value AS TEXT) END
        FROM tickets t, json_each(t.custom_fields) f, json_each(
            CASE json_type(f.value, '$.value') WHEN 'array' THEN f.value -> '$.value'
            ELSE json_array(json(f.value -> '$.value')) END
        ) v
        WHERE t.id IN (SELECT value FROM json_each(:ids)) AND v.type <> 'null'
        ON CONFLICT DO NOTHING
    """,
}


def refresh_parts(connection: Connection, ids: Collection[int]) -> None:
    """Write tags and custom fields of tickets anew, from the tickets as they are stored now.

    Whoever calls has locked these tickets by writing them, so nobody is between.
    """
    is_postgresql = connection.dialect.name == "postgresql"
    statements = ON_POSTGRESQL if is_postgresql else ON_SQLITE
    for table in (ticket_tags, ticket_field_values):
        _forget(connection, table, ids)
        statement = text(statements[table.name])
        if is_postgresql:
            typed = statement.bindparams(bindparam("ids", type_=PackedArray()))
            connection.execute(typed, {"ids": pack_numbers(ids)})
        else:
            connection.execute(statement, {"ids": ENCODER.encode(sorted(ids)).decode()})


def _forget(connection: Connection, table: Table, ids: Collection[int]) -> None:
    connection.execute(delete(table).where(among(connection, table.c.ticket_id, ids)))
