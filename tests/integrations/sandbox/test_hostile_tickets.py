"""Whatever a client writes into a ticket, the sandbox answers it and never stumbles."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.sandbox.routes.imports import IMPORTED
from tests.support.sandbox import Desk, desk_on

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "1",
    [],
    [None],
    [{}],
    [[1]],
    {},
    {"a": 1},
    "\u0000",
)
SAID = ("body", "html_body", "value", "public", "author_id", "uploads")
PERSON = ("user_id", "user_email", "user_name", "action", "id", "email", "name", "locale_id")
LISTS = ("followers", "email_ccs", "collaborators", "additional_collaborators")
TICKET: dict[str, Any] = {"subject": "s", "comment": {"body": "b"}}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with desk_on() as talking:
        talking.ticket()
        yield talking


def stumbles(desk: Desk, method: str, path: str, body: Any) -> bool:
    return desk.call(method, path, json=body).status_code >= 500


@pytest.mark.parametrize("name", sorted(IMPORTED))
def test_any_value_of_a_field_is_answered(desk: Desk, name: str) -> None:
    stumbled = [
        (path, value)
        for value in ODD
        for method, path, body in (
            ("POST", "tickets", {"ticket": TICKET | {name: value}}),
            ("POST", "imports/tickets", {"ticket": TICKET | {name: value}}),
            ("POST", "requests", {"request": TICKET | {name: value}}),
            ("PUT", "tickets/1", {"ticket": {name: value}}),
            ("PUT", "tickets/update_many", {"tickets": [{"id": 1, name: value}]}),
        )
        if stumbles(desk, method, path, body)
    ]

    assert stumbled == []


@pytest.mark.parametrize("name", SAID)
def test_any_part_of_a_comment_is_answered(desk: Desk, name: str) -> None:
    bodies = [{"ticket": {"comment": {"body": "x", name: value}}} for value in ODD]

    assert not any(stumbles(desk, "POST", "tickets", body) for body in bodies)


@pytest.mark.parametrize("name", PERSON)
def test_any_description_of_a_person_is_answered(desk: Desk, name: str) -> None:
    people: list[Any] = [
        {"ticket": TICKET | {kind: [{name: value}]}} for kind in LISTS for value in ODD
    ]
    people += [{"ticket": TICKET | {"requester": {name: value}}} for value in ODD]

    assert not any(stumbles(desk, "POST", "tickets", body) for body in people)


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "tickets/1/merge", "ids"),
        ("POST", "tickets/1/merge", "target_comment"),
        ("POST", "tickets/1/merge", "source_comment_is_public"),
        ("PUT", "comment_redactions/1", "ticket_id"),
        ("PUT", "comment_redactions/1", "html_body"),
        ("PUT", "comment_redactions/1", "external_attachment_urls"),
        ("PUT", "tickets/1/comments/1/redact", "text"),
        ("PUT", "tickets/1/tags", "tags"),
        ("POST", "problems/autocomplete", "text"),
        ("PUT", "attachments/1", "attachment"),
        ("POST", "tickets/create_many", "tickets"),
        ("POST", "imports/tickets/create_many", "tickets"),
    ],
)
def test_any_body_is_answered(desk: Desk, method: str, path: str, name: str) -> None:
    bodies = [{"ids": [9], "ticket_id": 1} | {name: value} for value in ODD]

    assert not any(stumbles(desk, method, path, body) for body in bodies)
