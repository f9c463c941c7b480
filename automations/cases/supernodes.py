"""Knows what so many people name that it links nobody with anybody."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from automations.cases.mentions import Kind, Mention, Relation, domain_of, written_alike
from integrations.runtime.errors import ConfigError
from integrations.runtime.settings import load_settings

SUPERNODES_FILE: Final = Path(__file__).with_name("supernodes.toml")


class Supernodes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Domains and addresses that are known, and how often other things may be named."""

    domain: frozenset[str] = frozenset()
    address: frozenset[str] = frozenset()
    most_tickets: dict[Relation, dict[Kind, int]] = {}

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
def known_supernodes() -> Supernodes:
    """Return the list that comes with riskdesk, and what the account's own file adds."""
    shipped = read_supernodes(SUPERNODES_FILE)
    own = load_settings().common_indicators
    if own is None:
        return shipped
    added = read_supernodes(own)
    return Supernodes(
        shipped.domain | added.domain,
        shipped.address | added.address,
        {
            relation: shipped.most_tickets[relation] | added.most_tickets.get(relation, {})
            for relation in Relation
        },
    )


def read_supernodes(path: Path) -> Supernodes:
    """Return what a file lists; ConfigError says what is wrong with it."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        listed = msgspec.convert(content, Supernodes)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(
            f"The list of common indicators {path.name} cannot be used: {reason}.",
            hint="write it like supernodes.toml: domain = [...], address = [...].",
        ) from None
    return Supernodes(
        frozenset(domain_of(domain) or domain for domain in listed.domain),
        frozenset(written_alike(Kind.ADDRESS, one) or one for one in listed.address),
        listed.most_tickets,
    )
