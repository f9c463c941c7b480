import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from integrations.runtime.errors import BadInput
from integrations.sandbox.population import QUEUES
from riskdesk.demo.complaints import OWN_FILE, own_complaints, read_file, read_lines
from riskdesk.demo.people import customer_of

OWN = own_complaints()
FAMILIES = set("ABCDEFGHIJKNX")
CJK = re.compile(r"[\u4e00-\u9fff]")
SECRET = re.compile(r"验证码是 \d{6}|newest code is \d{3} \d{3}|the 12 words: (?:[a-z]+ ?){12}")


def line(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def test_the_day_has_two_hundred_complaints_in_two_languages() -> None:
    languages = Counter(complaint.lang for complaint in OWN)

    assert len(OWN) == 200
    assert languages["en"] >= 100
    assert languages["zh"] >= 85


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_family_and_the_ambiguous_occur_in_each_language(language: str) -> None:
    families = Counter(complaint.family for complaint in OWN if complaint.lang == language)

    assert set(families) == {*FAMILIES, None}, families
    assert min(families.values()) >= 2, families
    assert families["F"] + families["C"] > families["G"] + families["J"], families


def test_no_two_complaints_share_an_id_a_writer_or_a_text() -> None:
    for field in ("id", "text", "customer", "subject"):
        counts = Counter(getattr(complaint, field) for complaint in OWN)

        assert [value for value, times in counts.items() if times > 1] == []


@pytest.mark.parametrize("complaint", OWN, ids=lambda complaint: complaint.id)
def test_complaint_is_well_formed(complaint: Any) -> None:
    chinese = len(CJK.findall(complaint.text))
    addresses = re.findall(r"[\w.-]+@[\w-]+(?:\.[\w-]+)+", complaint.text)

    assert complaint.id.startswith(f"{complaint.lang}-")
    assert complaint.text == complaint.text.strip()
    assert 10 <= len(complaint.text) <= 1500
    assert 0 < len(complaint.subject) <= 150
    assert "{" not in complaint.text
    assert chinese >= 5 if complaint.lang == "zh" else chinese == 0
    assert all(re.search(r"[@.]example(\.com|\.net)?$", address) for address in addresses)


def test_every_long_hex_string_is_a_transaction_or_an_address_and_none_occurs_twice() -> None:
    found = [
        match
        for complaint in OWN
        for match in re.findall(r"\b(?:0x)?[0-9a-f]{20,}\b", complaint.text)
    ]

    assert len(found) > 25
    assert {len(value.removeprefix("0x")) for value in found} == {40, 64}
    assert len(set(found)) == len(found)


def test_tron_and_bitcoin_addresses_carry_a_right_checksum() -> None:
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    found = re.findall(
        r"\b[T1][1-9A-HJ-NP-Za-km-z]{25,33}\b", "\n".join(complaint.text for complaint in OWN)
    )

    assert len(found) > 8
    for address in found:
        number = 0
        for letter in address:
            number = number * 58 + alphabet.index(letter)
        raw = number.to_bytes(25, "big")
        digest = hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()
        assert raw[21:] == digest[:4]


def test_three_customers_send_a_secret() -> None:
    assert sum(SECRET.search(complaint.text) is not None for complaint in OWN) == 3


def test_no_customer_is_taken_for_an_agent() -> None:
    agents = {name for _, names in QUEUES.values() for name in names}
    customers = [customer_of(complaint) for complaint in OWN]

    assert {customer.name for customer in customers}.isdisjoint(agents)
    assert len({customer.email for customer in customers}) == len(OWN)
    assert all(customer.email.endswith("@example.net") for customer in customers)


def test_own_file_has_one_compact_object_a_line() -> None:
    for text in OWN_FILE.read_text("utf-8").splitlines():
        assert list(json.loads(text)) == ["id", "lang", "family", "customer", "subject", "text"]


def test_reads_text_with_optional_id_language_and_title() -> None:
    reading = read_lines(
        [line(text="hello", id=7, lang="en", title="a\n title"), line(text="你好")]
    )

    first, second = reading.complaints
    assert (first.id, first.lang, first.subject, first.text) == ("7", "en", "a title", "hello")
    assert (second.id, second.lang, second.subject) == ("line-2", None, None)
    assert second.is_chinese
    assert first.expected is None


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        pytest.param(b"{oops", "not JSON", id="broken"),
        pytest.param(b"[" * 100_000, "not JSON", id="nested without end"),
        pytest.param(b'"text"', "not a JSON object", id="a string"),
        pytest.param(line(title="x"), "no text", id="no text"),
        pytest.param(line(text=None), "no text", id="null text"),
        pytest.param(line(text=12), "the text is not a string", id="a number as text"),
        pytest.param(line(text=" \u3000\n"), "empty text", id="only spaces"),
        pytest.param(b'{"text": "caf\xe9"}', "not UTF-8", id="other encoding"),
    ],
)
def test_bad_line_is_named_and_the_others_are_read(bad: bytes, why: str) -> None:
    reading = read_lines([line(text="one"), b"  ", bad, line(text="two")])

    assert [complaint.text for complaint in reading.complaints] == ["one", "two"]
    assert [(found.number, found.why) for found in reading.bad_lines] == [(3, why)]


def test_lines_with_the_same_id_are_both_kept() -> None:
    same = [line(id="a", text="1"), line(id="a", text="2"), line(id="a-line-2", text="3")]
    reading = read_lines([*same, line(id="a", text="4")])

    assert sorted(complaint.text for complaint in reading.complaints) == ["1", "2", "3", "4"]
    assert len({complaint.id for complaint in reading.complaints}) == 4


def test_half_a_surrogate_pair_becomes_sendable() -> None:
    (complaint,) = read_lines([rb'{"text": "a\ud83d b", "id": "\udc00"}']).complaints

    assert complaint.text.encode()
    assert complaint.id.encode()


def test_file_with_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + line(text="one") + b"\r\n" + line(text="two") + b"\r\n")

    assert len(read_file(path).complaints) == 2


def test_file_without_complaints_says_what_is_wrong_with_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("\n[1]\n")

    with pytest.raises(BadInput, match="line 2: not a JSON object"):
        read_file(path)


def test_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_file(tmp_path / "none.jsonl")
