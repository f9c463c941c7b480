"""Text is brought into one shape, and positions survive folding."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automations.triage.html_text import html_to_text
from automations.triage.language import detect_language
from automations.triage.normalise import fold, normalise

BIG = 40_000


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("ｓｃａｍ １２３", "scam 123", id="full width"),
        pytest.param("sc\u200bam\u2060!", "scam!", id="zero width"),
        pytest.param("a\x00b\x1bc", "a b c", id="control characters"),
        pytest.param("hxxps://evil[.]com", "https://evil.com", id="defanged link"),
        pytest.param("me[at]mail(dot)com", "me@mail.com", id="defanged mail"),
        pytest.param("钱没了 h**ps://骗子[.]com", "钱没了 https://骗子.com", id="among Chinese"),
        pytest.param("𝐟𝐫𝐨𝐳𝐞𝐧", "frozen", id="mathematical letters"),
        pytest.param("<p>My coins</p><p>are gone</p>", "My coins\n\nare gone", id="paragraphs"),
        pytest.param("3 &lt; 5&nbsp;BTC &amp; more", "3 < 5 BTC & more", id="entities"),
        pytest.param("I &#10084; it", "I ❤ it", id="numbered entity"),
        pytest.param("<3 you <your name>", "<3 you <your name>", id="no tags at all"),
        pytest.param("a<script>alert('scam')</script>b", "ab", id="script is not read"),
        pytest.param("a<!-- hacked -->b <b>c</b>", "ab c", id="comment is not read"),
        pytest.param("a <script>b", "a b", id="script without end hides nothing"),
        pytest.param("a <!-- b <b>c</b>", "a <!-- b c", id="comment without end hides nothing"),
        pytest.param(
            'go <a class="x" href="https://evil.example/a?b=1&amp;c=2">here</a>',
            "go https://evil.example/a?b=1&c=2 here",
            id="where a link leads",
        ),
        pytest.param(
            "mine<blockquote>yours<br>too</blockquote>mine",
            "mine\n> yours\n> too\nmine",
            id="quotation",
        ),
        pytest.param("<td>1</td><td>BTC</td>", "1 BTC", id="cells"),
    ],
)
def test_hidden_and_odd_forms_are_made_plain(written: str, read: str) -> None:
    assert normalise(written) == read


@given(st.text(alphabet="abc \n.,!?'-"))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert normalise(text) == text


@given(st.text())
def test_normalising_never_fails_and_leaves_no_control_characters(text: str) -> None:
    assert not any(ord(c) < 32 and c not in "\t\n" for c in normalise(text))


def test_traditional_characters_fold_to_simplified_ones() -> None:
    assert fold("帳戶被凍結，錢幣提現失敗") == "账户被冻结，钱币提现失败"
    assert fold("妳的帳號遭駭，資產遭竊，麻煩處理") == "你的账号遭骇，资产遭窃，麻烦处理"


@pytest.mark.parametrize(
    ("written", "matched"),
    [
        pytest.param("sсаm", "scam", id="Cyrillic among Latin"),
        pytest.param("hαcked", "hacked", id="Greek among Latin"),
        pytest.param("FRОZЕN", "frozen", id="capitals"),
        pytest.param("bіnаnсe.com", "binance.com", id="domain"),
        pytest.param("мои деньги", "мои деньги", id="Russian stays Russian"),
        pytest.param("λεφτά", "λεφτά", id="Greek stays Greek"),
    ],
)
def test_look_alikes_inside_latin_words_match_as_latin(written: str, matched: str) -> None:
    assert fold(written) == matched


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    "bait",
    [
        "<",
        "<a ",
        "<!--",
        "<script>",
        "<blockquote>",
        "&amp",
        "&#",
        "[",
        "h*",
        "<a href=",
        "\n \n",
        "</p",
    ],
)
def test_work_grows_with_the_length_whatever_the_text(bait: str) -> None:
    def seconds(text: str) -> float:
        begun = time.process_time()
        normalise(text)
        html_to_text(f"<p>{text}")
        return time.process_time() - begun

    small = min(seconds(bait * (BIG // len(bait))) for _ in range(3))
    large = min(seconds(bait * (8 * BIG // len(bait))) for _ in range(2))

    assert large < 30 * small + 0.05  # squares would be 64 times as much


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
