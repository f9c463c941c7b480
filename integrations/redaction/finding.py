"""Finds every secret in a text, in English and Chinese; a cheap look decides who has to look."""

from typing import Final

from integrations.redaction import cards, credentials, identity, key_files, raw_keys, seeds
from integrations.redaction.gate import Signs, signs_in
from integrations.redaction.secret import Secret, without_overlaps
from integrations.redaction.views import View, views_of

_SEEDS: Final = Signs.SEED_RUN | Signs.SEED_CUE
_CARDS: Final = Signs.CARD | Signs.CARD_CUE
_DETECTORS: Final = (
    (Signs.HEX, raw_keys.find_hex_keys),
    (Signs.LONG_TOKEN | Signs.API | Signs.SEED_CUE, raw_keys.find_encoded_keys),
    (Signs.API | Signs.SEED_CUE, raw_keys.find_key_bytes),
    (Signs.FILE, key_files.find_pem_blocks),
    (Signs.FILE, key_files.find_keystores),
    (Signs.API, credentials.find_api_secrets),
    (Signs.API | Signs.CODE | Signs.SEED_CUE, credentials.find_authenticator_keys),
    (Signs.PASSWORD, credentials.find_passwords),
    (Signs.CODE, credentials.find_codes),
    (Signs.CARD | Signs.IDENTITY, identity.find_identity_numbers),
)


def find_secrets(text: str) -> list[Secret]:
    """Return the secrets of a text in their order, without overlaps; linear in its length."""
    signs = signs_in(text.encode("utf-8", "replace"))
    if not signs and "<" not in text and "&" not in text:  # markup may hide them from the look
        return []
    found = [
        secret
        for view in views_of(text)
        for secret in _in_view(view, signs if view.text == text else _signs_of(view))
    ]
    return without_overlaps(found)


def _signs_of(view: View) -> int:
    return signs_in(view.text.encode("utf-8", "replace"))


def _in_view(view: View, signs: int) -> list[Secret]:
    found: list[Secret] = []
    for wanted, find in _DETECTORS:
        if signs & wanted:
            found += find(view.text)
    if signs & _SEEDS:
        found += seeds.find_seeds(view.text, has_cue=bool(signs & Signs.SEED_CUE))
    payment = list(cards.find_cards(view.text)) if signs & _CARDS else []
    found += payment
    if signs & Signs.CARD_CODE:
        found += cards.find_card_codes(view.text, payment)
    return [view.in_original(secret) for secret in found]
