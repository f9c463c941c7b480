"""What stands in the place of a secret: its kind, and a keyed hash that links equal ones."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from integrations.redaction.secret import Kind, Secret
from integrations.redaction.views import PLACEHOLDER
from integrations.runtime.errors import ConfigError

LABELS: Final = {
    Kind.SEED: "SEED",
    Kind.PRIVATE_KEY: "KEY",
    Kind.POSSIBLE_KEY: "POSSIBLE_KEY",
    Kind.KEYSTORE: "KEYSTORE",
    Kind.API_SECRET: "API_SECRET",
    Kind.AUTHENTICATOR: "AUTHENTICATOR",
    Kind.ONE_TIME_CODE: "CODE",
    Kind.PASSWORD: "PASSWORD",
    Kind.CARD: "CARD",
    Kind.CARD_CODE: "CARD_CODE",
    Kind.IDENTITY: "IDENTITY",
}
_KINDS: Final = {label: kind for kind, label in LABELS.items()}
# So few values that whoever learns the key could try them all; and nobody links tickets by them.
_NOT_LINKED: Final = frozenset({Kind.ONE_TIME_CODE, Kind.CARD_CODE})
_HASH_BYTES: Final = 4  # enough to tell secrets apart, too few to prove what one was
_LINK_BYTES: Final = 16
_SETTING: Final = re.compile(r"(?:(?P<version>[1-9]\d{0,2}):)?(?P<secret>.{16,})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RedactionKey:
    """The key of the hashes; a new version gives new hashes, and placeholders name it."""

    secret: bytes = field(repr=False)
    version: int = 1

    def hash_of(self, value: str) -> str:
        """Return eight hexadecimal digits, and the version behind the first one."""
        digest = hmac.digest(self.secret, value.encode("utf-8", "replace"), hashlib.sha256)
        version = f".{self.version}" if self.version > 1 else ""
        return digest[:_HASH_BYTES].hex() + version

    def link_of(self, value: str) -> str:
        """Return a hash of something personal by which tickets are linked, never shown as a secret.

        It is longer than a placeholder's: among a million values no two may look alike.
        """
        named = f"link:{value}".encode("utf-8", "replace")
        digest = hmac.digest(self.secret, named, hashlib.sha256)
        return f"{digest[:_LINK_BYTES].hex()}.{self.version}"


def read_key(setting: str) -> RedactionKey:
    """Return the key of RISKDESK_REDACTION_KEY: a long secret, or `version:secret`."""
    found = _SETTING.fullmatch(setting.strip())
    if found is None:
        raise ConfigError(
            "RISKDESK_REDACTION_KEY is shorter than 16 characters.",
            hint="set a long random text, such as the output of `openssl rand -hex 32`.",
        )
    return RedactionKey(found["secret"].encode(), int(found["version"] or 1))


def placeholder(secret: Secret, key: RedactionKey | None) -> str:
    """Return what stands for a secret; without a key it tells the kind alone."""
    label = LABELS[secret.kind]
    if key is None or secret.kind in _NOT_LINKED:
        return f"[REDACTED:{label}]"
    return f"[REDACTED:{label}:{key.hash_of(secret.value)}]"


def replaced(text: str, secrets: Iterable[Secret], key: RedactionKey | None) -> str:
    """Return the text with placeholders for these secrets, which do not overlap."""
    pieces, position = [], 0
    for secret in secrets:
        pieces += [text[position : secret.start], placeholder(secret, key)]
        position = secret.end
    return "".join([*pieces, text[position:]])


def kinds_in(text: str) -> tuple[Kind, ...]:
    """Return the kinds of the secrets whose placeholders stand in a text."""
    labels = {found[1] for found in PLACEHOLDER.finditer(text)} if "[REDACTED:" in text else set()
    return tuple(sorted(_KINDS[label] for label in labels if label in _KINDS))
