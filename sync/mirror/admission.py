"""What of a record may enter the warehouse: everything but credentials and secrets."""

from collections.abc import Iterable

from msgspec import Raw
from sqlalchemy import Connection, Table

from integrations.redaction.keys import redactor_of
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.tickets import ticket_metrics
from sync.warehouse.withheld import admitted

# What nobody ever writes a word in, and what there is the most of.
NUMBERS_ONLY = frozenset({ticket_metrics, ticket_metric_events})


def storable(connection: Connection, table: Table, records: Iterable[Raw]) -> Iterable[Raw]:
    """Return the records of a table as they may be stored, raw records included."""
    kept = admitted(table, records)
    return kept if table in NUMBERS_ONLY else redactor_of(connection).records(kept)
