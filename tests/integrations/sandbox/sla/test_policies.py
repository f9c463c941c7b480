"""SLA policies and group SLA policies as clients write and read them, and which one fits."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.sandbox import Desk, desk_on
from tests.support.shared import shared_file

POLICIES, GROUPS = "slas/policies", "group_slas/policies"
FIRST: dict[str, Any] = {
    "metric": "first_reply_time",
    "priority": "high",
    "target": 60,
    "business_hours": False,
}
OWNED: dict[str, Any] = {"metric": "group_ownership_time", "priority": "high", "target": 1800}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """Give one sandbox to all tests: each makes policies of its own."""
    with desk_on() as desk:
        yield desk


def made(desk: Desk, path: str = POLICIES, **fields: Any) -> Any:
    key = "sla_policy" if path == POLICIES else "group_sla_policy"
    asked = {"title": "Gold", "filter": {"all": [], "any": []}} | fields
    return desk.post(path, {key: asked})[key]


def test_a_policy_has_the_shape_that_was_recorded(desk: Desk) -> None:
    lines = shared_file("zendesk/recorded/sample_records.jsonl").read_text("utf-8").splitlines()
    recorded = next(
        one["record"] for one in map(json.loads, lines) if one["stream"] == "sla_policies"
    )

    policy = made(desk, policy_metrics=[FIRST])

    assert set(policy) == set(recorded)
    assert set(policy["policy_metrics"][0]) == set(recorded["policy_metrics"][0])


def test_a_group_policy_has_a_ulid_and_targets_in_seconds(desk: Desk) -> None:
    chosen = {"all": [{"field": "group_id", "operator": "includes", "value": [6]}]}

    policy = made(desk, GROUPS, filter=chosen, policy_metrics=[OWNED])

    assert len(policy["id"]) == 26
    assert policy["url"].endswith(f"/api/v2/{GROUPS}/{policy['id']}.json")
    assert policy["filter"] == chosen
    assert policy["policy_metrics"] == [OWNED | {"business_hours": False}]
    assert "metric_settings" not in policy


@pytest.mark.parametrize("path", [POLICIES, GROUPS])
def test_a_policy_is_listed_shown_changed_and_deleted(desk: Desk, path: str) -> None:
    key = "sla_policy" if path == POLICIES else "group_sla_policy"
    policy = made(desk, path)
    one = f"{path}/{policy['id']}"

    desk.put(one, {key: {"description": "For some"}})
    shown = desk.get(f"{one}.json")[key]
    listed = desk.get(path)[f"{key.removesuffix('y')}ies"]
    desk.delete(one)

    assert shown["description"] == "For some"
    assert shown in listed
    assert desk.call("GET", one).status_code == 404


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        pytest.param({"title": ""}, "title", id="no title"),
        pytest.param({"filter": None}, "filter", id="no filter"),
        pytest.param({"filter": {"all": [{"operator": "is", "value": 1}]}}, "base", id="no field"),
        pytest.param(
            {"filter": {"any": [{"field": "type", "operator": "like", "value": "x"}]}},
            "base",
            id="an unknown operator",
        ),
        *(
            pytest.param({"policy_metrics": [FIRST | {name: value}]}, "policy_metrics", id=why)
            for why, name, value in (
                ("an unknown metric", "metric", "happiness"),
                ("a metric of groups", "metric", "group_ownership_time"),
                ("an unknown priority", "priority", "extreme"),
                ("no priority", "priority", None),
                ("no target", "target", None),
                ("a target of nothing", "target", 0),
                ("fourteen seconds", "target_in_seconds", 14),
                ("an endless target", "target", 2**63 - 1),
                ("hours of no kind", "business_hours", "sometimes"),
            )
        ),
        pytest.param({"policy_metrics": [FIRST, FIRST]}, "policy_metrics", id="the same twice"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    desk: Desk, fields: dict[str, Any], where: str
) -> None:
    asked = {"title": "Gold", "filter": {}} | fields

    answer = desk.call("POST", POLICIES, json={"sla_policy": asked})

    assert answer.status_code == 422
    assert where in answer.json()["details"]


def test_a_refused_change_changes_nothing(desk: Desk) -> None:
    policy = made(desk, policy_metrics=[FIRST])
    wrong = {"title": "Silver", "policy_metrics": [FIRST | {"priority": "none"}]}

    answer = desk.call("PUT", f"{POLICIES}/{policy['id']}", json={"sla_policy": wrong})

    assert answer.status_code == 422
    assert desk.get(f"{POLICIES}/{policy['id']}")["sla_policy"] == policy


@pytest.mark.parametrize("path", [POLICIES, GROUPS])
@pytest.mark.parametrize("in_query", [True, False])
def test_policies_are_put_into_another_order(path: str, *, in_query: bool) -> None:
    key = "sla_policy" if path == POLICIES else "group_sla_policy"
    plural = f"{key.removesuffix('y')}ies"
    with desk_on() as desk:
        made(desk, path)
        made(desk, path)
        ids = [policy["id"] for policy in desk.get(path)[plural]][::-1]
        asked = {f"{key}_ids": ids}
        query = {f"{key}_ids": ",".join(map(str, ids))}

        answer = desk.call(
            "PUT", f"{path}/reorder", **({"params": query} if in_query else {"json": asked})
        )

        assert (answer.status_code, answer.content) == (200, b"")
        assert [policy["id"] for policy in desk.get(path)[plural]] == ids


def test_an_unknown_policy_cannot_be_put_into_order(desk: Desk) -> None:
    answer = desk.call("PUT", f"{POLICIES}/reorder", json={"sla_policy_ids": [1, [2]]})

    assert answer.status_code == 404


def test_definitions_say_what_a_filter_may_ask(desk: Desk) -> None:
    definitions = desk.get(f"{POLICIES}/definitions")["definitions"]

    groups = next(one for one in definitions["all"] if one["value"] == "group_id")
    assert definitions["any"] == definitions["all"]
    assert {"title": "Legal", "value": str(desk.group_id("Legal"))} in groups["values"]["list"]


def test_definitions_of_group_policies_know_only_the_group(desk: Desk) -> None:
    definitions = desk.get(f"{GROUPS}/definitions")["definitions"]

    (only,) = definitions["all"]
    assert set(definitions) == {"all"}
    assert [one["value"] for one in only["operators"]] == ["includes", "not_includes"]
    assert {"title": "Legal", "value": desk.group_id("Legal")} in only["values"]["list"]
