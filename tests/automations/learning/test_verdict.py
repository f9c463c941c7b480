"""A candidate is promoted only when it is better and overlooks no more of A, B and C."""

from automations.learning.verdict import LEAST_HELD_OUT, Answer, judged


def answers(*groups: tuple[int, str, str | None, str | None]) -> list[Answer]:
    return [
        Answer(expected, current, candidate)
        for count, expected, current, candidate in groups
        for _ in range(count)
    ]


def test_better_and_as_safe_may_be_promoted() -> None:
    verdict = judged(answers((60, "F", "F", "F"), (5, "F", "H", "F"), (5, "A", "A", "A")))

    assert verdict.is_better
    assert (verdict.current_right, verdict.candidate_right) == (65, 70)


def test_no_better_is_refused() -> None:
    verdict = judged(answers((LEAST_HELD_OUT, "F", "F", "F")))

    assert verdict.objections == ("right on 50 of 50, the current model on 50",)


def test_better_that_overlooks_one_theft_more_is_refused() -> None:
    verdict = judged(answers((60, "F", "H", "F"), (9, "A", "A", "A"), (1, "A", "A", None)))

    assert verdict.objections == ("finds 9 of 10 in A, the current model 10",)


def test_too_few_tickets_decide_nothing() -> None:
    verdict = judged(answers((LEAST_HELD_OUT - 1, "F", "H", "F")))

    assert verdict.objections == ("only 49 tickets were held out, 50 are needed",)
