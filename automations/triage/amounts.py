"""Reads amounts of money as people write them: 1.2万U, 3k usdt, £2,300, 0.5 BTC."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

_NUMBER: Final = r"(\d{1,3}(?:[,，]\d{3}){1,4}(?:\.\d{1,8})?|\d{1,12}(?:\.\d{1,8})?)"
_SCALES: Final = {
    "千": 3,
    "k": 3,
    "万": 4,
    "萬": 4,
    "w": 4,
    "m": 6,
    "百万": 6,
    "million": 6,
    "mio": 6,
    "亿": 8,
    "thousand": 3,
    "grand": 3,
}
_SCALE: Final = r"\s?(百万|千|万|萬|亿|million|mio|thousand|grand|k|w|m)?"
_AFTER: Final = (
    r"\s?(usdt|usdc|usd|us dollars?|dollars?|bucks|btc|bitcoins?|比特币|eth|ethereum|以太坊|eur|"
    r"euros?|gbp|"
    r"pounds?|quid|hkd|cny|rmb|yuan|人民币|元|块|刀|美金|美元|美刀|港币|欧元|英镑|naira|ngn|inr|"
    r"rupees?|u|\$|€|£)"
    r"(?![a-z])"
)
_BEFORE: Final = r"(us\$|hk\$|\$|€|£|¥|￥|₦|₹|usdt|usd|eur|gbp|rmb|cny|ngn)\s?"
_PATTERN: Final = re.compile(
    rf"(?<![A-Za-z\d.,]){_NUMBER}{_SCALE}{_AFTER}|(?:(?<![a-z]){_BEFORE}){_NUMBER}{_SCALE}(?![a-z\d])",
    re.IGNORECASE,
)
_CURRENCIES: Final = {
    "USDT": "usdt u usdc",
    "USD": "usd us$ $ dollar dollars bucks 刀 美金 美元 美刀",
    "BTC": "btc bitcoin bitcoins 比特币",
    "ETH": "eth ethereum 以太坊",
    "EUR": "eur euro euros € 欧元",
    "GBP": "gbp pound pounds quid £ 英镑",
    "CNY": "cny rmb yuan 人民币 元 块 ¥ ￥",
    "HKD": "hkd hk$ 港币",
    "NGN": "naira ngn ₦",
    "INR": "inr rupee rupees ₹",
}
_CODE_OF: Final = {name: code for code, names in _CURRENCIES.items() for name in names.split()}
# Deliberately rough: they decide only whether a loss is above a threshold, and prices move.
REFERENCE_USD: Final = {
    "USDT": Decimal(1),
    "USD": Decimal(1),
    "BTC": Decimal(60_000),
    "ETH": Decimal(2_500),
    "EUR": Decimal("1.08"),
    "GBP": Decimal("1.25"),
    "CNY": Decimal("0.14"),
    "HKD": Decimal("0.128"),
    "NGN": Decimal("0.0007"),
    "INR": Decimal("0.012"),
}


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
    """Return every amount that names its currency, in the order of the text."""
    amounts = []
    for match in _PATTERN.finditer(text):
        number, scale, unit = match[1] or match[5], match[2] or match[6], match[3] or match[4]
        unit = re.sub(r"^us dollars?$", "usd", unit.lower())
        digits = Decimal(number.replace(",", "").replace("，", ""))
        value = digits.scaleb(_SCALES[scale.lower()]) if scale else digits
        amounts.append(Amount(value, _CODE_OF[unit], match[0].strip()))
    return amounts
