"""Checks blockchain addresses by their checksums, so that a typo is never linked to a stranger."""

import re
from typing import Final

from Crypto.Hash import keccak

from integrations.redaction.base58 import RIPPLE, checked, decoded

_BECH32: Final = {c: i for i, c in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_SUM: Final = 1
_BECH32M_SUM: Final = 0x2BC830A3
_LONGEST_BECH32: Final = 90
_CHECKSUM: Final = 6
_PREFIXES: Final = frozenset({"bc", "tb", "bcrt", "ltc"})
_VERSIONS: Final = {
    0x00: "BTC",
    0x05: "BTC",
    0x6F: "BTC",
    0xC4: "BTC",
    0x30: "LTC",
    0x32: "LTC",
    0x1E: "DOGE",
    0x16: "DOGE",
    0x41: "TRX",
    0x17: "NEO",
}
_HASH: Final = 21  # bytes: a version and a hash of 20
_CURVE_PRIME: Final = 2**255 - 19
_CURVE_D: Final = -121665 * pow(121666, -1, _CURVE_PRIME) % _CURVE_PRIME
_POINT: Final = 32  # bytes
_UPPER_HALF: Final = "89abcdef"
_EVM: Final = "0x[0-9A-Fa-f]{40}"
_SEGWIT: Final = "(?:bc|tb|bcrt|ltc|BC|TB|BCRT|LTC)1[0-9A-Za-z]{6,87}"
_CHECKED: Final = "[13TLMDA9r2mn][1-9A-HJ-NP-Za-km-z]{25,34}"
# Solana's addresses are bare keys: without a checksum, only their length and the curve tell them.
_BARE: Final = "[1-9A-HJ-NP-Za-km-z]{32,44}"
CANDIDATE: Final = re.compile(
    rf"(?<![0-9A-Za-z])(?:{_EVM}|{_SEGWIT}|{_CHECKED}|{_BARE})(?![0-9A-Za-z])"
)
_WITH_CHECKSUM: Final = re.compile(f"{_EVM}|{_SEGWIT}|{_CHECKED}")


def chain_of(address: str) -> str | None:
    """Return the chain that the address is valid on, or None when its checksum is wrong."""
    if address.startswith("0x"):
        return "EVM" if _is_evm(address) else None
    if address.lower().partition("1")[0] in _PREFIXES and is_segwit(address):
        return "LTC" if address.lower().startswith("ltc") else "BTC"
    if address.startswith("r") and (payload := checked(address, RIPPLE)):
        return "XRP" if len(payload) == _HASH and payload[0] == 0 else None
    payload = checked(address)
    if payload is not None and len(payload) == _HASH:
        return _VERSIONS.get(payload[0])
    return "SOL" if is_solana(address) else None


def has_checksum(address: str) -> bool:
    """Tell whether a text has the shape of an address that carries a checksum."""
    return _WITH_CHECKSUM.fullmatch(address) is not None


def is_solana(address: str) -> bool:
    """Tell whether a Base58 text of 32 bytes is a point of the curve, as keys of wallets are."""
    point = decoded(address)
    return point is not None and len(point) == _POINT and is_on_curve(point)


def is_on_curve(point: bytes) -> bool:
    """Tell whether 32 bytes are a point of ed25519 (RFC 8032, 5.1.3)."""
    y = int.from_bytes(point, "little") & ((1 << 255) - 1)
    if y >= _CURVE_PRIME:
        return False
    square = (y * y - 1) * pow(_CURVE_D * y * y + 1, -1, _CURVE_PRIME) % _CURVE_PRIME
    return square == 0 or pow(square, (_CURVE_PRIME - 1) // 2, _CURVE_PRIME) == 1


def is_segwit(address: str) -> bool:
    """Tell whether a segregated-witness address obeys BIP 173 and BIP 350."""
    if address not in {address.lower(), address.upper()} or len(address) > _LONGEST_BECH32:
        return False
    prefix, _, rest = address.lower().rpartition("1")
    if prefix not in _PREFIXES or len(rest) < _CHECKSUM + 1 or not set(rest) <= set(_BECH32):
        return False
    values = [_BECH32[c] for c in rest]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    expected = _BECH32_SUM if values[0] == 0 else _BECH32M_SUM
    if _polymod(expanded + values) != expected or values[0] > 16:  # noqa: PLR2004  # witness version
        return False
    program = _regroup(values[1:-_CHECKSUM])
    if program is None or not 2 <= len(program) <= 40:  # noqa: PLR2004  # BIP 141
        return False
    return values[0] != 0 or len(program) in {20, 32}


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATORS):
            check ^= generator if top >> i & 1 else 0
    return check


def _regroup(values: list[int]) -> bytes | None:
    """Turn groups of five bits into bytes; the padding must be short and zero."""
    number = 0
    for value in values:
        number = number << 5 | value
    padding = len(values) * 5 % 8
    if padding > 4 or number & ((1 << padding) - 1):  # noqa: PLR2004  # BIP 173
        return None
    return (number >> padding).to_bytes(len(values) * 5 // 8, "big")


def _is_evm(address: str) -> bool:
    """Tell whether mixed case obeys EIP-55; one case alone carries no checksum and is accepted."""
    digits = address[2:]
    if digits in {digits.lower(), digits.upper()}:
        return True
    digest = keccak.new(digest_bits=256, data=digits.lower().encode()).hexdigest()
    return all(
        sign == (sign.upper() if nibble in _UPPER_HALF else sign.lower())
        for sign, nibble in zip(digits, digest, strict=False)
    )
