"""Complexity says how much a complaint asks of whoever works on it."""

import pytest

from automations.triage.complexity import judge_complexity
from automations.triage.context import NOTHING_KNOWN, Context
from automations.triage.taxonomy import COMPLEXITY

BITCOIN = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
ETHER = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"


@pytest.mark.parametrize(
    ("code", "given", "level", "points"),
    [
        pytest.param("C2", {}, "simple", (), id="the desk's own answer ends it"),
        pytest.param("C1", {}, "normal", (), id="ordinary"),
        pytest.param("C2", {"amount": "11,000 usd"}, "normal", ("considerable_amount",), id="10k"),
        pytest.param("C1", {"amount": "60,000 usd"}, "complex", ("large_amount",), id="60k"),
        pytest.param("G5", {}, "complex", ("legal",), id="lawyers"),
        pytest.param("C4", {}, "complex", ("legal",), id="judicial freeze"),
        pytest.param("E4", {}, "normal", ("cross_department",), id="two departments"),
        pytest.param("C1", {"fact": "minor"}, "normal", ("special_care",), id="minor"),
        pytest.param("C1", {"fact": "regulator_or_press"}, "complex", ("legal",), id="regulator"),
    ],
)
def test_points_make_the_level(
    code: str, given: dict[str, str], level: str, points: tuple[str, ...]
) -> None:
    amounts = {"amount": (given["amount"],)} if "amount" in given else {}
    facts = {given["fact"]} if "fact" in given else set()

    found = judge_complexity(
        code[0],
        code,
        secondary=(),
        facts=facts,
        signals=amounts,
        context=NOTHING_KNOWN,
    )

    assert (found.level, found.reasons) == (level, points)


def test_reasons_of_another_department_make_it_complex() -> None:
    found = judge_complexity(
        "C", "C1", secondary=("E1",), facts=(), signals={}, context=NOTHING_KNOWN
    )

    assert (found.level, found.reasons) == ("complex", ("several_reasons", "cross_department"))


def test_two_chains_and_a_long_history_make_it_complex() -> None:
    found = judge_complexity(
        "A",
        "A1",
        secondary=(),
        facts=(),
        signals={"address": (BITCOIN, ETHER)},
        context=Context(comments=8),
    )

    assert (found.level, found.reasons) == ("complex", ("several_chains", "long_history"))


def test_what_nobody_understands_is_not_simple() -> None:
    found = judge_complexity(None, None, secondary=(), facts=(), signals={}, context=NOTHING_KNOWN)

    assert found.level == "normal"


def test_every_point_has_both_names() -> None:
    for point in COMPLEXITY.points.values():
        assert point.english.isascii()
        assert not point.chinese.isascii()
