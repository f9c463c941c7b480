"""What a ticket names that may link it with others, read from its text and what triage found.

Telephone numbers, mail addresses and bank accounts leave this module only as keyed hashes.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from automations.cases.mentions import Kind, Mention, Relation, written_alike
from automations.pipeline.ticket import TicketView
from automations.triage.assessment import Assessment
from automations.triage.contacts import emails_in, phones_in

HashOf = Callable[[str], str | None]  # None: there is no key

# Victims, and authorities who ask about a suspect, name what somebody else holds.
_OF_OTHERS: Final = frozenset("ABEJ") | {"G1", "G2"}
# All other families that speak of accounts, and advertisers, name their own.
_OWN: Final = frozenset("CDFGHIKX")
_WITH_DOMAINS: Final = frozenset("ABJG")
_IBAN: Final = re.compile(
    r"(?<![0-9A-Za-z])[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?(?![0-9A-Za-z])"
)
_CARD: Final = re.compile(r"\[REDACTED:CARD:([0-9a-f]{8}(?:\.\d{1,3})?)\]")
_READ: Final = 65_536  # characters


def mentions_of(
    ticket: TicketView, assessment: Assessment, hash_of: HashOf | None
) -> tuple[Mention, ...]:
    """Return what the ticket names; without a hash function nothing personal.

    Where nobody knows what the ticket is about, it is not known either whose things it names.
    """
    relation = _relation(assessment)
    if relation is None:
        return ()
    found = {
        Mention(relation, kind, value)
        for kind, written in _named(ticket, assessment, relation, hash_of)
        if (value := written_alike(kind, written) if kind in _PLAIN else written)
    }
    return tuple(sorted(found))


_PLAIN: Final = frozenset({Kind.ADDRESS, Kind.TXID, Kind.DOMAIN})


def _relation(assessment: Assessment) -> Relation | None:
    family = assessment.family
    if family in _OF_OTHERS or assessment.reason in _OF_OTHERS:
        return Relation.VICTIM_OF
    return Relation.CONTROLS if family in _OWN else None


def _named(
    ticket: TicketView, assessment: Assessment, relation: Relation, hash_of: HashOf | None
) -> Iterator[tuple[Kind, str]]:
    signals = assessment.signals
    for kind in (Kind.ADDRESS, Kind.TXID):
        for value in signals.get(kind.value, ()):
            yield kind, value
    if relation is Relation.VICTIM_OF and assessment.family in _WITH_DOMAINS:
        for link in signals.get("url", ()):
            yield Kind.DOMAIN, link
    if hash_of is not None:
        text = f"{ticket.subject}\n{ticket.complaint_text}"[:_READ]
        for kind, value in _personal(text):
            hashed = hash_of(f"{kind.value}:{value}")
            if hashed is not None:
                yield kind, hashed


def _personal(text: str) -> Iterator[tuple[Kind, str]]:
    for number in phones_in(text):
        yield Kind.PHONE, number
    for address in emails_in(text):
        yield Kind.EMAIL, address.lower()
    for match in _IBAN.finditer(text):
        account = match[0].replace(" ", "")
        if is_iban(account):
            yield Kind.BANK_ACCOUNT, account
    for match in _CARD.finditer(text):  # the number itself was taken out before
        yield Kind.BANK_ACCOUNT, match[1]


def is_iban(account: str) -> bool:
    """Tell whether a bank account's number passes its own check (ISO 7064, MOD 97-10)."""
    turned = account[4:] + account[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
