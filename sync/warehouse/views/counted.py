"""Which tickets figures count: not the deleted, merged and advertising ones."""

from sqlalchemy import FromClause, and_, or_

from sync.warehouse.tables.marks import ticket_marks
from sync.warehouse.tables.tickets import ticket_tags, tickets
from sync.warehouse.views.merges import TAG

ADVERTISING = "X"  # a family of the desk's taxonomy
LEFT_OUT = "deleted, merged and advertising tickets are left out"

_merged = ticket_tags.alias("merged")
is_counted = and_(
    tickets.c.deleted_at.is_(None),
    _merged.c.tag.is_(None),
    or_(ticket_marks.c.family.is_(None), ticket_marks.c.family != ADVERTISING),
)


def with_marks(joined: FromClause) -> FromClause:
    """Join to tickets what `is_counted` looks at: their marks, and whether they were merged."""
    return joined.outerjoin(ticket_marks, ticket_marks.c.ticket_id == tickets.c.id).outerjoin(
        _merged, and_(_merged.c.ticket_id == tickets.c.id, _merged.c.tag == TAG)
    )
