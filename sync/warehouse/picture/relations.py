"""Which column holds the id of which table, read from the columns' own comments."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import Column, Table

_NAMED_TABLE = re.compile(r"\b([a-z_]+)\.id\b")


class Relation(NamedTuple):
    """One column and the table whose id it holds."""

    table: str
    column: str
    target: str


def relations_of(table: Table, known: Collection[str]) -> Iterator[Relation]:
    """Yield the relations of a table to known ones, in the order of its columns.

    A comment that names `users.id` is a relation to users. `ticket_id` needs no comment.
    """
    for column in table.columns:
        target = _target(column)
        if target in known:
            yield Relation(str(table.name), str(column.name), target)


def _target(column: Column[object]) -> str:
    named = _NAMED_TABLE.search(column.comment or "")
    if named:
        return named.group(1)
    return "tickets" if column.name == "ticket_id" else ""
