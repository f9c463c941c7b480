"""An answer is a comment of the right group, made after the question."""

from datetime import timedelta

import pytest

from automations.escalations.lifecycle import AgentComment, first_answer, has_ended
from tests.automations.escalations.conftest import NOON

MEMBERS = {7, 8}


def comment(*, author_id: int = 7, seconds: float = 60, public: bool = False) -> AgentComment:
    return AgentComment(
        author_id=author_id, created_at=NOON + timedelta(seconds=seconds), public=public
    )


@pytest.mark.parametrize("public", [True, False])
def test_a_members_comment_is_an_answer_public_or_internal(*, public: bool) -> None:
    answer = comment(public=public)

    assert first_answer([answer], members=MEMBERS, opened_at=NOON) is answer


@pytest.mark.parametrize(
    ("seconds", "counts"),
    [
        pytest.param(-1, False, id="before"),
        pytest.param(0, False, id="same instant"),
        pytest.param(1, True, id="after"),
    ],
)
def test_only_a_comment_after_the_opening_counts(seconds: float, *, counts: bool) -> None:
    found = first_answer([comment(seconds=seconds)], members=MEMBERS, opened_at=NOON)

    assert (found is not None) == counts


def test_a_comment_of_another_group_is_no_answer() -> None:
    assert first_answer([comment(author_id=9)], members=MEMBERS, opened_at=NOON) is None


def test_the_earliest_answer_counts_in_whatever_order_they_come() -> None:
    late, early = comment(seconds=90), comment(author_id=8, seconds=30)

    assert first_answer([late, early], members=MEMBERS, opened_at=NOON) is early


@pytest.mark.parametrize(
    ("status", "ended"),
    [("solved", True), ("closed", True), ("deleted", True), ("open", False), ("hold", False)],
)
def test_a_ticket_ends_when_nobody_waits_any_more(status: str, *, ended: bool) -> None:
    assert has_ended(status) == ended
