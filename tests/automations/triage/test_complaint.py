"""A complaint in the regulatory sense is told from praise, questions and advertising."""

import pytest

from automations.triage.complaint import judge_complaint
from automations.triage.grading import with_links
from automations.triage.normalise import fold
from automations.triage.service import Triage
from tests.support.pipeline import make_assessment


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        pytest.param("D1", "Your support is useless", ("useless",), id="insult"),
        pytest.param("D1", "nobody has ever answered me", ("nobody has ever answered",), id="mute"),
        pytest.param("K3", "Still waiting since May", ("still waiting",), id="waiting"),
        pytest.param("N2", "I want to complain about fees", ("complain",), id="fees"),
        pytest.param("J4", "How dare you lose my data", ("how dare you",), id="reproach"),
        pytest.param(None, "give me back my money", ("give me back my money",), id="unclear"),
        pytest.param("K3", "认证迟迟没有结果", ("迟迟",), id="Chinese waiting"),
        pytest.param("D2", "客服敷衍，沒人處理", ("敷衍", "没人处理"), id="Traditional Chinese"),
        pytest.param("N2", "手续费太高，不合理", ("不合理",), id="Chinese fees"),
    ],
)
def test_dissatisfaction_makes_a_complaint_and_its_words_are_told(
    code: str | None, text: str, words: tuple[str, ...]
) -> None:
    mark = judge_complaint(code[0] if code else None, code, fold(text))

    assert (mark.is_complaint, mark.words) == (True, words)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        pytest.param("N1", "The worst exchange? No, the best!", id="praise"),
        pytest.param("X2", "Terrible losses? We get your money back!", id="advertising"),
        pytest.param("N5", "How do I change my telephone number?", id="question"),
        pytest.param("D2", "I would like to change my phone number", id="request"),
        pytest.param("N5", "I have no complaints, just a question", id="denied"),
        pytest.param("N5", "没有什么不满，只想咨询", id="denied in Chinese"),
        pytest.param(None, "hello", id="nothing"),
    ],
)
def test_praise_questions_and_advertising_are_no_complaints(code: str | None, text: str) -> None:
    assert not judge_complaint(code[0] if code else None, code, fold(text)).is_complaint


@pytest.mark.parametrize(
    ("code", "expected"),
    [("A1", True), ("F1", True), ("G3", True), ("G1", False), ("K1", False), ("D1", False)],
)
def test_the_matter_alone_decides_where_the_taxonomy_says_so(code: str, *, expected: bool) -> None:
    mark = judge_complaint(code[0], code, "hello")

    assert (mark.is_complaint, mark.words) == (expected, ())


def test_triage_tells_grade_and_mark_with_every_assessment(triage: Triage) -> None:
    found = triage.assess("Hacked", "My account was hacked and 60,000 USDT stolen. Terrible!")

    assert (found.severity, found.is_complaint) == ("S1", True)
    assert "terrible" in found.complaint_words
    assert dict(found.severity_reasons)["large_amount"] == "60,000 USDT"
    assert found.complexity == "complex"


def test_links_found_later_raise_an_assessment_once() -> None:
    assessment = make_assessment(family="F", reason="F1", severity="S3")

    once = with_links(assessment, 3)

    assert (once.severity, once.severity_reasons) == ("S2", (("linked_reports", "3"),))
    assert once.complexity_reasons == ("linked_case",)
    assert with_links(once, 4).severity == "S2"
    assert with_links(assessment, 2).severity == "S3"
    assert with_links(assessment, 1) is assessment
