"""Makes secrets with valid checksums from a seeded generator; they are nobody's."""

import hashlib
import random
import string
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from mnemonic import Mnemonic

from integrations.redaction.base58 import BITCOIN, RIPPLE
from integrations.redaction.cards import fits_luhn
from integrations.redaction.identity import fits_hong_kong, is_chinese_id
from integrations.redaction.word_lists import LENGTHS, fits_checksum

Make = Callable[[random.Random], str]


def english_seed(rng: random.Random, words: int = 12) -> str:
    return _seed(rng, "english", words)


def chinese_seed(rng: random.Random, words: int = 12) -> str:
    return _seed(rng, "chinese_simplified", words)


def _seed(rng: random.Random, language: str, words: int) -> str:
    phrase = Mnemonic(language).to_mnemonic(rng.randbytes(words // 3 * 4)).split()
    assert words in LENGTHS
    assert fits_checksum(phrase, is_chinese=language != "english")
    return " ".join(phrase)


def hex_key(rng: random.Random) -> str:
    return rng.randbytes(32).hex()


def wif(rng: random.Random) -> str:
    return base58check(b"\x80" + rng.randbytes(32) + b"\x01")


def extended_key(rng: random.Random) -> str:
    return base58check(bytes.fromhex("0488ade4") + rng.randbytes(74))


def solana_key(rng: random.Random) -> str:
    half = rng.randbytes(32)
    return base58(half + Ed25519PrivateKey.from_private_bytes(half).public_key().public_bytes_raw())


def xrp_seed(rng: random.Random) -> str:
    return base58check(b"\x21" + rng.randbytes(16), RIPPLE)


def api_secret(rng: random.Random, length: int = 64) -> str:
    word = "".join(rng.choices(string.ascii_letters + string.digits, k=length - 2))
    return f"{word}7q"


def password(rng: random.Random) -> str:
    return (
        f"{rng.choice(['Blue', 'Tiger', 'Winter'])}{rng.randint(1000, 99999)}{rng.choice('!#@*')}x"
    )


def one_time_code(rng: random.Random) -> str:
    return f"{rng.randint(100_000, 999_999)}"


def card(rng: random.Random) -> str:
    body = f"4{rng.randint(0, 10**14 - 1):014d}"
    return next(body + check for check in string.digits if fits_luhn(body + check))


def union_pay(rng: random.Random) -> str:
    body = f"6222{rng.randint(0, 10**14 - 1):014d}"
    return next(body + check for check in string.digits if fits_luhn(body + check))


def chinese_id(rng: random.Random) -> str:
    born = f"{rng.randint(1950, 2005)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    body = f"{rng.choice(['110101', '440305', '320102'])}{born}{rng.randint(0, 999):03d}"
    return next(body + check for check in "0123456789X" if is_chinese_id(body + check))


def hong_kong_id(rng: random.Random) -> str:
    letter, digits = rng.choice("ABCDEFGH"), f"{rng.randint(0, 999_999):06d}"
    check = next(each for each in "0123456789A" if fits_hong_kong(letter, digits, each))
    return f"{letter}{digits}({check})"


def social_security(rng: random.Random) -> str:
    return f"{rng.randint(100, 665)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}"


def passport(rng: random.Random) -> str:
    return f"E{rng.randint(10_000_000, 99_999_999)}"


def authenticator_key(rng: random.Random) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return "".join(rng.choices(letters, k=30)) + "2Z"


def pem(rng: random.Random) -> str:
    lines = ["".join(rng.choices(string.ascii_letters + string.digits, k=64)) for _ in range(3)]
    return "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----"])


def keystore(rng: random.Random) -> str:
    return (
        '{"version":3,"id":"x","crypto":{"cipher":"aes-128-ctr","ciphertext":"'
        f'{rng.randbytes(32).hex()}","cipherparams":{{"iv":"{rng.randbytes(16).hex()}"}},'
        f'"kdf":"scrypt","mac":"{rng.randbytes(32).hex()}"}}}}'
    )


def base58(raw: bytes, alphabet: str = BITCOIN) -> str:
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = alphabet[rest] + text
    return alphabet[0] * (len(raw) - len(raw.lstrip(b"\0"))) + text


def base58check(payload: bytes, alphabet: str = BITCOIN) -> str:
    checksum = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    return base58(payload + checksum, alphabet)


def solana_file(rng: random.Random) -> str:
    """The same kind of key as numbers, as Solana's own tools keep it."""
    half = rng.randbytes(32)
    public = Ed25519PrivateKey.from_private_bytes(half).public_key().public_bytes_raw()
    return str(list(half + public))


# Each kind with sentences around it, in both languages.
SENTENCES: Sequence[tuple[str, Make, tuple[str, ...]]] = (
    (
        "seed_phrase",
        english_seed,
        (
            "I typed these into their page: {}. Then the wallet was empty.",
            "seed phrase: {}",
            "我的助记词是 {} 请帮我找回",
        ),
    ),
    ("seed_phrase", lambda rng: english_seed(rng, 24), ("recovery words\n{}\nthanks", "{}")),
    ("seed_phrase", chinese_seed, ("助记词：{}", "骗子要走了 {} 现在钱包空了")),
    (
        "private_key",
        hex_key,
        ("my private key is {} and it was stolen", "私钥：{}", "0x{} 这是我的私钥"),
    ),
    ("private_key", wif, ("I exported {} from the wallet", "导出来的是{}，请查")),
    ("private_key", extended_key, ("extended key {}", "扩展私钥 {}")),
    ("private_key", solana_key, ("phantom gave me {}", "幻影钱包密钥 {}")),
    ("private_key", solana_file, ("solana keypair with the private key {}", "私钥文件 {}")),
    ("private_key", xrp_seed, ("the secret of my XRP wallet is {}", "瑞波钱包的密钥是 {} 。")),
    ("private_key", pem, ("here is the file:\n{}\nplease check", "密钥文件：\n{}")),
    ("keystore", keystore, ("my keystore {} and nothing else", "钱包文件 {} 打不开")),
    ("api_secret", api_secret, ("api secret: {}", "API密钥是 {} 被盗用了", "secret key={}")),
    (
        "authenticator_key",
        authenticator_key,
        ("google authenticator setup key {}", "谷歌验证器密钥：{}"),
    ),
    ("otp", one_time_code, ("they asked me for the code {} from the sms", "验证码 {} 我告诉他了")),
    (
        "password",
        password,
        ("my password: {}", "密码是{}，登录不上", "password is {} please reset"),
    ),
    ("card_number", card, ("my card {} was charged twice", "信用卡 {} 被扣款")),
    ("card_number", union_pay, ("bank card number {}", "银行卡号：{}，没到账")),
    ("identity_number", chinese_id, ("my ID card number is {}", "身份证号{}", "{} 是我本人")),
    ("identity_number", hong_kong_id, ("HKID {} attached", "香港身份证 {}")),
    ("identity_number", social_security, ("my SSN is {}", "social security number {}")),
    ("identity_number", passport, ("passport number {}", "护照号码：{}")),
)
