"""The orders in which lists of tickets can be asked for: by cursor few, by page number more."""

from collections.abc import Callable, Sequence
from typing import Any

from integrations.sandbox.state.account import Account
from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Call
from integrations.sandbox.wire.paging import is_by_cursor

PLAIN = "nice_id"
BY_CURSOR = {"id": PLAIN, "updated_at": "updated_at,id", "status": "status,id"}
BY_NUMBER: dict[str, Callable[[Account, Record], Any]] = {
    "created_at": lambda _, ticket: ticket["created_at"],
    "requester": lambda _, ticket: ticket["requester_id"],
    "assignee": lambda _, ticket: ticket["assignee_id"] or 0,
    "group": lambda _, ticket: ticket["group_id"] or 0,
    "assignee.name": lambda account, ticket: _of(account, ticket["assignee_id"], "name"),
    "locale": lambda account, ticket: _of(account, ticket["requester_id"], "locale"),
}


def arranged(call: Call, records: Sequence[Record] | None) -> tuple[Sequence[Record], str, bool]:
    """Return these tickets, or all living ones; their order; and whether they are in it yet.

    With cursors the older `sort_by` and `sort_order` are ignored, as by Zendesk.
    """
    tickets, by_cursor = call.account.tickets, is_by_cursor(call)
    if records is not None:
        records = [one for one in records if not tickets.is_archived(one["id"])]
    name, sign = _wanted(call, by_cursor=by_cursor)
    if by_cursor and name not in BY_CURSOR:
        raise bad_request("InvalidPaginationParameter", "sort is not valid")
    key = BY_NUMBER.get(name)
    if key is not None:
        found = tickets.records(PLAIN) if records is None else records
        by_key = sorted(found, key=lambda one: key(call.account, one), reverse=bool(sign))
        return by_key, PLAIN, True
    order = sign + BY_CURSOR.get(name, PLAIN)
    if records is not None:
        return records, order, False
    if name == "status":
        return tickets.records(PLAIN), order, False
    return tickets.records(order), order, True


def _wanted(call: Call, *, by_cursor: bool) -> tuple[str, str]:
    """Return the name of the wanted order and, if it is to fall, a minus."""
    asked = call.query.get("sort", "")
    is_falling = asked.startswith("-")
    if not asked and not by_cursor:
        asked = call.query.get("sort_by", "")
        is_falling = call.query.get("sort_order") == "desc"
    return asked.lstrip("-") or "id", "-" if is_falling else ""


def _of(account: Account, user_id: int | None, field: str) -> str:
    user = account.users.find(user_id)
    return str(user[field] or "") if user else ""
