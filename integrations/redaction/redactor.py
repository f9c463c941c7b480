"""Takes secrets out of texts and of records of Zendesk; the same input gives the same output."""

import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Raw

from integrations.redaction.finding import find_secrets
from integrations.redaction.gate import signs_in
from integrations.redaction.placeholders import RedactionKey, replaced
from integrations.redaction.secret import Kind
from integrations.redaction.views import PLACEHOLDER

# What stands between two secrets may turn into context of each other once they are gone.
_MOST_ROUNDS: Final = 5
_EXACT: Final = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


class Redactor:
    """Puts typed placeholders in the place of secrets.

    `key` is asked for when the first secret was found: most processes never need it.
    """

    def __init__(self, key: Callable[[], RedactionKey | None] = lambda: None) -> None:
        self._key = key

    def link_of(self, value: str) -> str | None:
        """Return the keyed hash by which something personal links tickets; None without a key."""
        key = self._key()
        return None if key is None else key.link_of(value)

    def text(self, text: str, *, spare: frozenset[Kind] = frozenset()) -> str:
        """Return a text without its secrets; done twice it is as if done once.

        Kinds in `spare` stay.
        """
        for _ in range(_MOST_ROUNDS):
            found = [secret for secret in find_secrets(text) if secret.kind not in spare]
            if not found:
                return text
            text = replaced(text, found, self._key())
        return text

    def value(self, value: Any) -> Any:
        """Return a JSON value without secrets in any of its texts; unchanged parts are the same."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.value(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.value(each) for each in value]
        return value

    def records(self, records: Iterable[Raw]) -> Iterator[Raw]:
        """Yield records without secrets; those that certainly hold none are not even decoded."""
        for raw in records:
            yield self._record(raw) if signs_in(bytes(raw)) else raw

    def json_text(self, text: str) -> str:
        """Return a text that is JSON, or should be, without secrets."""
        (record,) = self.records([Raw(text.encode("utf-8", "surrogateescape"))])
        return bytes(record).decode("utf-8", "surrogateescape")

    def _record(self, raw: Raw) -> Raw:
        try:
            before = _EXACT.decode(raw)
            after = self.value(before)
        except (ValueError, RecursionError):  # no JSON, or none that can be walked: as it is
            text = bytes(raw).decode("utf-8", "surrogateescape")
            return Raw(self.text(text).encode("utf-8", "surrogateescape"))
        return raw if after == before else Raw(_encoded(after))


def _encoded(value: Any) -> bytes:
    try:
        return _ENCODER.encode(value)
    except (ValueError, OverflowError):  # numbers beyond 64 bits
        return json.dumps(value, default=float).encode()


def masked(text: str) -> str:
    """Return a text with the kinds of its secrets alone, the same for every key and for none."""
    return PLACEHOLDER.sub(r"[REDACTED:\1]", Redactor().text(text))
