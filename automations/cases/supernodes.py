"""Knows what so many people name that it links nobody with anybody."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from automations.cases.mentions import Kind, Mention, Relation, written_alike

SUPERNODES_FILE: Final = Path(__file__).with_name("supernodes.toml")


class Supernodes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Domains and addresses that are known, and how often other things may be named."""

    domain: frozenset[str]
    address: frozenset[str]
    most_tickets: dict[Relation, dict[Kind, int]]

    def lists(self, mention: Mention) -> bool:
        """Tell whether somebody listed what the ticket names."""
        if mention.kind is Kind.DOMAIN:
            labels = mention.value.split(".")
            return any(".".join(labels[place:]) in self.domain for place in range(len(labels)))
        return mention.kind is Kind.ADDRESS and mention.value in self.address

    def is_one(self, mention: Mention, tickets: int) -> bool:
        """Tell whether what so many tickets name links nobody with anybody."""
        return tickets > self.most_tickets[mention.relation][mention.kind] or self.lists(mention)


@lru_cache(maxsize=1)
def shipped_supernodes() -> Supernodes:
    """Return the list that comes with riskdesk."""
    content = tomllib.loads(SUPERNODES_FILE.read_text("utf-8"))
    listed = msgspec.convert(content, Supernodes)
    addresses = {written_alike(Kind.ADDRESS, address) or "" for address in listed.address}
    return msgspec.structs.replace(listed, address=frozenset(addresses))
