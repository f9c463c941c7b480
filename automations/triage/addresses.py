"""Checks blockchain addresses by their checksums, so that a typo is never linked to a stranger."""

import hashlib
import re
from typing import Final

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_VALUE: Final = {c: i for i, c in enumerate(_BASE58)}
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
    0x41: "TRX",
}
_MASK64: Final = (1 << 64) - 1
_RATE: Final = 136  # bytes taken in per round of Keccak-256
CANDIDATE: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0x[0-9A-Fa-f]{40}"
    r"|(?:bc|tb|bcrt|ltc|BC|TB|BCRT|LTC)1[0-9A-Za-z]{6,87}"
    r"|[13TLMD2mn][1-9A-HJ-NP-Za-km-z]{25,34})(?![0-9A-Za-z])"
)


def chain_of(address: str) -> str | None:
    """Return the chain that the address is valid on, or None when its checksum is wrong."""
    if address.startswith("0x"):
        return "EVM" if _is_evm(address) else None
    if address.lower().partition("1")[0] in _PREFIXES and is_segwit(address):
        return "LTC" if address.lower().startswith("ltc") else "BTC"
    payload = base58_payload(address)
    if payload is None or len(payload) != 21:  # noqa: PLR2004  # a version byte and a hash of 20
        return None
    return _VERSIONS.get(payload[0])


def base58_payload(text: str) -> bytes | None:
    """Return what a Base58Check text carries, or None when the checksum is wrong."""
    number = 0
    for character in text:
        if character not in _BASE58_VALUE:
            return None
        number = number * 58 + _BASE58_VALUE[character]
    zeros = len(text) - len(text.lstrip("1"))
    raw = b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
    payload, checksum = raw[:-4], raw[-4:]
    expected = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    return payload if payload and checksum == expected else None


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
    digest = keccak_256(digits.lower().encode()).hex()
    return all(
        c == (c.upper() if int(nibble, 16) > 7 else c.lower())  # noqa: PLR2004
        for c, nibble in zip(digits, digest, strict=False)
    )


def keccak_256(message: bytes) -> bytes:
    """Return Ethereum's hash, which differs from SHA3-256 in its padding."""
    padded = bytearray(message + b"\x01")
    padded.extend(b"\0" * (-len(padded) % _RATE))
    padded[-1] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), _RATE):
        for i in range(_RATE // 8):
            word = padded[start + 8 * i : start + 8 * i + 8]
            lanes[i % 5][i // 5] ^= int.from_bytes(word, "little")
        lanes = _permute(lanes)
    return b"".join(lanes[i][0].to_bytes(8, "little") for i in range(4))


def _permute(lanes: list[list[int]]) -> list[list[int]]:
    """Run the 24 rounds of Keccak-f[1600]."""
    register = 1
    for _ in range(24):
        columns = [a[0] ^ a[1] ^ a[2] ^ a[3] ^ a[4] for a in lanes]
        mixed = [columns[x - 1] ^ _rotate(columns[(x + 1) % 5], 1) for x in range(5)]
        lanes = [[lane ^ mixed[x] for lane in lanes[x]] for x in range(5)]
        x, y, current = 1, 0, lanes[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, lanes[x][y] = lanes[x][y], _rotate(current, (step + 1) * (step + 2) // 2)
        for y in range(5):
            row = [lanes[x][y] for x in range(5)]
            for x in range(5):
                lanes[x][y] = row[x] ^ (~row[(x + 1) % 5] & _MASK64 & row[(x + 2) % 5])
        for bit in range(7):
            register = (register << 1 ^ (register >> 7) * 0x71) % 256
            lanes[0][0] ^= (register >> 1 & 1) << ((1 << bit) - 1)
    return lanes


def _rotate(lane: int, by: int) -> int:
    by %= 64
    return (lane << by | lane >> (64 - by)) & _MASK64 if by else lane
