"""Evaluation counts what people ask for; real reviews by others keep the figures honest."""

import pytest

from automations.triage.evaluation.examiner import desk_examiner
from automations.triage.evaluation.figures import (
    Figures,
    Judged,
    Kind,
    Tally,
    accuracy_at_coverage,
    calibration_error,
    figures,
)
from automations.triage.evaluation.labels import family_of_label
from automations.triage.service import Triage
from automations.triage.texts import BadLine, Labelled, labelled_of, read_lines
from tests.support.shared import shared_file

DESK = Kind(abstain="?", safety=frozenset("ABC"))


@pytest.mark.parametrize(
    ("label", "family"),
    [
        ("account_theft", "A"),
        ("ambiguous_abstain", "?"),
        ("B", "B"),
        ("B10", "B"),
        ("legal", "G"),
        ("nonsense", None),
    ],
)
def test_labels_are_understood(label: str, family: str | None) -> None:
    assert family_of_label(label) == family


def judged(expected: str, answer: str, *, accepted: str = "", sure: float = 0.9) -> Judged:
    strict = expected == answer
    return Judged(expected, answer, strict, strict or answer == accepted, sure, "en")


def test_figures_count_strict_lenient_safety_and_abstention() -> None:
    found = figures(
        [
            judged("C", "C"),
            judged("F", "C", accepted="C"),
            judged("A", "C"),
            judged("B", "?"),
            judged("?", "?"),
        ],
        DESK,
    )

    assert (found.overall.strict, found.overall.lenient) == (0.4, 0.6)
    assert (found.safety_texts, found.safety_recall, found.safety_kept) == (3, 0.3333, 0.6667)
    assert (found.ambiguous_abstained, found.wrongly_abstained) == (1.0, 1)
    assert found.confusion["F"] == {"C": 1}
    assert (found.classes["C"].recall, found.classes["C"].precision) == (1.0, 0.3333)
    assert found.by_language["en"] == found.overall


def test_calibration_error_is_the_distance_between_confidence_and_accuracy() -> None:
    assert calibration_error([0.9] * 10, [True] * 9 + [False]) == pytest.approx(0.0)
    assert calibration_error([0.9, 0.9, 0.2], [True, False, False]) == pytest.approx(
        1 / 3, abs=0.01
    )
    assert calibration_error([], []) == 0.0


def test_accuracy_at_coverage_leaves_out_the_least_sure_fifth() -> None:
    assert accuracy_at_coverage([0.9, 0.8, 0.7, 0.6, 0.1], [True, True, True, False, False]) == 0.75


def test_line_with_labels_may_use_any_names() -> None:
    found = labelled_of(
        b'{"q": "where", "why": 7, "who": "u1", "title": "t", "secondary": ["a", null]}',
        label_field="why",
        text_field="q",
        group_field="who",
    )

    assert found == Labelled("where", "7", "t", ("a",), "u1")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"id": 4, "label": "A"}', 'no "text"'),
        (b'{"id": 4, "text": "a"}', 'no "label"'),
        (b'{"id": 4, "text": "a", "label": true}', 'no "label"'),
        (b'{"id": 4, "text": "a", "label": " "}', 'no "label"'),
    ],
)
def test_line_without_text_or_label_is_marked(line: bytes, problem: str) -> None:
    assert labelled_of(line, label_field="label") == BadLine(problem, 4)


def test_source_of_funds_review_counts_as_identity_verification(triage: Triage) -> None:
    text = "account restricted until I send proof of income, source of funds"
    found = desk_examiner(triage).judge(Labelled(text, "K"))

    assert isinstance(found, Judged)
    assert (found.answer, found.strict) == ("C", True)


def reviews(triage: Triage) -> Figures:
    """Return the figures on real reviews that somebody else labelled."""
    examiner = desk_examiner(triage)
    tally = Tally(examiner.kind)
    for _, line in read_lines(shared_file("data/exchange_reviews/dev_labelled.jsonl")):
        labelled = labelled_of(line, label_field="label")
        assert isinstance(labelled, Labelled)
        found = examiner.judge(labelled)
        assert isinstance(found, Judged)
        tally.add(found)
    return tally.figures()


def test_reviews_labelled_by_others_are_mostly_understood(triage: Triage) -> None:
    found = reviews(triage)

    assert found.overall.strict >= 0.65
    assert found.overall.lenient >= 0.7
    assert found.safety_kept >= 0.8
