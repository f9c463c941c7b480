"""Tickets that were merged into another one."""

from sqlalchemy import BigInteger, cast, select

from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.tickets import ticket_tags, tickets
from sync.warehouse.views.view import View

TAG = "closed_by_merge"  # Zendesk tags the ticket that is closed in favour of another
MERGE = "merge"

_said = ticket_comments
_later = ticket_comments.alias("later")
_source = _said.c.raw["via"]["source"]
_is_newest = ~(
    select(_later.c.id)
    .where(
        _later.c.ticket_id == _said.c.ticket_id,
        _later.c.id > _said.c.id,
        _later.c.raw["via"]["source"]["rel"].as_string() == MERGE,
    )
    .exists()
)

merged_tickets = View(
    name="merged_tickets",
    comment=(
        "One row per ticket that was merged into another one, as the comment on it says; "
        "a merger without a comment is not told, nor are deleted tickets."
    ),
    query=select(
        _said.c.ticket_id,
        cast(_source["from"]["ticket_id"].as_string(), BigInteger).label("merged_into"),
        _said.c.created_at.label("merged_at"),
        _said.c.author_id.label("merged_by"),
    )
    .select_from(
        _said.join(tickets, tickets.c.id == _said.c.ticket_id).join(
            ticket_tags, ticket_tags.c.ticket_id == _said.c.ticket_id
        )
    )
    .where(
        ticket_tags.c.tag == TAG,
        tickets.c.deleted_at.is_(None),
        _source["rel"].as_string() == MERGE,
        _is_newest,
    ),
    meanings={"merged_into": "tickets.id of the ticket that goes on", "merged_at": "UTC"},
    harmless=frozenset({"merged_into"}),
)

MERGE_VIEWS = (merged_tickets,)
