"""Each type of custom field keeps what fits it and refuses the rest."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.sandbox.state.account import Account
from integrations.sandbox.state.clock import RecordClock
from integrations.sandbox.state.refusals import Refusal
from integrations.sandbox.state.ticketing.field_kinds import kept_value
from tests.support.sandbox import Desk, desk_on

OPTIONS = [{"name": name, "value": name} for name in ("btc", "eth", "sol")]


def field(kind: str, **more: Any) -> dict[str, Any]:
    return {"id": 7, "title": "Chain", "type": kind, "custom_field_options": OPTIONS} | more


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with desk_on() as talking:
        yield talking


@pytest.fixture(scope="module")
def account() -> Account:
    return Account(seed=1, clock=RecordClock())


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", 5, "5"),
        ("text", "", None),
        ("integer", 7, "7"),
        ("integer", "-07", "-7"),
        ("decimal", "12.50", "12.50"),
        ("decimal", 3, "3"),
        ("date", "2031-02-28", "2031-02-28"),
        ("date", "2031-02-28T10:00:00Z", "2031-02-28"),
        ("checkbox", "true", True),
        ("checkbox", 0, False),
        ("checkbox", None, False),
        ("multiselect", ["sol", "btc", "unknown"], ["btc", "sol"]),
        ("multiselect", [], None),
        ("partialcreditcard", "4242", "XXXXXXXXXXXX4242"),
        ("partialcreditcard", "XXXXXXXXXXXX4242", "XXXXXXXXXXXX4242"),
    ],
)
def test_a_fitting_value_is_kept(account: Account, kind: str, given: Any, kept: Any) -> None:
    assert kept_value(account, field(kind), given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", {"a": 1}),
        ("integer", "7.5"),
        ("integer", True),
        ("integer", [1]),
        ("decimal", "12,50"),
        ("date", "28.02.2031"),
        ("date", "2031-02-30"),
        ("checkbox", "maybe"),
        ("multiselect", 7),
        ("partialcreditcard", "4111111111111111"),
        ("lookup", "x"),
    ],
)
def test_another_value_is_refused_by_the_name_of_the_field(
    account: Account, kind: str, given: Any
) -> None:
    with pytest.raises(Refusal) as caught:
        kept_value(account, field(kind), given)

    (problem,) = caught.value.body["details"]["base"]
    assert caught.value.status == 422
    assert problem["description"] == "Chain: is invalid"
    assert problem["ticket_field_id"] == 7


def test_a_pattern_is_applied_unless_it_may_take_for_ever(account: Account) -> None:
    uid = field("regexp", regexp_for_validation=r"\A[0-9]{8}\z")
    endless = field("regexp", regexp_for_validation=r"\A(a+)+\z")

    with pytest.raises(Refusal):
        kept_value(account, uid, "123")

    assert kept_value(account, uid, "12345678") == "12345678"
    assert kept_value(account, endless, "a" * 60 + "!") == "a" * 60 + "!"


def test_a_lookup_names_a_record_that_exists(desk: Desk) -> None:
    state = desk.sandbox.state
    lookup = field("lookup", relationship_target_type="zen:user")
    agent = desk.user_id("lin.wei@example.com")

    with pytest.raises(Refusal):
        kept_value(state, lookup, 5)

    assert kept_value(state, lookup, agent) == str(agent)


def test_tags_follow_a_multiselect_and_lead_it(desk: Desk) -> None:
    asked = {"type": "multiselect", "title": "Assets", "custom_field_options": OPTIONS}
    number = desk.post("ticket_fields.json", {"ticket_field": asked})["ticket_field"]["id"]
    ticket = desk.ticket(custom_fields=[{"id": number, "value": ["sol", "btc"]}])["id"]
    chosen = desk.get(f"tickets/{ticket}.json")["ticket"]["tags"]

    after = desk.update(ticket, additional_tags=["eth"], remove_tags=["sol"])["ticket"]

    assert chosen == ["btc", "sol"]
    assert {"id": number, "value": ["btc", "eth"]} in after["custom_fields"]


def test_required_fields_of_the_form_are_filled_in_before_solving(desk: Desk) -> None:
    state = desk.sandbox.state
    fields = [state.ticket_fields.where(title=title)[0] for title in ("Priority", "Amount")]
    number = desk.ticket(assignee_email="lin.wei@example.com")["id"]
    for one in fields:
        one["required"] = True

    refused = desk.call("PUT", f"tickets/{number}.json", json={"ticket": {"status": "solved"}})
    amount = [{"id": desk.field_id("Amount"), "value": "5"}]
    solved = desk.update(number, status="solved", priority="low", custom_fields=amount)["ticket"]

    for one in fields:
        one["required"] = False
    assert refused.status_code == 422
    assert [
        (one["description"], one["ticket_field_type"]) for one in refused.json()["details"]["base"]
    ] == [
        ("Priority: is required when solving a ticket", "FieldPriority"),
        ("Amount: is required when solving a ticket", "FieldText"),
    ]
    assert solved["status"] == "solved"
