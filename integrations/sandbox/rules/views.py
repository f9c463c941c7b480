"""Views: which tickets they show, in which order and groups, and what stands in each column."""

from collections.abc import Callable
from typing import Any

from integrations.sandbox.rules.conditions import meets
from integrations.sandbox.rules.facts import facts_of_cases
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.fields import PRIORITIES, STATUSES
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

Read = Callable[[Account, TicketCase], Any]


def _of_ticket(name: str) -> Read:
    return lambda _, case: case.record[name]


def _newest(moments: list[tuple[Any, Any]], wanted: Callable[[Any], bool]) -> Any:
    return next((at for at, value in reversed(moments) if wanted(value)), None)


def _assigned(_: Account, case: TicketCase) -> Any:
    return _newest(case.glimpse("timeline").assignees, lambda agent: agent is not None)


def _solved(_: Account, case: TicketCase) -> Any:
    return _newest(case.glimpse("timeline").statuses, lambda status: status == "solved")


def _score(_: Account, case: TicketCase) -> str:
    return str((case.record["satisfaction_rating"] or {}).get("score") or "unoffered")


def _language(account: Account, case: TicketCase) -> Any:
    return (account.users.find(case.record["requester_id"]) or {}).get("locale")


def _updater(account: Account, case: TicketCase) -> str:
    author = account.users.find(case.glimpse("audits", -1)["author_id"])
    return "Agent" if author and author["role"] != "end-user" else "End user"


# name of a column -> (its title, the key in a row, what it holds)
COLUMNS: dict[str, tuple[str, str, Read]] = {
    "nice_id": ("ID", "ticket_id", _of_ticket("id")),
    "subject": ("Subject", "subject", _of_ticket("subject")),
    "description": ("Subject", "subject", _of_ticket("subject")),
    "status": ("Status", "status", _of_ticket("status")),
    "custom_status_id": ("Ticket status", "custom_status_id", _of_ticket("custom_status_id")),
    "priority": ("Priority", "priority", _of_ticket("priority")),
    "type": ("Type", "type", _of_ticket("type")),
    "requester": ("Requester", "requester_id", _of_ticket("requester_id")),
    "submitter": ("Submitter", "submitter_id", _of_ticket("submitter_id")),
    "assignee": ("Assignee", "assignee_id", _of_ticket("assignee_id")),
    "group": ("Group", "group_id", _of_ticket("group_id")),
    "organization": ("Organization", "organization_id", _of_ticket("organization_id")),
    "brand": ("Brand", "brand_id", _of_ticket("brand_id")),
    "ticket_form": ("Ticket form", "ticket_form_id", _of_ticket("ticket_form_id")),
    "created": ("Requested", "created", _of_ticket("created_at")),
    "updated": ("Updated", "updated", _of_ticket("updated_at")),
    "updated_requester": (
        "Requester updated",
        "updated_requester",
        lambda _, case: case.glimpse("timeline").requester_touched,
    ),
    "updated_assignee": (
        "Assignee updated",
        "updated_assignee",
        lambda _, case: case.glimpse("timeline").assignee_touched,
    ),
    "updated_by_type": ("Updater", "updated_by_type", _updater),
    "assigned": ("Assigned", "assigned", _assigned),
    "solved": ("Solved", "solved", _solved),
    "due_date": ("Due date", "due_date", _of_ticket("due_at")),
    "satisfaction_score": ("Satisfaction", "satisfaction_score", _score),
    "locale_id": ("Requester language", "locale", _language),
}
ALIASES = {
    "id": "nice_id",
    "created_at": "created",
    "updated_at": "updated",
    "requester_id": "requester",
    "assignee_id": "assignee",
    "group_id": "group",
    "due_at": "due_date",
    "score": "satisfaction_score",
    "locale": "locale_id",
}
STORES = {
    "requester_id": "users",
    "submitter_id": "users",
    "assignee_id": "users",
    "group_id": "groups",
    "organization_id": "organizations",
    "brand_id": "brands",
    "ticket_form_id": "ticket_forms",
}
RANKS = {"status": STATUSES, "priority": PRIORITIES}


def find_column(account: Account, name: Any) -> Record | None:
    """Return how a column is shown: a built-in one by name, a custom field by id or title."""
    word = ALIASES.get(str(name), str(name))
    if word in COLUMNS:
        return {"id": word, "title": COLUMNS[word][0]}
    for field in account.custom_ticket_fields():
        if word in (str(field["id"]), field["title"]):
            return {"id": field["id"], "title": field["title"], "type": field["type"]}
    return None


def cell(account: Account, case: TicketCase, column: Record) -> tuple[str, Any]:
    """Return (key, value) of one column in the row of a ticket."""
    if column["id"] in COLUMNS:
        _, key, read = COLUMNS[column["id"]]
        return key, read(account, case)
    held = next(
        (one["value"] for one in case.record["custom_fields"] if one["id"] == column["id"]), None
    )
    return str(column["id"]), held


def cases_in(account: Account, view: Record, actor: Record) -> list[TicketCase]:
    """Return the tickets of a view in its order: groups first, then as it sorts."""
    test = meets(account, view["conditions"])
    looked_at = facts_of_cases(account, account.living_tickets(), actor)
    found = [facts.case for facts in looked_at if test(facts)]
    execution = view["execution"]
    for by, order in (
        (execution["sort_by"], execution["sort_order"]),
        (execution["group_by"], execution["group_order"]),
    ):
        column = find_column(account, by) if by is not None else None
        if column:
            found.sort(key=_rank(account, column), reverse=order == "desc")
    return found


def group_of(account: Account, view: Record, case: TicketCase) -> Record | None:
    """Return the group in which a view shows a ticket, or None when it does not group."""
    by = view["execution"]["group_by"]
    column = find_column(account, by) if by not in (None, "") else None
    if column is None:
        return None
    key, value = cell(account, case, column)
    store = STORES.get(key)
    named = getattr(account, store).find(value) if store else None
    return {"id": value, "name": named["name"] if named else value}


def how_many(account: Account, view: Record, actor: Record) -> int:
    """Return how many tickets a view has."""
    test = meets(account, view["conditions"])
    return sum(map(test, facts_of_cases(account, account.living_tickets(), actor)))


def _rank(account: Account, column: Record) -> Callable[[TicketCase], tuple[bool, Any]]:
    """Sort nothing first, words of an order by their place, and everything else as it is."""
    order = RANKS.get(column["id"])

    def rank(case: TicketCase) -> tuple[bool, Any]:
        _, value = cell(account, case, column)
        if value is None:
            return False, 0
        if order:
            return True, order.index(value)
        plain = column["id"] in COLUMNS and not isinstance(value, str)
        return True, value if plain else str(value)

    return rank
