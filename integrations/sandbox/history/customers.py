"""The people who write to the desk: many who come once or twice, and some important companies."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from integrations.sandbox.population import organization
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record

FIRST_NAMES = {
    "en": (
        *("Alex", "Nadia", "John", "Maria", "Sam", "Ines", "Peter", "Amara", "Lucas", "Yuki"),
        *("Fatima", "Diego", "Hanna", "Ravi", "Chloe", "Tomas", "Aisha", "Victor", "Lena", "Kofi"),
    ),
    "zh": (
        *("芳", "娜", "伟", "洋", "静", "帆", "强", "敏", "磊", "婷", "杰", "丽", "军", "雪", "鹏"),
        *("浩然", "子涵", "雨桐", "嘉豪", "思远"),
    ),
}
LAST_NAMES = {
    "en": (
        *("Morgan", "Petrova", "Okoro", "Lopez", "Taylor", "Costa", "Schmidt", "Mensah", "Silva"),
        *("Tanaka", "Rahman", "Fernandez", "Novak", "Iyer", "Dubois", "Nguyen", "Kowalski"),
    ),
    "zh": tuple("王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗"),
}
COMPANIES = ("Harbour Capital", "Northwind OTC", "蓝海数字资产", "Meridian Custody", "星河量化")
IMPORTANT_PEOPLE = 4  # of each company
SHARE_OF_IMPORTANT = 0.04
SHARE_OF_RETURNING = 0.3
CHINESE = {"locale_id": 10, "locale": "zh-CN"}


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who complains: the user of the desk, the language and the UID at the exchange."""

    user: Record
    language: str
    uid: str
    is_important: bool = False


def welcome_companies(account: Account) -> list[Customer]:
    """Let the important companies and their people become customers, the same ones every time."""
    people = []
    for number, name in enumerate(COMPANIES):
        company = organization(account, name, details="Institutional customer", tags=["vip"])
        language = "en" if name.isascii() else "zh"
        for place in range(IMPORTANT_PEOPLE):
            index = number * IMPORTANT_PEOPLE + place
            full_name = _name(language, index * 7, index * 3)
            user = account.add_user(
                {
                    "name": full_name,
                    "email": f"desk{place + 1}@company{number + 1}.example",
                    "organization_id": company["id"],
                    "tags": ["vip"],
                }
            )
            _speaks(user, language)
            people.append(Customer(user, language, f"9{index:07d}", is_important=True))
    return people


class Customers:
    """Chooses who writes next: an important one, one who wrote before, or somebody new."""

    def __init__(
        self,
        account: Account,
        random: Random,
        important: list[Customer],
        uid_of: Callable[[int], str],
    ) -> None:
        self._account = account
        self._random = random
        self._important = important
        self._uid_of = uid_of
        self._known: list[Customer] = []

    def __len__(self) -> int:
        return len(self._known)

    def next(self) -> Customer:
        """Return who writes now."""
        draw = self._random.random()
        if draw < SHARE_OF_IMPORTANT:
            return self._random.choice(self._important)
        if draw < SHARE_OF_RETURNING and self._known:
            return self._random.choice(self._known)
        return self._new()

    def _new(self) -> Customer:
        language = self._random.choice(("en", "zh"))
        uid = self._uid_of(len(self._known))
        name = _name(language, self._random.randrange(1000), self._random.randrange(1000))
        user = self._account.add_user(
            {"name": name, "email": f"customer.{uid}@example.com", "external_id": uid}
        )
        _speaks(user, language)
        customer = Customer(user, language, uid)
        self._known.append(customer)
        return customer


def _name(language: str, first: int, last: int) -> str:
    firsts, lasts = FIRST_NAMES[language], LAST_NAMES[language]
    given, family = firsts[first % len(firsts)], lasts[last % len(lasts)]
    return f"{family}{given}" if language == "zh" else f"{given} {family}"


def _speaks(user: Record, language: str) -> None:
    if language == "zh":
        user |= CHINESE
