"""Which policy applies to a ticket."""

from typing import Any

import pytest

from integrations.runtime.errors import BadRecord
from sync.sla.policies import Filter, PolicyBook, Target, read_policy
from tests.support.sla import FIRST, make_policy

STATE = {
    "type": "incident",
    "tags": ["vip", "gold"],
    "group_id": 51,
    "360001": True,
    "brand_id": None,
}


def holds(field: str, operator: str, value: Any) -> bool:
    policy = make_policy(all_of=[{"field": field, "operator": operator, "value": value}])
    return policy.filter.matches(STATE)


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
        pytest.param("type", "greater_than", "a", id="an operator nobody documents"),
    ],
)
def test_condition_does_not_hold(field: str, operator: str, value: Any) -> None:
    assert not holds(field, operator, value)


def test_any_needs_one_condition_and_all_still_counts() -> None:
    gold = {"field": "current_tags", "operator": "includes", "value": "gold"}
    silver = {"field": "current_tags", "operator": "includes", "value": "silver"}

    assert make_policy(any_of=[silver, gold]).filter.matches(STATE)
    assert not make_policy(any_of=[silver]).filter.matches(STATE)
    assert not make_policy(all_of=[silver], any_of=[gold]).filter.matches(STATE)


def test_an_empty_filter_fits_every_ticket() -> None:
    assert Filter().matches({})


def test_the_lowest_position_wins_not_the_first_in_the_list() -> None:
    book = PolicyBook([make_policy(policy_id=1, position=2), make_policy(policy_id=2, position=1)])
    applied = book.applied(STATE, 0)

    assert applied is not None
    assert applied.id == 2


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

    assert policy.target(FIRST, "high") == Target(seconds=seconds, business_hours=True)


@pytest.mark.parametrize(
    "record",
    [
        pytest.param({}, id="no id"),
        pytest.param({"id": 1, "policy_metrics": [{"metric": FIRST, "target": "soon"}]}, id="text"),
        pytest.param({"id": 1, "filter": {"all": [{"field": "type"}]}}, id="half a condition"),
        pytest.param({"id": 1, "filter": []}, id="a filter that is a list"),
    ],
)
def test_a_policy_of_another_shape_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(BadRecord) as caught:
        read_policy(record)

    assert caught.value.message.startswith("An SLA policy cannot be read")
