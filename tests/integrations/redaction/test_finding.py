"""Secrets are found as people write them, and ordinary sentences give none."""

import hashlib
import random

import pytest

from integrations.redaction.finding import find_secrets
from integrations.redaction.word_lists import english
from tests.support import planted
from tests.support.planted import SENTENCES, Make

HASH = hashlib.sha256(b"a transfer").hexdigest()
CASES = [
    pytest.param(kind, make, sentence, id=f"{make.__name__}: {sentence[:12]}")
    for kind, make, sentences in SENTENCES
    for sentence in sentences
]


def kinds_of(text: str) -> set[str]:
    return {secret.kind.value for secret in find_secrets(text)}


def rest_of(text: str) -> str:
    """Return a text without its secrets."""
    for secret in reversed(find_secrets(text)):
        text = text[: secret.start] + "*" + text[secret.end :]
    return text


@pytest.mark.parametrize(("kind", "make", "sentence"), CASES)
@pytest.mark.parametrize("seed", range(5))
def test_a_secret_in_a_sentence_is_found_whole(
    kind: str, make: Make, sentence: str, seed: int
) -> None:
    value = make(random.Random(seed))
    text = sentence.format(value)

    assert kind in kinds_of(text)
    assert not any(part in rest_of(text) for part in value.split() if len(part) > 2)


@pytest.mark.parametrize(
    "between", [", ", "\n", " - ", "\n1. ", "<br>", "</li><li>", "\u3001", "/"]
)
def test_words_of_a_phrase_are_found_with_anything_between_them(between: str) -> None:
    phrase = planted.english_seed(random.Random(3)).replace(" ", between)

    assert kinds_of(f"wallet empty! {phrase}.") == {"seed_phrase"}


@pytest.mark.parametrize("words", [12, 15, 18, 21, 24])
def test_phrases_of_every_length_are_found(words: int) -> None:
    assert kinds_of(planted.english_seed(random.Random(words), words)) == {"seed_phrase"}
    assert kinds_of(planted.chinese_seed(random.Random(words), words)) == {"seed_phrase"}


def test_a_phrase_with_a_mistyped_word_is_found() -> None:
    words = planted.english_seed(random.Random(1)).split()
    words[5] += "e"

    assert kinds_of(" ".join(words)) == {"seed_phrase"}


def test_a_phrase_without_one_of_its_words_is_found() -> None:
    words = planted.english_seed(random.Random(1)).split()

    assert kinds_of(" ".join(words[1:])) == {"seed_phrase"}


def test_behind_a_cue_doubtful_words_are_a_phrase() -> None:
    words = [word[:4] if place % 2 else word for place, word in enumerate(sorted(english())[::180])]

    assert kinds_of("recovery phrase: " + " ".join(words)) == {"seed_phrase"}


def test_chinese_characters_without_spaces_are_a_phrase_only_behind_a_cue() -> None:
    phrase = planted.chinese_seed(random.Random(5)).replace(" ", "")

    assert kinds_of(f"助记词：{phrase}") == {"seed_phrase"}
    assert kinds_of(f"我看到{phrase}") == set()


@pytest.mark.parametrize(
    "text",
    [
        f"0x{HASH}",
        f"txid: {HASH}",
        f"我的充值哈希 {HASH}",
        f"my deposit is missing {HASH}",
        f"https://tronscan.example/#/transaction/{HASH}",
        f"my private key is safe, but this transaction {HASH} is not mine",
        f"txids: {HASH}, {HASH[::-1]}, {HASH.upper()}",
        f"sha256 {HASH}",
        f"740 USDC. {HASH}. can u recover?",
        f"usdc 走成另外一条链了，地址是对的，620个，{HASH} 能帮忙找回吗",
    ],
)
def test_the_hash_of_a_transaction_is_no_key(text: str) -> None:
    assert find_secrets(text) == []


def test_digits_that_nothing_explains_may_be_a_key() -> None:
    assert kinds_of(f"here you are {HASH}") == {"possible_private_key"}


def test_a_key_is_told_from_the_hash_beside_it() -> None:
    text = f"transaction {HASH} failed, private key: {HASH[::-1]}"
    (secret,) = find_secrets(text)

    assert text[secret.start : secret.end] == HASH[::-1]


