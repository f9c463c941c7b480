"""Evaluation counts what people ask for; real reviews by others keep the figures honest."""

import pytest

from automations.triage.evaluation import Judged, family_of_label, figures
from automations.triage.service import Triage
from automations.triage.texts import Complaint, read_complaints
from tests.support.shared import shared_file


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


def test_figures_count_strict_lenient_safety_and_abstention(triage: Triage) -> None:
    frozen = triage.assess("", "my account was frozen")
    insult = triage.assess("", "scam")
    found = figures(
        [
            Judged("C", frozenset(), frozen),
            Judged("F", frozenset({"C"}), frozen),
            Judged("A", frozenset(), insult),
            Judged("?", frozenset(), insult),
        ]
    )

    assert (found.overall.strict, found.overall.lenient) == (0.5, 0.75)
    assert (found.safety_texts, found.safety_recall) == (2, 0.5)
    assert (found.ambiguous_abstained, found.wrongly_abstained) == (1.0, 1)
    assert found.confusion["F"] == {"C": 1}


def test_source_of_funds_review_counts_as_identity_verification(triage: Triage) -> None:
    review = triage.assess("", "account restricted until I send proof of income, source of funds")

    assert review.reason == "C3"
    assert Judged("K", frozenset(), review).strictly_right


def test_reviews_labelled_by_others_are_mostly_understood(triage: Triage) -> None:
    path = shared_file("data/exchange_reviews/dev_labelled.jsonl")
    judged = []
    for _, line in read_complaints(path):
        assert isinstance(line, Complaint)
        expected = family_of_label(line.label or "") or ""
        also = frozenset(filter(None, [family_of_label(str(line.secondary or ""))]))
        judged.append(Judged(expected, also, triage.assess(line.heading, line.content or "")))
    found = figures(judged)

    assert found.overall.strict >= 0.65
    assert found.overall.lenient >= 0.7
    assert found.safety_recall >= 0.8
