"""Which policy applies to a ticket."""

from dataclasses import replace
from typing import Any

import pytest

from sync.sla.choices import DEFAULT_CHOICES
from sync.sla.policies import NO_POLICY, Policy, Target, read_policy
from sync.sla.policy_book import PolicyBook
from tests.support.sla import FIRST, NEXT, WAIT, after, make_policy

STATE = {
    "type": "incident",
    "tags": ["vip", "gold"],
    "group_id": 51,
    "360001": True,
    "brand_id": None,
}
GOLD = {"field": "current_tags", "operator": "includes", "value": "gold"}
SILVER = {"field": "current_tags", "operator": "includes", "value": "silver"}
STRANGE = {"field": "current_tags", "operator": "greater_than", "value": "gold"}


def applied(*policies: Policy, at: int = 0, **state: Any) -> Policy:
    return PolicyBook(policies).applied(STATE | state, at)


def holds(field: str, operator: str, value: Any) -> bool:
    condition = {"field": field, "operator": operator, "value": value}
    return applied(make_policy(all_of=[condition])) is not NO_POLICY


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        pytest.param("type", "is", "incident", id="is"),
        pytest.param("type", "is_not", "question", id="is not"),
        pytest.param("group_id", "is", "51", id="an id written as text"),
        pytest.param("group_id", "includes", [50, 51], id="one of several groups"),
        pytest.param("group_id", "not_includes", ["50"], id="none of several groups"),
        pytest.param("current_tags", "includes", "vip", id="a tag"),
        pytest.param("current_tags", "includes", "none gold", id="one of several tags in a text"),
        pytest.param("current_tags", "not_includes", ["silver"], id="no such tag"),
        pytest.param("custom_fields_360001", "is", "true", id="a custom checkbox"),
        pytest.param("brand_id", "is", "", id="an empty field"),
        pytest.param("organization_id", "is", None, id="a field nobody knows"),
    ],
)
def test_condition_holds(field: str, operator: str, value: Any) -> None:
    assert holds(field, operator, value)


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        pytest.param("type", "is", "question", id="another value"),
        pytest.param("current_tags", "includes", "vi", id="half a tag"),
        pytest.param("current_tags", "not_includes", "vip silver", id="one of the tags is there"),
    ],
)
def test_condition_does_not_hold(field: str, operator: str, value: Any) -> None:
    assert not holds(field, operator, value)


def test_any_needs_one_condition_and_all_still_counts() -> None:
    assert applied(make_policy(any_of=[SILVER, GOLD])) is not NO_POLICY
    assert applied(make_policy(any_of=[SILVER])) is NO_POLICY
    assert applied(make_policy(all_of=[SILVER], any_of=[GOLD])) is NO_POLICY


def test_an_empty_filter_fits_every_ticket_unless_the_account_shows_otherwise() -> None:
    other = PolicyBook([make_policy()], choices=replace(DEFAULT_CHOICES, empty_filter_fits=False))

    assert applied(make_policy()) is not NO_POLICY
    assert other.applied(STATE, 0) is NO_POLICY


def test_the_lowest_position_wins_not_the_first_in_the_list() -> None:
    policies = make_policy(policy_id=1, position=2), make_policy(policy_id=2, position=1)

    assert applied(*policies).id == 2


def test_of_a_policys_versions_the_newest_one_in_force_counts() -> None:
    old = make_policy((FIRST, "normal", 60))
    new = make_policy((FIRST, "normal", 30), active_from=after(10))
    moments = [int(after(minutes).timestamp()) for minutes in (9, 10)]

    assert [applied(new, old, at=at) for at in moments] == [old, new]


def test_a_policy_that_was_deleted_applies_no_more() -> None:
    moment = int(after(10).timestamp())
    policy, end = make_policy(), Policy(id=1, active_from=moment, is_gone=True)

    assert applied(policy, end, at=moment - 1) is policy
    assert applied(policy, end, at=moment) is NO_POLICY


