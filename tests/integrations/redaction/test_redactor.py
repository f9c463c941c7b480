"""Secrets leave typed placeholders; the same input always gives the same output."""

import json
import random
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from integrations.redaction.placeholders import RedactionKey, kinds_in, read_key
from integrations.redaction.redactor import Redactor, masked
from integrations.runtime.errors import ConfigError
from tests.support import planted
from tests.support.planted import SENTENCES

KEY = RedactionKey(b"k" * 32)
REDACTOR = Redactor(lambda: KEY)
SEED = planted.english_seed(random.Random(11))


def test_placeholder_tells_kind_and_keyed_hash() -> None:
    shown = REDACTOR.text(f"words: {SEED}")

    assert shown == f"words: [REDACTED:SEED:{KEY.hash_of(SEED.replace(' ', ''))}]"


def test_one_secret_has_one_hash_however_it_is_written() -> None:
    forms = [SEED, SEED.upper(), SEED.replace(" ", ", "), SEED.replace(" ", "<br>")]

    assert len({REDACTOR.text(form) for form in forms}) == 1


def test_another_key_gives_another_hash_and_names_its_version() -> None:
    renewed = Redactor(lambda: read_key("2:" + "n" * 32))

    assert renewed.text(SEED) != REDACTOR.text(SEED)
    assert renewed.text(SEED).endswith(".2]")
    assert renewed.text(renewed.text(SEED)) == renewed.text(SEED)


def test_without_a_key_the_kind_alone_is_told() -> None:
    assert Redactor().text(SEED) == "[REDACTED:SEED]" == masked(REDACTOR.text(SEED))


def test_links_are_keyed_and_long_and_tell_nothing_of_a_placeholders_hash() -> None:
    link = REDACTOR.link_of("phone:+8613800138000")

    assert link == KEY.link_of("phone:+8613800138000")
    assert link is not None
    assert len(link) > 32
    assert not link.startswith(KEY.hash_of("phone:+8613800138000"))
    assert Redactor().link_of("phone:+8613800138000") is None


def test_codes_of_few_digits_have_no_hash() -> None:
    assert REDACTOR.text("验证码 482913") == "验证码 [REDACTED:CODE]"


def test_a_short_key_is_refused_in_two_lines() -> None:
    with pytest.raises(ConfigError, match="RISKDESK_REDACTION_KEY"):
        read_key("short")


def test_kinds_are_read_from_placeholders() -> None:
    assert kinds_in(REDACTOR.text(f"{SEED}. password: {planted.password(random.Random(1))}")) == (
        "password",
        "seed_phrase",
    )


def test_a_record_without_secrets_is_returned_as_the_same_bytes() -> None:
    raw = Raw(b'{"id": 1,  "subject": "Withdrawal is stuck", "price": 1.10}')

    assert next(REDACTOR.records([raw])) is raw


def test_every_text_of_a_record_is_looked_at_and_the_rest_stays_exact() -> None:
    record = {
        "id": 2**53 + 1,
        "subject": f"help {SEED}",
        "custom_fields": [{"id": 1, "value": f"password: {planted.password(random.Random(2))}"}],
        "via": {"source": {"from": {"name": f"my pin is 4821, {SEED}"}}},
        "rate": 1.10,
        "deleted": None,
    }
    (after,) = REDACTOR.records([Raw(json.dumps(record).encode())])
    text = bytes(after).decode()

    assert text.count("[REDACTED:") == 4
    assert SEED not in text
    assert f'"id":{2**53 + 1}' in text
    assert '"rate":1.1' in text


def test_a_damaged_record_loses_its_secrets_too() -> None:
    (after,) = REDACTOR.records([Raw(f'{{"id":1,"body":"{SEED}'.encode() + b"\xff")])

    assert SEED.encode() not in bytes(after)
    assert bytes(after).endswith(b"\xff")


def test_escaped_characters_hide_nothing() -> None:
    raw = json.dumps({"body": "助记词：" + planted.chinese_seed(random.Random(4))}).encode()
    (after,) = REDACTOR.records([Raw(raw)])

    assert b"REDACTED:SEED" in bytes(after)


def test_nested_too_deep_to_be_walked_is_looked_at_as_text() -> None:
    raw = b"[" * 5000 + json.dumps(SEED).encode() + b"]" * 5000
    (after,) = REDACTOR.records([Raw(raw)])

    assert SEED.encode() not in bytes(after)


def test_many_threads_may_look_at_once() -> None:
    texts = [make(random.Random(n)) for n in range(20) for _, make, _ in SENTENCES]
    expected = [REDACTOR.text(text) for text in texts]
    found: list[list[str]] = []

    def look() -> None:
        found.append([REDACTOR.text(text) for text in texts])

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [expected] * 4


@given(st.text(max_size=300))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = REDACTOR.text(text)

    assert REDACTOR.text(once) == once


@given(
    st.lists(st.sampled_from([s for _, _, each in SENTENCES for s in each]), max_size=6),
    st.randoms(),
)
def test_redacting_secrets_twice_changes_nothing_more(
    sentences: list[str], rng: random.Random
) -> None:
    makers = {sentence: make for _, make, each in SENTENCES for sentence in each}
    text = " ".join(sentence.format(makers[sentence](rng)) for sentence in sentences)
    once = REDACTOR.text(text)

    assert REDACTOR.text(once) == once
