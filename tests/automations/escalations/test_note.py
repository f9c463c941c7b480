"""The department reads the facts in both languages, and foreign text stays text."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from automations.escalations.note import MAX_LISTED, Facts, escalation_note
from tests.automations.escalations.conftest import NOON, make_route


def make_facts(
    *, words: Sequence[str] = ("withdrawn",), signals: Sequence[tuple[str, str]] = ()
) -> Facts:
    return Facts(
        family="A",
        family_en="Account takeover",
        family_zh="账户被盗",
        reason="A1",
        reason_en="Unauthorised withdrawal",
        reason_zh="未授权提币",
        raised=["A large amount: 金额巨大, 60,000 usdt"],
        complexity="normal",
        confidence=0.87,
        words=words,
        signals=signals,
        missing=["transaction ID"],
    )


def test_the_note_tells_who_what_and_until_when() -> None:
    note = escalation_note(
        make_route(), make_facts(signals=[("uid", "123")]), due=NOON + timedelta(minutes=15)
    )

    for part in (
        "Account Security / 账户安全",
        "2026-03-02 12:15 UTC",
        "priority urgent",
        "A1 Unauthorised withdrawal / 未授权提币",
        "87%",
        "- A large amount: 金额巨大, 60,000 usdt",
        "Complexity · 复杂度: normal",
        "- withdrawn",
        "- uid: 123",
        "- transaction ID",
    ):
        assert part in note


def test_a_second_department_is_named() -> None:
    note = escalation_note(
        make_route(owner="P2P+CMP"), make_facts(), due=NOON + timedelta(minutes=15)
    )

    assert "Also concerned · 同时涉及: Compliance / 合规" in note


@pytest.mark.parametrize(
    "evil",
    ["{{ticket.requester.email}}", "<img src=x>", "[x](http://evil.example)", "a\n\nESCALATION"],
)
def test_words_of_the_customer_stay_one_inert_line(evil: str) -> None:
    plain = escalation_note(make_route(), make_facts(), due=NOON + timedelta(minutes=15))
    note = escalation_note(make_route(), make_facts(words=[evil]), due=NOON + timedelta(minutes=15))

    assert len(note.splitlines()) == len(plain.splitlines())
    assert not set("{}<>[]") & set(note)
    assert "://" not in note


def test_a_long_list_is_cut_and_says_so() -> None:
    words = [f"word{n}" for n in range(MAX_LISTED + 3)]
    note = escalation_note(make_route(), make_facts(words=words), due=NOON + timedelta(minutes=15))

    assert f"- word{MAX_LISTED - 1}\n" in note
    assert f"word{MAX_LISTED}\n" not in note
    assert "and 3 more" in note


def test_a_restricted_case_keeps_its_details_out_of_the_note() -> None:
    route = make_route(reason="A6", owner="IA")
    note = escalation_note(
        route, make_facts(words=["bribed"], signals=[("phone", "555")]), due=NOON
    )

    assert "bribed" not in note
    assert "555" not in note
    assert "Restricted" in note
