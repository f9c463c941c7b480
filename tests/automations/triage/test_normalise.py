"""Text is brought into one shape, and positions survive folding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automations.triage.language import detect_language
from automations.triage.normalise import fold, normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("ｓｃａｍ １２３", "scam 123", id="full width"),
        pytest.param("sc\u200bam\u2060!", "scam!", id="zero width"),
        pytest.param("a\x00b\x1bc", "a b c", id="control characters"),
        pytest.param("hxxps://evil[.]com", "https://evil.com", id="defanged link"),
        pytest.param("me[at]mail(dot)com", "me@mail.com", id="defanged mail"),
    ],
)
def test_hidden_and_odd_forms_are_made_plain(written: str, read: str) -> None:
    assert normalise(written) == read


def test_traditional_characters_fold_to_simplified_ones() -> None:
    assert fold("帳戶被凍結，錢幣提現失敗") == "账户被冻结，钱币提现失敗"


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("My withdrawal is stuck, please help", "en"),
        ("cant login plz", "en"),
        ("提现一直不到账", "zh"),
        ("提币失败 network error", "zh"),
        ("please fix your app 谢谢 it does not open since the update", "en"),
        ("No puedo retirar mi dinero desde hace una semana, nadie responde", "es"),
        ("Не могу вывести деньги уже неделю", "ru"),
        ("サポートに連絡できません", "ja"),
        ("", "en"),
    ],
)
def test_language_is_named_honestly(text: str, language: str) -> None:
    assert detect_language(text) == language
