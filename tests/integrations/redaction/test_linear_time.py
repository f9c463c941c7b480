"""Hostile texts cost time in proportion to their length: what would be squared grows too fast."""

import time
from collections.abc import Callable

import pytest

from automations.triage.signals import find_signals
from integrations.redaction.finding import find_secrets

SHORT, TIMES = 4_000, 4
LINEAR_ENOUGH = 9  # times four is linear, times sixteen is squared
BAITS = (
    *(
        "a",
        "A1",
        "1",
        "1 ",
        "1-",
        "0x",
        "a ",
        "abandon ",
        "abandon, ",
        "1. abandon\n",
        "Zoo-",
        "abandon " * 11 + "about. ",
        "zoo " * 50 + "it ",
    ),
    *(
        "seed ",
        "recovery phrase abandon ",
        "助记词",
        "助记词：月",
        "月 ",
        "月、",
        "月光",
        "12 words ",
    ),
    *("private key ", "txid ", "f" * 64 + " ", "f" * 63, "K" * 52 + " ", "S" + "A" * 55 + " "),
    *(
        "1,",
        "[1,",
        "255, ",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN ",
        "-----END PRIVATE KEY-----",
    ),
    *("{", "}", '{"ciphertext":', '{"ciphertext":"mac"}', "ciphertext{"),
    *("api key ", "api key: a1a1a1a1a1a1a1a1 ", "secret=", "eyJ", "eyJa.", "sk-", "passphrase: x9"),
    *("password ", "password: ", "password is ", "密码", "密码 1", "pass", "authenticator ABCD "),
    *("code ", "code 1 ", "code 123 ", "验证码", "123456 is your ", "4821 ", "otp 12 3"),
    *("4111 ", "4111111111111111 ", "card 4", "cvv ", "cvv 7", "security code "),
    *("id number ", "passport no ", "身份证", "A123456(3)", "1101011990"),
    *(
        "<",
        "<a ",
        "</p>",
        "<p>&",
        "&",
        "&nbsp;",
        "&#1",
        "\u200b",
        "\uff11",
        "[REDACTED:",
        "[REDACTED:SEED]",
    ),
    *(
        "+1 ",
        "+1 (1) ",
        "a@",
        "a.",
        "a.com ",
        "www.",
        "http://",
        "1.000,",
        "1,000",
        "一",
        "一万",
        "1万",
    ),
    *(
        "order ",
        "uid 1",
        "2026-",
        "march ",
        "1 march ",
        "上个",
        "bc1",
        "T" * 34 + " ",
        "r" * 33 + " ",
    ),
)


@pytest.mark.parametrize("find", [find_secrets, find_signals], ids=["secrets", "signals"])
@pytest.mark.parametrize("bait", BAITS, ids=repr)
def test_time_grows_with_the_length_only(find: Callable[[str], object], bait: str) -> None:
    find(bait * 3)
    short, long = (_bait(bait, SHORT * times) for times in (1, TIMES))

    for _ in range(4):  # another process may have been in the way
        if _taken(find, long) < LINEAR_ENOUGH * _taken(find, short) + 0.002:
            return
    pytest.fail("four times the text takes far more than four times as long")


def _bait(bait: str, length: int) -> str:
    return (bait * (length // len(bait) + 1))[:length]


def _taken(find: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    find(text)
    return time.process_time() - started
