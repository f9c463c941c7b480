"""Search finds what Zendesk's search reference says that it finds."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.sandbox import Desk, desk_on

NOW = "2026-03-10T12:00:00Z"


@pytest.fixture(scope="module")
def stage() -> Iterator[Desk]:
    """Give a desk with a few tickets that differ in everything that can be searched."""
    with desk_on() as desk:
        desk.set_clock("2026-03-01T08:00:00Z")
        agent = desk.user_id("lin.wei@example.com")
        desk.ticket(
            subject="Frozen withdrawal",
            comment={"body": "My account is frozen since the top-up. Order 77-A"},
            priority="low",
            tags=["frozen", "vip"],
            custom_fields=[{"id": desk.field_id("Exchange UID"), "value": "88112233"}],
        )
        desk.set_clock("2026-03-05T08:00:00Z")
        second = desk.ticket(
            subject="账户被冻结",
            comment={"body": "我的账户被冻结了，请帮忙"},
            requester={"name": "Zhang San", "email": "zhang.san@customer.example"},
            priority="urgent",
            tags=["frozen"],
            assignee_id=agent,
            external_id="case-9",
            type="problem",
        )
        desk.set_clock("2026-03-10T09:00:00Z")
        third = desk.ticket(
            subject="Complaints about fees",
            comment={"body": "Please upgrade my account"},
            priority="normal",
            email_cc_ids=[agent],
        )
        desk.update(second["id"], comment={"body": "We look into it", "author_id": agent})
        desk.update(third["id"], status="solved", assignee_id=agent)
        desk.set_clock(NOW)
        organization = {"name": "Moon Capital", "tags": ["whale"], "notes": "Key account"}
        desk.post("organizations", {"organization": organization})
        yield desk


def found(desk: Desk, query: str, **more: Any) -> list[Any]:
    results = desk.get("search.json", params={"query": query, **more})["results"]
    return [one["id"] if one["result_type"] == "ticket" else one["name"] for one in results]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("type:ticket", [1, 2, 3]),
        ("frozen type:ticket", [1, 2]),
        ("froz type:ticket", [1]),
        ("rozen type:ticket", []),
        ("account my type:ticket", [1, 3]),
        ('"upgrade my account"', [3]),
        ('"account my"', []),
        ("complaint type:ticket", [3]),
        ("冻结", [2]),
        ("账户", [2]),
        ("冻", [2]),
        ('"账户被冻结"', [2]),
        ("结冻", []),
        ("2", [2]),
        ("88112233", [1]),
        ("status:open", [2]),
        ("status<solved", [1, 2]),
        ("status>=open", [2, 3]),
        ("status:new status:open", [1, 2]),
        ("type:ticket -status:solved", [1, 2]),
        ("priority>low", [2, 3]),
        ("priority>=urgent", [2]),
        ("tags:frozen", [1, 2]),
        ('tags:"frozen vip"', [1]),
        ("tags:vip tags:nothing", [1]),
        ("tags:frozen -tags:vip", [2]),
        ("tags:none type:ticket", [3]),
        ("type:ticket created>2026-03-05", [3]),
        ("type:ticket created>=2026-03-05", [2, 3]),
        ("type:ticket created:2026-03-05", [2]),
        ("type:ticket created<2026-03-05", [1]),
        ("type:ticket created<=2026-03-05", [1, 2]),
        ("type:ticket created>2026-03-01T08:00:00Z created<2026-03-10T16:59:59+08:00", [2]),
        ("type:ticket created>4hours", [3]),
        ("type:ticket created<1week", [1]),
        ("type:ticket updated>1days", [2, 3]),
        ("solved>1days", [3]),
        ("solved:2026-03-10", [3]),
        ("requester:zhang.san@customer.example", [2]),
        ('requester:"Zhang San"', [2]),
        ("requester:zhang", [2]),
        ("requester:zhan", []),
        ("assignee:none type:ticket", [1]),
        ("assignee:me", []),
        ("submitter:me", [1, 2, 3]),
        ('commenter:"Lin Wei"', [2]),
        ("cc:lin.wei@example.com", [3]),
        ('group:"Risk Control" type:ticket', [2, 3]),
        ("subject:frozen", [1]),
        ("subject:froz", []),
        ("subject:froz*", [1]),
        ("subject:账户", [2]),
        ("description:upgrade", [3]),
        ('comment:"look into"', [2]),
        ("fieldvalue:88112233", [1]),
        ("fieldvalue:8811*", [1]),
        ("ticket_type:problem", [2]),
        ("via:api type:ticket", [1, 2, 3]),
        ("external_id:case-9", [2]),
        ('brand:"Example Exchange"', [1, 2, 3]),
        ("form:complaint", [1, 2, 3]),
        ("has_attachment:true", []),
        ("has_attachment:false type:ticket", [1, 2, 3]),
        ("subject:fees order_by:created sort:asc", [3]),
    ],
)
def test_a_query_finds_the_tickets_of_the_search_reference(
    stage: Desk, query: str, ids: list[int]
) -> None:
    assert sorted(found(stage, query)) == ids


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("type:user zhang", ["Zhang San"]),
        ("user:zhang", ["Zhang San"]),
        ("email:zhang.san@customer.example", ["Zhang San"]),
        ('type:user name:"lin wei"', ["Lin Wei"]),
        ("role:admin", ["Desk Admin", "riskdesk integration"]),
        ("type:user role:agent lin", ["Lin Wei"]),
        ('type:user group:"Risk Control" lin', ["Lin Wei"]),
        ("type:user is_suspended:true", []),
        ("type:user is_verified:false zhang", ["Zhang San"]),
        ("type:organization moon", ["Moon Capital"]),
        ("type:organization tags:whale", ["Moon Capital"]),
        ("type:organization notes:account", ["Moon Capital"]),
        ("type:organization created>2026-03-09", ["Moon Capital"]),
        ("type:group legal", ["Legal"]),
        ('name:"legal"', ["Legal"]),
    ],
)
def test_a_query_finds_the_people_of_the_search_reference(
    stage: Desk, query: str, names: list[str]
) -> None:
    assert found(stage, query) == names


def test_a_custom_field_is_a_keyword(stage: Desk) -> None:
    field = stage.field_id("Exchange UID")

    assert found(stage, f"custom_field_{field}:88112233") == [1]


def test_results_can_be_put_in_order(stage: Desk) -> None:
    assert found(stage, "type:ticket", sort_by="priority", sort_order="asc") == [1, 3, 2]


def test_an_unknown_keyword_is_text(stage: Desk) -> None:
    assert found(stage, "nobody:knows") == []


@pytest.mark.parametrize(
    "query", ['"', "-", "((((", ":", "a:", "created:x", "\\", "[" * 900, "-:>"]
)
def test_a_strange_query_is_no_error(stage: Desk, query: str) -> None:
    assert stage.call("GET", "search.json", params={"query": query}).status_code == 200


def test_a_search_answers_with_a_count_and_no_facets(stage: Desk) -> None:
    body = stage.get("search.json", params={"query": "type:ticket", "per_page": 2})

    assert (body["count"], body["facets"], len(body["results"])) == (3, None, 2)
    assert "page=2" in body["next_page"]
    assert stage.get("search/count.json", params={"query": "type:ticket"}) == {"count": 3}


def test_a_page_beyond_a_thousand_results_is_refused(stage: Desk) -> None:
    refused = stage.call("GET", "search.json", params={"query": "type:ticket", "page": 11})

    assert refused.status_code == 422
    assert refused.json()["error"] == "invalid"


def test_users_ride_along_with_tickets(stage: Desk) -> None:
    body = stage.get("search.json", params={"query": "status:open", "include": "tickets(users)"})

    assert "Zhang San" in {user["name"] for user in body["users"]}


def test_a_change_is_found_and_what_it_replaced_is_not(desk: Desk) -> None:
    ticket = desk.ticket(subject="Marmalade")
    before = found(desk, "marmalade")
    desk.update(ticket["id"], subject="Honey")

    assert (before, found(desk, "marmalade"), found(desk, "honey")) == ([1], [], [1])


def test_deleted_tickets_are_not_found_and_closed_ones_are(desk: Desk) -> None:
    for status in ("open", "closed"):
        desk.ticket(subject="Lost phone", status=status)
    desk.delete("tickets/1.json")

    assert found(desk, "phone") == [2]


def export(desk: Desk, **more: Any) -> Any:
    asked = {"query": "created>2026-01-01", "filter[type]": "ticket", "page[size]": 2}
    return desk.call("GET", "search/export.json", params=asked | more)


def test_an_export_gives_the_newest_first_page_by_page(stage: Desk) -> None:
    first = export(stage).json()
    second = stage.session.get(first["links"]["next"]).json()

    assert [one["id"] for one in first["results"] + second["results"]] == [3, 2, 1]
    assert (first["meta"]["has_more"], second["meta"]["has_more"]) == (True, False)
    assert first["meta"]["before_cursor"] is first["links"]["prev"] is first["facets"] is None


def test_the_cursor_of_an_export_says_what_zendesk_writes_into_it(stage: Desk) -> None:
    cursor = export(stage).json()["meta"]["after_cursor"]

    content = json.loads(base64.b64decode(cursor))

    assert content["sortValues"] == [1_772_697_600_000, 2]
    assert content["exportedThusFar"] == 2
    assert content["sessionStart"] == content["createdAt"]


def test_an_export_needs_a_type(stage: Desk) -> None:
    assert export(stage, **{"filter[type]": "article"}).status_code == 400


def test_an_export_page_of_more_than_a_thousand_is_refused(stage: Desk) -> None:
    assert export(stage, **{"page[size]": 1001}).status_code == 400


@pytest.mark.parametrize("cursor", ["no", "bm8=", "e30=", "W10=", "bnVsbA=="])
def test_a_cursor_that_is_not_ours_is_refused(stage: Desk, cursor: str) -> None:
    assert export(stage, **{"page[after]": cursor}).status_code == 400


def test_a_cursor_holds_for_its_own_search_only(stage: Desk) -> None:
    cursor = export(stage).json()["meta"]["after_cursor"]

    refused = export(stage, **{"page[after]": cursor, "query": "frozen"})

    assert refused.json()["error"] == "InvalidPaginationParameter"


def test_a_cursor_dies_after_an_hour(desk: Desk) -> None:
    desk.set_clock("2026-03-01T08:00:00Z")
    for _ in range(3):
        desk.ticket()
    cursor = export(desk).json()["meta"]["after_cursor"]
    desk.set_clock("2026-03-01T09:00:00Z")
    in_time = export(desk, **{"page[after]": cursor}).status_code
    desk.set_clock("2026-03-01T09:00:01Z")

    assert (in_time, export(desk, **{"page[after]": cursor}).status_code) == (200, 400)
