"""Finds private keys in the forms in which wallets show them; transactions' hashes are none."""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from integrations.redaction.base58 import RIPPLE, checked, decoded
from integrations.redaction.secret import Kind, Secret

_HEX64: Final = re.compile(r"(?<![0-9A-Za-z])(?:0[xX])?([0-9A-Fa-f]{64})(?![0-9A-Za-z])")
_BEFORE, _AFTER = 90, 40  # characters around 64 hexadecimal digits that tell what they are
_KEY_CUE: Final = re.compile(
    r"priv(?:ate)?[ _-]{0,2}keys?|secret[ _-]?keys?|wallet key|seed|\bpk\b|\bsk\b|keystore"
    r"|\bkey ?[:=]|私钥|私鑰|密钥|密鑰|导出|導出|秘钥",
    re.IGNORECASE,
)
_TX_CUE: Final = re.compile(
    r"\btx|hash|sha-?256|checksum|digest|transaction|transfer|deposit|withdraw|explorer|scan\.|scan/|/tx/|\bblock|https?://"
    r"|\bsent\b|chain|\busd[tc]\b|\bbtc\b|\beth\b|\btrx\b"
    r"|哈希|交易|转账|轉帳|充值|提[币幣现現]|指纹|链|鏈|区块|區塊|记录|凭证",
    re.IGNORECASE,
)
_LIST_GAP: Final = 6  # characters between the hashes of one list
_TOKEN: Final = re.compile(r"(?<![0-9A-Za-z])[1-9A-HJ-NP-Za-km-z]{29,112}(?![0-9A-Za-z])")
_STELLAR: Final = re.compile(r"(?<![0-9A-Za-z])S[A-Z2-7]{55}(?![0-9A-Za-z])")
_STELLAR_VERSION, _XRP_VERSION = 144, 33
_WIF_VERSIONS: Final = frozenset({0x80, 0xEF, 0xB0, 0x9E})  # BTC, its test network, LTC, DOGE
_WIF_LENGTHS: Final = frozenset({51, 52})
_EXTENDED: Final = re.compile(r"[xyztuvYZUV]prv")
_LEAST_EXTENDED: Final = 100  # characters: a damaged key still gives nearly all away
_ENCRYPTED_WIF: Final = 58  # characters of BIP 38
_PAIR_LENGTHS: Final = frozenset({86, 87, 88})
_KEY_BYTES: Final = re.compile(r"\[\s{0,4}((?:\d{1,3}\s{0,2},\s{0,4}){63}\d{1,3})\s{0,4}\]")


def find_hex_keys(text: str) -> Iterator[Secret]:
    """Yield 64 hexadecimal digits that are a private key, or that nothing shows to be a hash."""
    end, before = -_LIST_GAP - 1, False
    for match in _HEX64.finditer(text):
        in_list = match.start() - end <= _LIST_GAP
        kind = _meaning(text, match) if not in_list else None
        is_hash = before if in_list else kind is None
        end, before = match.end(), is_hash
        if not is_hash:
            yield Secret(kind or Kind.POSSIBLE_KEY, *match.span(), match[1].lower())


def _meaning(text: str, match: re.Match[str]) -> Kind | None:
    """Return what the nearest cue makes of the digits; None: the hash of a transaction."""
    distance, kind = _AFTER + _BEFORE, Kind.POSSIBLE_KEY
    is_hash = match[0][:1] == "0" and match[0][1:2] in {"x", "X"}  # as explorers show hashes
    before = text[max(0, match.start() - _BEFORE) : match.start()]
    after = text[match.end() : match.end() + _AFTER].partition("\n")[0]
    for cue, hashes in ((_KEY_CUE, False), (_TX_CUE, True)):
        ends = [len(before) - found.end() for found in cue.finditer(before)]
        behind = cue.search(after)
        nearest = min([*ends[-1:], *([behind.start() + 2] if behind else [])], default=None)
        if nearest is not None and nearest < distance:
            distance, is_hash, kind = nearest, hashes, Kind.PRIVATE_KEY
    return None if is_hash else kind


def find_encoded_keys(text: str) -> Iterator[Secret]:
    """Yield keys whose own checksum proves them: WIF, extended keys, XRP, Stellar, Solana."""
    for match in _TOKEN.finditer(text):
        token = match[0]
        if _is_encoded_key(token) or (
            len(token) in _WIF_LENGTHS
            and token[0] in "5KL"
            and _KEY_CUE.search(text[max(0, match.start() - _BEFORE) : match.start()])
        ):
            yield Secret(Kind.PRIVATE_KEY, *match.span(), token)
    for match in _STELLAR.finditer(text):
        raw = base64.b32decode(match[0])
        if raw[0] == _STELLAR_VERSION and binascii.crc_hqx(raw[:-2], 0) == int.from_bytes(
            raw[-2:], "little"
        ):
            yield Secret(Kind.PRIVATE_KEY, *match.span(), match[0])


def _is_encoded_key(token: str) -> bool:
    if len(token) in _WIF_LENGTHS:
        payload = checked(token)
        return payload is not None and payload[0] in _WIF_VERSIONS
    if len(token) >= _LEAST_EXTENDED:
        return _EXTENDED.match(token) is not None
    if len(token) == _ENCRYPTED_WIF and token.startswith("6P"):
        return checked(token) is not None
    if len(token) in _PAIR_LENGTHS:
        return _is_pair(decoded(token))
    if token[0] == "s":
        payload = checked(token, RIPPLE)
        return payload is not None and payload[0] == _XRP_VERSION
    return False


def find_key_bytes(text: str) -> Iterator[Secret]:
    """Yield lists of 64 numbers that are a Solana key, as its tools keep it in a file."""
    for match in _KEY_BYTES.finditer(text):
        numbers = [int(each) for each in match[1].split(",")]
        if max(numbers) < 256 and _is_pair(bytes(numbers)):  # noqa: PLR2004 - a byte
            yield Secret(Kind.PRIVATE_KEY, *match.span(), bytes(numbers).hex())


def _is_pair(raw: bytes | None) -> bool:
    """Tell whether 64 bytes are an ed25519 key with its public half; signatures are as long."""
    if raw is None or len(raw) != 64:  # noqa: PLR2004 - two halves of 32
        return False
    public = Ed25519PrivateKey.from_private_bytes(raw[:32]).public_key().public_bytes_raw()
    return public == raw[32:]
