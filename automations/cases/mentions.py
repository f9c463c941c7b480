"""What a ticket names that may link it with others, and what that has to do with its customer."""

from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

import msgspec


class Relation(StrEnum):
    """Why a ticket names something. The two never lead into one case.

    Victims name what was used against them; somebody else names the same as an own possession. Were
    these one edge, victims would land in their suspect's own case, and the suspect in theirs.
    """

    VICTIM_OF = "victim_of"
    CONTROLS = "controls"


class Kind(StrEnum):
    """What is named."""

    ADDRESS = "address"
    TXID = "txid"
    PHONE = "phone"
    EMAIL = "email"
    BANK_ACCOUNT = "bank_account"
    DOMAIN = "domain"


# Many people use a domain, so that it is no proof of who owns what.
SOFT_KINDS: Final = frozenset({Kind.DOMAIN})


class Mention(msgspec.Struct, frozen=True, order=True):
    """One thing that a ticket names; phones, mails and bank accounts only as keyed hashes."""

    relation: Relation
    kind: Kind
    value: str

    @property
    def can_link(self) -> bool:
        """Whether two tickets that both name it belong together."""
        return self.relation is Relation.VICTIM_OF or self.kind not in SOFT_KINDS


def written_alike(kind: Kind, value: str) -> str | None:
    """Return the one way to write an address, hash or link; None when it names nothing."""
    text = value.strip()
    if kind is Kind.DOMAIN:
        return domain_of(text)
    is_hexadecimal = text[:2].lower() == "0x" or kind is Kind.TXID
    is_segwit = text[:3].lower() in {"bc1", "tb1"} or text[:4].lower() == "ltc1"
    return (text.lower() if is_hexadecimal or is_segwit else text) or None


def domain_of(link: str) -> str | None:
    """Return the host of a link without "www."; None when it has none."""
    try:
        host = urlsplit(link if "//" in link else f"//{link}").hostname
    except ValueError:
        return None
    if host is None or "." not in host:
        return None
    return host.removeprefix("www.").rstrip(".") or None
