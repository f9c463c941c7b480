"""Sealed tokens: only the same secret opens them, and nobody changes them unseen."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.zendesk.sealing import seal, unseal


@given(st.text(min_size=1), st.text())
def test_what_was_sealed_is_unsealed(secret: str, text: str) -> None:
    assert unseal(secret, seal(secret, text)) == text


@given(st.text(), st.text(), st.text())
def test_another_secret_opens_nothing(secret: str, other: str, text: str) -> None:
    assert secret == other or unseal(other, seal(secret, text)) is None


@given(st.data())
def test_one_changed_bit_is_seen(data: st.DataObject) -> None:
    whole = bytearray(base64.urlsafe_b64decode(seal("secret", "a token")))
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8

    assert unseal("secret", base64.urlsafe_b64encode(bytes(whole)).decode()) is None


@given(st.text())
def test_anything_else_is_not_unsealed(text: str) -> None:
    assert unseal("secret", text) is None


def test_the_token_does_not_show_and_no_two_seals_are_alike() -> None:
    first, second = (seal("secret", "sesame" * 20) for _ in range(2))

    assert first != second
    assert b"sesame" not in base64.urlsafe_b64decode(first)


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 500])
def test_a_text_of_any_length_keeps_it(length: int) -> None:
    assert unseal("s", seal("s", "x" * length)) == "x" * length
