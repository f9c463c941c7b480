"""What a found secret is: its kind and where it stands; its value shows nowhere."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of secrets; assessments, tags and reports use these names."""

    SEED = "seed_phrase"
    PRIVATE_KEY = "private_key"
    POSSIBLE_KEY = "possible_private_key"  # 64 hexadecimal digits that nothing explains
    KEYSTORE = "keystore"
    API_SECRET = "api_secret"  # noqa: S105 - the name of a kind
    AUTHENTICATOR = "authenticator_key"
    ONE_TIME_CODE = "otp"
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    CARD = "card_number"
    CARD_CODE = "card_code"
    IDENTITY = "identity_number"


DOUBTFUL = frozenset({Kind.POSSIBLE_KEY})  # hidden here, and left to a person in Zendesk
_BY_CUE = frozenset({Kind.API_SECRET, Kind.PASSWORD})  # others show by their form what they are


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret in a text, from `start` to before `end`.

    `value` is the secret without what people put between its parts: the same secret has the same
    value however it is written. It is left out of the repr, so that no log or error shows it.
    """

    kind: Kind
    start: int
    end: int
    value: str = field(repr=False)


def without_overlaps(found: list[Secret]) -> list[Secret]:
    """Return the secrets in the order of the text; of those that overlap, the first and longest."""
    kept: list[Secret] = []
    for secret in sorted(found, key=lambda each: (each.start, -each.end, each.kind in _BY_CUE)):
        if not kept or secret.start >= kept[-1].end:
            kept.append(secret)
        elif secret.end > kept[-1].end:  # nothing of either may stay readable
            last = kept.pop()
            value = last.value + secret.value
            kept.append(Secret(last.kind, last.start, secret.end, value))
    return kept
