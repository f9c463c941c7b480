"""What replies must never say is found; what they may say is left alone."""

import pytest

from automations.macros.lint import MAX_CHARACTERS, lint, lint_text
from automations.macros.loader import read_folder
from automations.macros.service import MacroShelf
from tests.automations.macros.conftest import WriteMacro


def test_the_real_macros_have_no_fault(shelf: MacroShelf) -> None:
    assert lint(shelf.macros) == []


@pytest.mark.parametrize(
    ("language", "text", "rule"),
    [
        ("en", "We filed a SAR about you.", "tipping off"),
        ("en", "There is a suspicion of money laundering.", "tipping off"),
        ("en", "Your account is under investigation.", "tipping off"),
        ("zh", "您的账户涉嫌洗钱。", "tipping off"),
        ("zh", "系统发现可疑交易。", "tipping off"),
        ("en", "Your risk score is too high.", "internals"),
        ("en", "You hit ATO_VELOCITY_7.", "internals"),
        ("en", "This is a case of type C1.", "internals"),
        ("zh", "您命中了风控规则。", "internals"),
        ("en", "We promise a result.", "promise"),
        ("en", "Your money will be refunded tomorrow.", "promise"),
        ("zh", "我们一定会为您解冻。", "promise"),
        ("zh", "资金会退还。", "promise"),
        ("en", "Please send us your password.", "asks for secrets"),
        ("en", "Reply with the verification code.", "asks for secrets"),
        ("en", "Please confirm your seed phrase here.", "asks for secrets"),
        ("zh", "请提供验证码。", "asks for secrets"),
        ("zh", "请把助记词发给我们。", "asks for secrets"),
        ("en", "Hello, this is the text.\n\nKind regards", "signature"),
        ("zh", "感谢您的来信。\n\n此致", "signature"),
        ("en", "One line. \nNext line.", "whitespace"),
        ("en", "One.\n\n\nTwo.", "whitespace"),
        ("zh", "您好,请先锁定账户。", "punctuation"),
        ("en", "", "empty"),
        ("en", "a" * (MAX_CHARACTERS + 1), "too long"),
    ],
)
def test_a_fault_is_found(language: str, text: str, rule: str) -> None:
    assert rule in {found for found, _ in lint_text(text, language)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("en", "Never send us your password or a code.", id="warning"),
        pytest.param("en", "We do not need your recovery phrase.", id="no need"),
        pytest.param("en", "Change the password of your mailbox.", id="change of password"),
        pytest.param("en", "We cannot promise that it works.", id="honest doubt"),
        pytest.param("zh", "请不要把密码、验证码或助记词发给任何人。", id="Chinese warning"),
        pytest.param("zh", "目前无法保证退款。", id="Chinese doubt"),
        pytest.param("zh", "T+1 限制不支持申诉。", id="T+1 is no reason code"),
        pytest.param("en", "a" * MAX_CHARACTERS, id="just short enough"),
    ],
)
def test_a_harmless_sentence_passes(language: str, text: str) -> None:
    assert lint_text(text, language) == []


def test_a_missing_translation_is_found(write_macro: WriteMacro) -> None:
    file = write_macro("lonely")
    findings = lint(read_folder(file.parent.parent))

    assert [(f.slug, f.language, f.rule) for f in findings] == [
        ("lonely", "zh", "missing translation")
    ]
