"""Tickets that agents made wait: each pause, and who pauses while a customer is unanswered.

Pending and on hold stop most clocks. A pause that follows the customer's last public word, with no
public answer between or with it, stops them without anything having been said.
"""

from sqlalchemy import BigInteger, Integer, case, cast, func, select

from sync.warehouse.tables.history import ticket_comments, ticket_field_history
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.tickets import tickets
from sync.warehouse.views.days import AGENTS
from sync.warehouse.views.view import View, seconds_between

WORKED_ON, PAUSED = ("new", "open"), ("pending", "hold")
SOON_SECONDS = 3600  # a pause within an hour is "right after" the customer's reply

_pauses = ticket_field_history
_agents, _authors = users.alias("agents"), users.alias("authors")
_said = ticket_comments.alias("said")
_last_word = (
    select(ticket_comments.c.id)
    .where(
        ticket_comments.c.ticket_id == _pauses.c.ticket_id,
        ticket_comments.c.public,
        ticket_comments.c.deleted_at.is_(None),
        ticket_comments.c.created_at <= _pauses.c.valid_from,
    )
    .order_by(ticket_comments.c.created_at.desc(), ticket_comments.c.id.desc())
    .limit(1)
    .correlate(_pauses)
    .scalar_subquery()
)
_unanswered = _authors.c.id.is_not(None) & _authors.c.role.not_in(AGENTS)

ticket_pauses = View(
    name="ticket_pauses",
    comment=(
        "One row per time an agent set a new or open ticket to pending or hold; "
        "deleted tickets are left out."
    ),
    query=select(
        _pauses.c.ticket_id,
        _pauses.c.valid_from.label("paused_at"),
        _pauses.c.value.label("status"),
        _pauses.c.author_id.label("agent_id"),
        _agents.c.name.label("agent_name"),
        case((_unanswered, 1), else_=0).label("unanswered"),
        case((_unanswered, _said.c.created_at)).label("customer_wrote_at"),
        case((_unanswered, seconds_between(_said.c.created_at, _pauses.c.valid_from))).label(
            "seconds_after_reply"
        ),
        _pauses.c.valid_until.label("ended_at"),
        seconds_between(
            _pauses.c.valid_from, func.coalesce(_pauses.c.valid_until, func.now())
        ).label("seconds"),
        tickets.c.group_id,
        groups.c.name.label("group_name"),
    )
    .select_from(
        _pauses.join(tickets, tickets.c.id == _pauses.c.ticket_id)
        .join(_agents, _agents.c.id == _pauses.c.author_id)
        .outerjoin(groups, groups.c.id == tickets.c.group_id)
        .outerjoin(_said, _said.c.id == _last_word)
        .outerjoin(_authors, _authors.c.id == _said.c.author_id)
    )
    .where(
        tickets.c.deleted_at.is_(None),
        _pauses.c.field == "status",
        _pauses.c.value.in_(PAUSED),
        _pauses.c.previous_value.in_(WORKED_ON),
        _agents.c.role.in_(AGENTS),
    ),
    meanings={
        "paused_at": "UTC",
        "status": "pending or hold",
        "agent_id": "users.id of who set it",
        "agent_name": "users.name",
        "unanswered": "1: the last public word was a customer's; 0: staff had answered",
        "customer_wrote_at": "UTC; that word; empty: answered",
        "seconds_after_reply": "from that word to the pause; empty: answered",
        "ended_at": "UTC; when the status changed again; empty: it lasts",
        "seconds": "how long; of a pause that lasts: until the view is read",
        "group_id": "groups.id; its group now",
        "group_name": "groups.name; its group now",
    },
    harmless=frozenset({"status"}),
)

_each = ticket_pauses.query.subquery("each_pause")
_silent = _each.c.unanswered == 1
_at_once = _silent & (_each.c.seconds_after_reply <= SOON_SECONDS)
pause_gaming = View(
    name="pause_gaming",
    comment=(
        "One row per agent who paused tickets: how often while the customer's last word was "
        "unanswered; deleted tickets are left out."
    ),
    query=select(
        _each.c.agent_id,
        _each.c.agent_name,
        func.count().label("pauses"),
        func.count().filter(_silent).label("unanswered"),
        func.count().filter(_at_once).label("right_after_reply"),
        func.count(_each.c.ticket_id.distinct()).filter(_at_once).label("tickets"),
        cast(func.sum(_each.c.seconds).filter(_at_once), BigInteger).label("seconds"),
        cast(func.max(_each.c.seconds).filter(_at_once), Integer).label("longest_seconds"),
    ).group_by(_each.c.agent_id, _each.c.agent_name),
    meanings={
        "agent_id": "users.id",
        "agent_name": "users.name",
        "pauses": "times they set pending or hold",
        "unanswered": "of these: the customer's last public word had no answer yet",
        "right_after_reply": f"of these: within {SOON_SECONDS // 60} minutes of that word",
        "tickets": "different tickets with pauses right after a reply",
        "seconds": "how long pauses right after a reply lasted, together; empty: none",
        "longest_seconds": "the longest of them; empty: none",
    },
)

PAUSE_VIEWS = (ticket_pauses, pause_gaming)
