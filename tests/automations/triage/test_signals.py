"""Signals are found as people write them; secrets never come out."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automations.triage.addresses import chain_of, is_solana
from automations.triage.amounts import find_amounts
from automations.triage.signals import find_signals
from integrations.redaction.redactor import Redactor, masked
from tests.support.shared import shared_file

TXID = hashlib.sha256(b"a transfer").hexdigest()
ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
UID = "448900112233445566"


def signals_of(text: str) -> dict[str, tuple[str, ...]]:
    return find_signals(text)[0]


def secrets_of(text: str) -> tuple[str, ...]:
    return find_signals(text)[1]


def test_addresses_of_the_standards_are_told_apart() -> None:
    vectors = json.loads(shared_file("data/address_vectors/vectors.json").read_text("utf-8"))
    wrong = [v["address"] for v in vectors if (chain_of(v["address"]) is not None) != v["valid"]]

    assert wrong == []


def test_address_with_a_wrong_checksum_is_only_doubtful() -> None:
    found = signals_of(f"sent to {ADDRESS.replace('5aA', '5aa')} and {ADDRESS}")

    assert found["address"] == (ADDRESS,)
    assert found["address_doubtful"] == (ADDRESS.replace("5aA", "5aa"),)


@pytest.mark.parametrize(
    "text", [f"0x{TXID}", f"txid: {TXID}", f"我的充值哈希 {TXID}", f"my deposit is missing {TXID}"]
)
def test_hash_near_words_of_transfers_is_a_transaction(text: str) -> None:
    assert TXID in signals_of(text)["txid"][0]
    assert secrets_of(text) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param(f"my private key is {TXID}", "private_key", id="named key"),
        pytest.param(f"私钥：{TXID}", "private_key", id="named key in Chinese"),
        pytest.param(f"here you are {TXID}", "possible_private_key", id="nobody knows"),
    ],
)
def test_hash_that_may_be_a_key_is_masked(text: str, kind: str) -> None:
    assert secrets_of(text) == (kind,)
    assert TXID not in masked(text)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (
            "seed phrase: ribbon velvet orange cactus museum island tragic lunar fox jelly zoo oak",
            "seed_phrase",
            "cactus",
        ),
        ("助记词：月 光 山 河 木 石 田 水 火 土 金 风", "seed_phrase", "月 光"),
        ("my otp code is 482913", "otp", "482913"),
        ("验证码 482913 收到了", "otp", "482913"),
        ("password: Tr0ub4dor", "password", "Tr0ub4dor"),
        ("密码是abc12345", "password", "abc12345"),
        ("api secret: 9fK2mQ7xLp0sVt4z", "api_secret", "9fK2mQ7xLp0sVt4z"),
        ("card 4111 1111 1111 1111 was charged", "card_number", "4111 1111"),
    ],
)
def test_leaked_secret_is_named_by_kind_and_its_value_is_gone(
    text: str, kind: str, value: str
) -> None:
    signals, secrets = find_signals(text)

    assert secrets == (kind,)
    assert value not in masked(text)
    assert value not in json.dumps(signals, ensure_ascii=False)


def test_uid_as_long_as_a_card_is_no_card() -> None:
    signals, secrets = find_signals(f"my UID is {UID}, order no. 4111111111111111")

    assert signals["uid"] == (UID,)
    assert secrets == ()


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1.2万U", "12000", "USDT"),
        ("lost 3k usdt", "3000", "USDT"),
        ("£2,300", "2300", "GBP"),
        ("0.5 BTC", "0.5", "BTC"),
        ("里面有6万刀", "60000", "USD"),
        ("两笔共8000元", "8000", "CNY"),
        ("1 million dollars", "1000000", "USD"),
        ("1.234,56 €", "1234.56", "EUR"),
        ("0,5 BTC", "0.5", "BTC"),
        ("1,234 usdt", "1234", "USDT"),
        ("三万五千U", "35000", "USDT"),
        ("2个比特币", "2", "BTC"),
        ("5亿美元", "500000000", "USD"),
    ],
)
def test_amount_is_read_as_people_write_it(text: str, value: str, currency: str) -> None:
    (amount,) = find_amounts(text)

    assert (str(amount.value.normalize().__format__("f")), amount.currency) == (value, currency)


def test_number_without_currency_is_no_amount() -> None:
    assert find_amounts("waited 500 days, ticket 30021, 5km away") == []


def test_contacts_are_shown_shortened() -> None:
    found = signals_of("mail jane.doe@example.com or call 13800138000")

    assert found["email"] == ("j***@example.com",)
    assert found["phone"] == ("138****00",)


def test_order_id_and_times_are_found() -> None:
    found = signals_of("订单号 C2C20240517889 昨晚 21:30 下单")

    assert found["order_id"] == ("C2C20240517889",)
    assert {"昨晚", "21:30"} <= set(found["time"])


@pytest.mark.parametrize(
    ("address", "chain"),
    [
        ("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "BTC"),
        ("LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1", "LTC"),
        ("DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L", "DOGE"),
        ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "TRX"),
        ("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "XRP"),
        ("7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV", "SOL"),
        ("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "EVM"),
    ],
)
def test_address_is_told_by_its_chain(address: str, chain: str) -> None:
    assert chain_of(address) == chain
    assert signals_of(f"they sent it to {address}, please look")["address"] == (address,)


def test_random_base58_is_no_address_of_solana() -> None:
    assert not is_solana("7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtY")


def test_links_and_domains_are_found_also_when_made_harmless() -> None:
    found = signals_of("hxxps://evil-okx[.]com/login, then okx-vip(.)top and jane@example.com.")

    assert found["url"] == ("https://evil-okx.com/login", "okx-vip.top")


def test_telephone_numbers_that_no_country_gives_out_are_none() -> None:
    assert "phone" not in signals_of("reference +99 1234 5678 90 and order 13000")
    assert signals_of("call +44 20 7946 0958")["phone"] == ("+44****58",)


@pytest.mark.parametrize(
    "text",
    ["on 5 March 2026", "March 5th, 2026", "2026-03-05 10:20", "上周五", "last Friday", "3天前"],
)
def test_times_are_found_in_both_languages(text: str) -> None:
    assert signals_of(f"it was {text}!")["time"]


def test_secrets_that_were_taken_out_before_are_still_told() -> None:
    text = Redactor().text("my otp code is 482913, order 4111111111111111")
    signals, kinds = find_signals(text)

    assert kinds == ("otp",)
    assert signals["order_id"] == ("4111111111111111",)


@given(st.text(max_size=300))
def test_signals_of_any_text_are_found_without_an_error(text: str) -> None:
    assert find_signals(text) is not None
