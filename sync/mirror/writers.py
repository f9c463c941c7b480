"""Which tables have a writer of their own, because something hangs on their rows."""

from collections.abc import Mapping

from sync.mirror import metric_events, people, writing
from sync.mirror.writing import Writer
from sync.warehouse.tables.aftermath import ticket_deletions
from sync.warehouse.tables.configuration import ticket_fields
from sync.warehouse.tables.conversations import side_conversation_events
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import tickets

WRITERS: Mapping[str, Writer] = {
    tickets.name: writing.write_tickets,
    ticket_deletions.name: writing.write_deletions,
    users.name: people.write_users,
    ticket_fields.name: writing.write_fields,
    side_conversation_events.name: writing.write_side_conversations,
    ticket_metric_events.name: metric_events.write_metric_events,
}