@pytest.mark.parametrize(
    ("target", "seconds"),
    [
        pytest.param({"target": 60}, 3600, id="minutes"),
        pytest.param({"target": 1, "target_in_seconds": 45}, 45, id="seconds win over minutes"),
    ],
)
def test_targets_are_read_in_either_unit(target: dict[str, int], seconds: int) -> None:
    line = {"metric": FIRST, "priority": "high", "business_hours": True, **target}
    policy = read_policy({"id": 1, "policy_metrics": [line]})

    assert policy.target(FIRST, "high") == Target(
        policy_id=1, policy_title="", priority="high", seconds=seconds, business_hours=True
    )


def doubt(policy: Policy, metric: str = FIRST, priority: str = "normal") -> str | None:
    return policy.target(metric, priority).doubt


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param(STRANGE, id="an operator nobody documents"),
        pytest.param({"field": "current_tags"}, id="half a condition"),
        pytest.param({"operator": "is", "value": 1}, id="no field"),
        pytest.param(7, id="a number"),
    ],
)
def test_a_condition_that_nobody_can_answer_leaves_the_policy_in_doubt(condition: Any) -> None:
    unsure = make_policy((FIRST, "normal", 60), all_of=[condition])
    found = applied(unsure, make_policy((FIRST, "normal", 30), policy_id=2, position=2))

    assert "policy 1 may apply" in (doubt(found) or "")


def test_a_filter_that_is_a_list_leaves_the_policy_in_doubt() -> None:
    broken = {"id": 1, "filter": [GOLD], "policy_metrics": []}
    sure = make_policy((FIRST, "normal", 30), policy_id=2, position=2)

    assert doubt(applied(read_policy(broken), sure)) is not None


def test_another_condition_can_settle_what_one_leaves_open() -> None:
    never = make_policy((FIRST, "normal", 60), all_of=[STRANGE, SILVER])
    always = make_policy((FIRST, "normal", 60), policy_id=2, any_of=[STRANGE, GOLD])

    assert applied(never) is NO_POLICY
    assert applied(always) is always


def test_an_earlier_policy_that_fits_surely_settles_it() -> None:
    sure = make_policy((FIRST, "normal", 30), policy_id=2, position=0)

    assert applied(make_policy((FIRST, "normal", 60), all_of=[STRANGE]), sure) is sure


def test_what_no_possible_policy_promises_is_no_doubt() -> None:
    found = applied(
        make_policy((FIRST, "normal", 60), all_of=[STRANGE]),
        make_policy((WAIT, "normal", 60), policy_id=2, position=2),
    )

    assert found.target(NEXT, "normal") == Target(priority="normal")
    assert doubt(found, WAIT) is not None


def test_a_target_that_cannot_be_read_leaves_the_others_alone() -> None:
    lines: list[Any] = [
        {"metric": FIRST, "priority": "normal", "target": "soon"},
        {"metric": FIRST, "priority": "high", "target": 30},
        {"metric": WAIT, "priority": 3, "target": 30},
        {"metric": NEXT, "priority": "normal", "target": 0},
    ]
    policy = read_policy({"id": 1, "policy_metrics": lines})

    assert [doubt(policy), doubt(policy, priority="high")] == [
        "policy 1: its target for first_reply_time cannot be read",
        None,
    ]
    assert doubt(policy, WAIT) is not None
    assert doubt(policy, NEXT) is not None


@pytest.mark.parametrize(
    "record",
    [
        pytest.param({"id": 1, "policy_metrics": {}}, id="targets that are no list"),
        pytest.param({"id": 1, "policy_metrics": ["soon"]}, id="a target that is a text"),
        pytest.param(
            {"policy_metrics": [{"metric": FIRST, "priority": "normal", "target": 1}]}, id="no id"
        ),
    ],
)
def test_targets_of_another_shape_are_all_in_doubt(record: dict[str, Any]) -> None:
    assert doubt(read_policy(record)) is not None


def test_a_policy_whose_position_cannot_be_read_may_come_first() -> None:
    lost = read_policy({"id": 1, "position": "first", "policy_metrics": []})
    sure = make_policy((FIRST, "normal", 30), policy_id=2, position=0)

    assert doubt(applied(lost, sure)) is not None
