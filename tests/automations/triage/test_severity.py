"""Severity is raised by facts and never lowered."""

import pytest

from automations.triage.severity import judge_severity
from automations.triage.taxonomy import REASONS
from automations.triage.taxonomy_file import SEVERITIES, Reason


@pytest.mark.parametrize(
    ("family", "reason", "text", "severity"),
    [
        pytest.param("C", "C1", "account frozen", "S3", id="base"),
        pytest.param("C", "C1", "frozen with 49,999 usd inside", "S3", id="just below 50k"),
        pytest.param("C", "C1", "frozen with 50,000 usd inside", "S2", id="50k"),
        pytest.param("C", "C1", "账户冻结，里面有6万u", "S2", id="60k in Chinese"),
        pytest.param("C", "C1", "frozen with 1 btc inside", "S2", id="a whole bitcoin"),
        pytest.param("B", "B1", "my mother is 78 and lost it all", "S1", id="elderly"),
        pytest.param("C", "C1", "我今年72岁，账户被冻结", "S2", id="elderly in Chinese"),
        pytest.param("F", "F3", "i told a journalist", "S2", id="press"),
        pytest.param("F", "F3", "已向金管局投诉", "S2", id="regulator in Chinese"),
        pytest.param("B", "B3", "happened an hour ago", "S1", id="fresh fraud"),
        pytest.param("B", "B3", "happened two years ago", "S2", id="old fraud"),
        pytest.param("F", "F3", "withdrawn this morning", "S3", id="fresh but no theft"),
        pytest.param("A", "A5", "they are moving my coins right now", "S1", id="moving now"),
        pytest.param("A", "A5", "正在往外转", "S1", id="moving now in Chinese"),
        pytest.param("X", "X2", "recovered $100,000 today", "S4", id="an advert's boast"),
        pytest.param("N", "N1", "i will kill myself", "S1", id="threat to life"),
        pytest.param("I", "I1", "不想活了", "S1", id="threat to life in Chinese"),
    ],
)
def test_severity_follows_the_facts(family: str, reason: str, text: str, severity: str) -> None:
    assert judge_severity(family, reason, text, ()) == severity


def test_leaked_key_is_at_least_s2() -> None:
    assert judge_severity("F", "F1", "deposit missing", ("seed_phrase",)) == "S2"
    assert judge_severity("F", "F1", "deposit missing", ("otp",)) == "S3"


@pytest.mark.parametrize("reason", REASONS.values(), ids=lambda r: r.code)
def test_nothing_lowers_the_base(reason: Reason) -> None:
    for text in ("", "years ago, small amount, 5 usd, nothing urgent", "just now, 90,000 usd"):
        judged = judge_severity(reason.family, reason.code, text, ())

        assert SEVERITIES.index(judged) <= SEVERITIES.index(reason.severity)
