"""What stays of tickets and people that Zendesk deleted for good: their id, times and kind."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Table

from sync.warehouse.records import Row
from sync.warehouse.tables.bookkeeping import EMPTY
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import tickets

SCRUBBED = "SCRUBBED"  # what Zendesk leaves of the text of a ticket it erased
UNKNOWN = "permanently deleted user"  # and of a name, in lower case
# Numbers and times that name nobody; every other column of a tombstone is empty.
KEPT: Mapping[str, frozenset[str]] = {
    tickets.name: frozenset(
        """
        id status custom_status_id priority type requester_id submitter_id assignee_id group_id
        organization_id brand_id ticket_form_id problem_id via_channel is_public due_at created_at
        updated_at generated_timestamp handled_version deleted_at erased_at _synced_at _source
        """.split()
    ),
    users.name: frozenset(
        """
        id role active suspended custom_role_id created_at updated_at deleted_at erased_at
        _synced_at _source
        """.split()
    ),
}


def is_scrubbed_ticket(row: Any) -> bool:
    """Tell whether a row of `tickets` is what Zendesk shows of a ticket deleted for good."""
    return bool(row.deleted_at) and row.subject == row.description == SCRUBBED


def is_erased_person(row: Any) -> bool:
    """Tell whether a row of `users` is what Zendesk shows of somebody deleted for good.

    Customers choose their names, so the name alone is no proof: nothing else may be left.
    """
    is_nameless = (row.name or UNKNOWN).strip().lower() == UNKNOWN
    return (
        is_nameless
        and row.active is False
        and not (row.email or row.phone or row.external_id or row.tags)
    )


def as_tombstone(table: Table, row: Row) -> Row:
    """Return the row as it is stored: a tombstone when Zendesk shows that nothing else is left."""
    is_erased = ERASED_IN.get(table.name)
    if is_erased is None or not is_erased(SimpleNamespace(**row)):
        return row
    values = emptied(table) | {"raw": raw_tombstone(row["id"])}
    return row | {name: value for name, value in values.items() if name in row}


def emptied(table: Table) -> Row:
    """Return the values of all columns that a tombstone does not keep, but for `raw`."""
    return {
        column.name: column.info.get(EMPTY)
        for column in table.columns
        if column.name not in KEPT[table.name] and column.name != "raw"
    }


def raw_tombstone(number: int) -> dict[str, Any]:
    """Return the raw record of a tombstone."""
    return {"id": number, "erased": True}


ERASED_IN: Mapping[str, Callable[[Any], bool]] = {
    tickets.name: is_scrubbed_ticket,
    users.name: is_erased_person,
}
