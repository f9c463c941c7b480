"""A second opinion: the account read by plain requests, held against what the warehouse says.

It shares no code with the mirror or with `sync verify`, only the names of tables and columns.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import requests
from sqlalchemy import Engine, select

from integrations.runtime.clock import format_instant
from integrations.runtime.database import reading
from sync.warehouse.describe import warehouse_tables
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.tickets import ticket_tags, tickets
from tests.support.sandbox import ADMIN

TIMEOUT_S = 20.0
CARD = "4111111111111111"
TAKEN_OUT = "[REDACTED:CARD"  # how begins what the warehouse has in its place
PLACEHOLDER = re.compile(r"\[REDACTED:[A-Z_]+(?::[0-9a-f]{8})?\]")
TICKET = (
    *("subject", "description", "status", "priority", "type", "assignee_id", "group_id"),
    *("requester_id", "submitter_id", "organization_id", "external_id", "brand_id", "is_public"),
    *("ticket_form_id", "problem_id", "created_at", "updated_at"),
)
TIMES = (
    *("id", "ticket_id", "status", "created_at", "updated_at", "generated_timestamp"),
    *("deleted_at", "erased_at", "handled_version", "_synced_at", "_source"),
)
COMMENT = ("body", "public", "author_id", "created_at")
USER = ("name", "email", "role", "active", "created_at", "updated_at")
GROUP = ("name", "description", "updated_at")
Record = dict[str, Any]


class PlainReader:
    """Reads lists of the account page after page."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.headers["Authorization"] = ADMIN
        self._session.trust_env = False

    def all(self, path: str, key: str) -> Iterator[Record]:
        """Yield every record of a list."""
        query: dict[str, Any] = {"page[size]": 100}
        while True:
            url = f"{self._url}/api/v2/{path}"
            answer = self._session.get(url, params=query, timeout=TIMEOUT_S)
            answer.raise_for_status()
            page = answer.json()
            yield from page[key]
            if not page["meta"]["has_more"]:
                return
            query["page[after]"] = page["meta"]["after_cursor"]


def contradictions(url: str, engine: Engine) -> list[str]:
    """Return every sentence in which the warehouse says something else than the account."""
    reader = PlainReader(url)
    living = {one["id"]: one for one in reader.all("tickets", "tickets")}
    comments = {
        one["id"]: one | {"ticket_id": number}
        for number in living
        for one in reader.all(f"tickets/{number}/comments", "comments")
    }
    stored = _alive(engine, ticket_comments)
    of_living = {key: row for key, row in stored.items() if row["ticket_id"] in living}
    return [
        *_compared("ticket", living, _alive(engine, tickets), TICKET),
        *_compared("comment", comments, of_living, COMMENT),
        *_compared("user", _listed(reader, "users"), _alive(engine, users), USER),
        *_compared("group", _listed(reader, "groups"), _alive(engine, groups), GROUP),
        *_wrong_tags(engine, living),
        *_left_cards(engine, living, comments),
    ]


def remains(engine: Engine, words: Mapping[int, str]) -> list[str]:
    """Return where words of tickets that were deleted for good still stand."""
    found = []
    with reading(engine) as connection:
        for table in warehouse_tables():
            for row in connection.execute(select(table)).mappings():
                text = json.dumps(dict(row), default=str, ensure_ascii=False)
                found += [
                    f"{words[number]} of ticket {number} in {table.name}: {known_of(row)}"
                    for number in words
                    if f'{words[number]}"' in text or f"{words[number]}<" in text
                ]
    return found


def known_of(row: Mapping[Any, Any]) -> str:
    """Return when and how a row came to stand as it does, without what it says."""
    return ", ".join(f"{name} {row[name]}" for name in TIMES if row.get(name) is not None)


def ticket_times(engine: Engine, number: int) -> str:
    """Return when and how a ticket's row came to stand as it does."""
    with reading(engine) as connection:
        rows = connection.execute(select(tickets).where(tickets.c.id == number)).mappings()
        return " / ".join(f"ticket {number}: {known_of(row)}" for row in rows)


def gone_for_good(url: str, numbers: Mapping[int, str]) -> dict[int, str]:
    """Return those of these tickets that are neither there nor in the bin."""
    reader = PlainReader(url)
    there = {one["id"] for one in reader.all("tickets", "tickets")}
    there |= {one["id"] for one in reader.all("deleted_tickets", "deleted_tickets")}
    return {number: word for number, word in numbers.items() if number not in there}


def _listed(reader: PlainReader, name: str) -> dict[int, Record]:
    return {one["id"]: one for one in reader.all(name, name)}


def _alive(engine: Engine, table: Any) -> dict[int, Record]:
    query = select(table).where(table.c.deleted_at.is_(None))
    with reading(engine) as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    if table is users:
        rows = [row for row in rows if row["active"]]
    return {row["id"]: row for row in rows}


def _compared(
    kind: str,
    told: Mapping[int, Record],
    stored: Mapping[int, Record],
    names: tuple[str, ...],
) -> Iterator[str]:
    for number in sorted(told.keys() ^ stored.keys()):
        yield f"{kind} {number} is only in " + ("Zendesk" if number in told else "the warehouse")
    for number in sorted(told.keys() & stored.keys()):
        for name in names:
            ours, theirs = stored[number][name], told[number][name]
            if name.endswith("_at") and ours is not None:
                ours = format_instant(ours)
            said = isinstance(ours, str) and _says(ours, theirs)
            if ours != theirs and not said:
                yield f"{kind} {number}: {name} is {ours!r}, not {theirs!r}"


def _says(ours: str, theirs: object) -> bool:
    """Tell whether a text is the other one, secrets left out of it."""
    around = [re.escape(part) for part in PLACEHOLDER.split(ours)]
    return re.fullmatch(".+".join(around), str(theirs), re.DOTALL) is not None


def _wrong_tags(engine: Engine, living: Mapping[int, Record]) -> Iterator[str]:
    stored: dict[int, set[str]] = {}
    with reading(engine) as connection:
        for number, tag in connection.execute(select(ticket_tags.c.ticket_id, ticket_tags.c.tag)):
            stored.setdefault(number, set()).add(tag)
    for number, ticket in living.items():
        if stored.get(number, set()) != set(ticket["tags"]):
            yield f"ticket {number}: tags {stored.get(number)}, not {ticket['tags']}"


def _left_cards(
    engine: Engine, living: Mapping[int, Record], comments: Mapping[int, Record]
) -> Iterator[str]:
    """Find card numbers, and what stands for them where nobody can read one any more."""
    shown = {one["ticket_id"] for one in comments.values() if CARD in json.dumps(one)}
    shown |= {number for number, ticket in living.items() if CARD in json.dumps(ticket)}
    with reading(engine) as connection:
        for table in warehouse_tables():
            owner = "id" if table is tickets else "ticket_id"
            for row in connection.execute(select(table)).mappings():
                text = json.dumps(dict(row), default=str)
                if CARD in text:
                    yield f"a card number is in {table.name}"
                number = row.get(owner)
                if number in living and number not in shown and TAKEN_OUT in text:
                    yield f"ticket {number}: a redacted card number is left in {table.name}"
