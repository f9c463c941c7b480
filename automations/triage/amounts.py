"""Reads amounts of money as people write them: 1.2万U, 3k usdt, £2,300, 0,5 BTC, 三万刀."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

_NUMBER: Final = (
    r"(\d{1,3}(?:[,，]\d{3}){1,4}(?:\.\d{1,8})?"  # 1,234.56
    r"|\d{1,3}(?:\.\d{3}){1,4},\d{1,2}(?!\d)"  # 1.234,56
    r"|\d{1,12}(?:[.,]\d{1,8})?)"  # 1234.5 and 1234,5
)
_SCALES: Final = {
    "百": 2,
    "千": 3,
    "k": 3,
    "万": 4,
    "萬": 4,
    "w": 4,
    "m": 6,
    "百万": 6,
    "million": 6,
    "mio": 6,
    "千万": 7,
    "亿": 8,
    "億": 8,
    "b": 9,
    "billion": 9,
    "thousand": 3,
    "grand": 3,
}
_SCALE: Final = r"\s?(百万|千万|百|千|万|萬|亿|億|million|billion|mio|thousand|grand|k|w|m|b)?"
_CURRENCIES: Final = {
    "USDT": "usdt u tether 泰达币",
    "USDC": "usdc",
    "USD": "usd us$ $ dollar dollars bucks 刀 美金 美元 美刀",
    "BTC": "btc bitcoin bitcoins xbt 比特币",
    "ETH": "eth ethereum ether 以太坊 以太币",
    "LTC": "ltc litecoin 莱特币",
    "XRP": "xrp ripple 瑞波币",
    "DOGE": "doge dogecoin 狗狗币",
    "SOL": "sol solana",
    "TRX": "trx tron 波场币",
    "BNB": "bnb",
    "EUR": "eur euro euros € 欧元",
    "GBP": "gbp pound pounds quid £ 英镑",
    "CNY": "cny rmb yuan 人民币 元 块 块钱 ¥ ￥",
    "HKD": "hkd hk$ 港币 港元",
    "NGN": "naira ngn ₦",
    "INR": "inr rupee rupees ₹",
}
CURRENCY_NAMES: Final = tuple(
    re.escape(name) for names in _CURRENCIES.values() for name in names.split()
)
_CODE_OF: Final = {name: code for code, names in _CURRENCIES.items() for name in names.split()}
_AFTER: Final = (
    r"\s?(?:[个個枚颗]\s?)?(us dollars?|"
    + "|".join(re.escape(name) for name in sorted(_CODE_OF, key=len, reverse=True))
    + r")(?![a-z])"
)
_BEFORE: Final = r"(us\$|hk\$|\$|€|£|¥|￥|₦|₹|usdt|usdc|usd|eur|gbp|rmb|cny|hkd|ngn|inr|btc|eth)\s?"
_PATTERN: Final = re.compile(
    rf"(?=[\d$€£¥￥₦₹uhergcnib])(?:(?<![A-Za-z\d.,]){_NUMBER}{_SCALE}{_AFTER}|(?:(?<![a-z]){_BEFORE}){_NUMBER}{_SCALE}(?![a-z\d]))",
    re.IGNORECASE,
)
_CHINESE_DIGITS: Final[dict[str, Decimal]] = {
    **{sign: Decimal(value) for value, sign in enumerate("零一二三四五六七八九")},
    "两": Decimal(2),
    "兩": Decimal(2),
    "半": Decimal("0.5"),
}
_CHINESE_UNITS: Final = {"十": 1, "百": 2, "千": 3}
_CHINESE_MYRIADS: Final = {"万": 4, "萬": 4, "亿": 8, "億": 8}
_CHINESE: Final = re.compile(
    rf"([一二两兩三四五六七八九十半](?<![零一二两兩三四五六七八九十百千万萬亿億半\d].)"
    rf"[零一二两兩三四五六七八九十百千万萬亿億]{{0,12}}){_AFTER}",
    re.IGNORECASE,
)
_UNITS_OF_TALK: Final = frozenset({"元", "块", "u", "$"})  # behind a single 一 they mean no money
PRICES_FILE: Final = Path(__file__).with_name("reference_prices.toml")


def read_prices(path: Path = PRICES_FILE) -> dict[str, Decimal]:
    """Return what a unit of each currency is roughly worth in dollars, exactly as it is written."""
    return dict(tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)["usd"])


REFERENCE_USD: Final = {code: Decimal(price) for code, price in read_prices().items()}


class Amount(NamedTuple):
    """An amount, its currency code, and the text that stated it."""

    value: Decimal
    currency: str
    text: str

    @property
    def usd(self) -> Decimal:
        """Its rough worth in dollars."""
        return self.value * REFERENCE_USD[self.currency]


def find_amounts(text: str) -> list[Amount]:
    """Return every amount that names its currency, in the order of the text; values are exact."""
    amounts = []
    for match in _PATTERN.finditer(text):
        number, scale, unit = match[1] or match[5], match[2] or match[6], match[3] or match[4]
        digits = exact(number)
        value = digits.scaleb(_SCALES[scale.lower()]) if scale else digits
        amounts.append((match.start(), Amount(value, _code(unit), match[0].strip())))
    for match in _CHINESE.finditer(text):
        if len(match[1]) > 1 or match[2].lower() not in _UNITS_OF_TALK:
            amount = Amount(_chinese_number(match[1]), _code(match[2]), match[0].strip())
            amounts.append((match.start(), amount))
    return [amount for _, amount in sorted(amounts, key=lambda each: each[0])]


def exact(number: str) -> Decimal:
    """Return a written number; a comma before three digits groups, before others it is decimal."""
    number = number.replace("，", ",")
    head, comma, tail = number.rpartition(",")
    is_decimal = comma and ("." in head or ("," not in head and len(tail) != 3))  # noqa: PLR2004
    if is_decimal and "." not in tail:
        return Decimal(f"{head.replace('.', '')}.{tail}")
    return Decimal(number.replace(",", ""))


def _code(unit: str) -> str:
    return _CODE_OF[re.sub(r"^us dollars?$", "usd", unit.lower())]


def _chinese_number(text: str) -> Decimal:
    """Return a number in Chinese characters: 三万五千, 两百, 十二, 半."""
    total = section = digit = Decimal(0)
    for sign in text:
        if sign in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[sign]
        elif sign in _CHINESE_UNITS:
            section += (digit or Decimal(1)).scaleb(_CHINESE_UNITS[sign])
            digit = Decimal(0)
        else:
            total += (section + digit or Decimal(1)).scaleb(_CHINESE_MYRIADS[sign])
            section = digit = Decimal(0)
    return total + section + digit