def test_keys_of_an_exchange_are_found_in_threes() -> None:
    rng = random.Random(8)
    key, secret, phrase = planted.api_secret(rng, 36), planted.api_secret(rng, 32), "Open7sesame"

    assert rest_of(f"api: {key}\n{secret}\npassphrase: {phrase}") == "api: *\n*\npassphrase: *"


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("account locked ", {"card_number"}),
        ("账号被冻结 ", {"card_number"}),
        ("account number is ", set()),
        ("订单号：", set()),
    ],
)
def test_only_a_label_directly_before_a_number_says_that_it_is_no_card(
    before: str, found: set[str]
) -> None:
    assert kinds_of(before + planted.card(random.Random(2))) == found


def test_a_card_and_its_code_are_found_together() -> None:
    number = planted.card(random.Random(2))
    spaced = " ".join(number[place : place + 4] for place in range(0, 16, 4))

    assert kinds_of(f"{spaced}, 03/29, security code 737") == {"card_number", "card_code"}
    assert kinds_of("cvv 737") == {"card_code"}


def test_wide_digits_and_hidden_characters_hide_nothing() -> None:
    number = planted.card(random.Random(2))
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)

    assert kinds_of(f"信用卡 {wide}") == {"card_number"}
    assert rest_of("card " + "\u200b".join(number)) == "card *"


def test_a_secret_in_html_is_found_between_tags_and_in_addresses() -> None:
    key = planted.api_secret(random.Random(1), 32)
    html = (
        f'<p>password<b>:</b> Tr0ub4dor&amp;3</p><a href="https://x.example/?api_key={key}">x</a>'
    )

    assert kinds_of(html) == {"password", "api_secret"}
    assert "Tr0ub" not in rest_of(html)


@pytest.mark.parametrize(
    "text",
    [
        "it says my password is wrong",
        "password: forgotten",
        "忘记密码了，密码怎么改",
        "use referral code 482913",
        "sign up with code 88213907 and get 20 USDT",
        "I never got the code, error code 200000",
        "it only shows access refused, code 400100",
        "提交过几次请求，编号的后三位：118、204、377",
        "please help me with my account because they do not answer and I have lost everything here",
        "so you can find all that you want and they will call you when this is over again today",
        "UID 448900112233445566, order no. 4111111111111111",
        "订单号 20547812345678901234",
        "收不到验证码，UID 10000000，怎么换绑新号码？",
        "the security code never came, I waited 300 seconds",
        "I paid 4000 on 2024-05-17 10:20:33 and got nothing since 2024",
        "助记词我已经写在纸上了但是对方说还需要我的手机号码才能帮我解冻账户",
    ],
)
def test_ordinary_sentences_hold_no_secret(text: str) -> None:
    assert find_secrets(text) == []


def test_the_value_of_a_secret_shows_in_no_repr() -> None:
    value = planted.password(random.Random(4))
    found = find_secrets(f"password: {value}")

    assert found
    assert value not in repr(found)


HASH = "d91d729a3e35b21cee36903112b0b7df5a0385824d5fe8a8a570a02451b9a2b7"


@pytest.mark.parametrize(
    "text",
    [
        f"my api was hacked. txid: {HASH}",
        f"- txid: {HASH}\n- txid: 0x{HASH}\n- amount: 9 USDT\n- name of the API key",
        f"Why was my API key used? Transaction 0x{HASH}",
        "the api key sent it all to TJRabPrwbZy45sbavfcjinPJC18kjpRTv8",
        "API key withdrew to 7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV today",
        "api trading bot, order no. P2P20260303A123456789",
        "api order id: 8f14e45fceea167a5a36dedd",
        "订单编号：8f14e45fceea167a5a36dedd，API 一直报错",
    ],
)
def test_hashes_addresses_and_numbers_of_orders_near_a_word_about_keys_are_no_secrets(
    text: str,
) -> None:
    assert rest_of(text) == text


@pytest.mark.parametrize("filler", range(190, 275, 5))
def test_a_token_at_the_edge_of_what_a_cue_reaches_is_found_whole_or_not_at_all(
    filler: int,
) -> None:
    token = "q7Rk2mZx8Lw4Tn6Vb9Yc3Hd5"
    text = f"api key {'. ' * (filler // 2)}{token} and so on"

    assert rest_of(text) in {text, text.replace(token, "*")}
