"""Related tickets stay on one side; what is too thin is told and learnt as a family."""

from datetime import UTC, datetime

import pytest

from automations.learning.labels import DeskExample, DeskLabel
from automations.learning.relatives import relatives
from automations.learning.selection import LEAST_TEXTS, select_examples

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TEMPLATE = (
    "Dear team, my withdrawal number {} of {} USDT has been pending since yesterday and nobody at"
    " your support desk tells me when it will be sent to my wallet. Please look into it today."
)


def make_example(ticket_id: int, text: str, *, code: str = "F3", requester: int = 0) -> DeskExample:
    label = DeskLabel(
        ticket_id=ticket_id, requester_id=requester, code=code, corrects=None, given_at=NOON
    )
    return DeskExample(label=label, text=text)


def test_tickets_of_one_person_are_related() -> None:
    found = relatives([(5, 70, "my coins"), (9, 70, "another matter"), (7, 71, "something else")])

    assert found == {5: 5, 9: 5, 7: 7}


def test_texts_from_one_template_are_related_whatever_the_numbers() -> None:
    filled = [(n, 0, TEMPLATE.format(n * 7919, n * 31)) for n in range(1, 5)]
    other = (9, 0, "I cannot log in since I changed my telephone, the code never arrives at all.")

    found = relatives([*filled, other])

    assert {found[n] for n in range(1, 5)} == {1}
    assert found[9] == 9


def test_chinese_templates_are_related_too() -> None:
    text = "您好，我的提现订单{}一直没有到账，已经等了两天，请尽快帮我处理一下，谢谢"

    assert relatives([(1, 0, text.format(11)), (2, 0, text.format(22222))]) == {1: 1, 2: 1}


@pytest.mark.parametrize("text", ["", "🙂", "1234", "a"])
def test_texts_without_words_do_no_harm(text: str) -> None:
    assert relatives([(1, 0, text), (2, 0, "my account was frozen last week")])[2] == 2


def test_about_a_fifth_is_held_out_and_never_a_relative_of_what_is_learnt() -> None:
    examples = [
        make_example(n, f"unlike number {n} {'abcdefghij'[n % 10] * 5} {n * n}", requester=n % 300)
        for n in range(1, 901)
    ]

    chosen = select_examples(examples)

    learnt = {one.label.requester_id for one in chosen.learnt}
    held_out = {one.label.requester_id for one in chosen.held_out}
    assert learnt & held_out <= {0}
    assert len(chosen.learnt) + len(chosen.held_out) == 900
    assert select_examples(list(reversed(examples))).held_out[::-1] == chosen.held_out


def test_thin_reasons_are_told_and_learnt_as_their_family() -> None:
    many = [make_example(n, f"word{chr(97 + n % 26)} " * 3 + str(n), code="F3") for n in range(200)]
    few = [make_example(1000 + n, f"rare {chr(97 + n)} thing", code="F4") for n in range(6)]

    chosen = select_examples([*many, *few])

    assert "F4" in chosen.thin
    assert chosen.thin["F4"] < LEAST_TEXTS
    labels = {
        one.label.code: label for one, label in zip(chosen.learnt, chosen.labels, strict=True)
    }
    assert labels["F4"] == "F"
