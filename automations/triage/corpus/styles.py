"""How people write: careless case and stops, typing mistakes, Traditional Chinese."""

import random
import re
from typing import Final

_ARTICLES: Final = re.compile(r"\b(?:the|a|an|has been|is) ")
_STOPS: Final = re.compile(r"[.,!?]+")
_HAN_STOPS: Final = re.compile("[，。！？、]+")
_LONG_WORD: Final = re.compile(r"[a-z]{6,}")
_EMOJI: Final = ("😡", "😡😡😡", "👎", "🙏", "😭", "🤬", "!!!", "???", "😤", "...")
_SHORTER: Final = (
    (" you ", " u "),
    (" your ", " ur "),
    (" please", " pls"),
    (" because ", " bcoz "),
    (" and ", " & "),
    (" money", " mony"),
    ("cannot", "cant"),
    ("can't", "cant"),
    ("don't", "dont"),
    ("customer service", "costumer service"),
    ("withdraw", "widraw"),
    ("received", "recieved"),
    ("exchange", "exchnage"),
)
# Everyday characters in the form of Taiwan and Hong Kong.
_TRADITIONAL: Final = str.maketrans(
    "币帐账户钱骗盗号码转冻结锁验证实认识审过买卖单对个们这没为么时间请问题来说话电脑网络开"
    "关显示错误应该让给谁系统务员处理联后发现进点击链资产归还现总从卡无动图线价费贵垃态"
    "还会几样机换绑脸护照驾财亏爆仓",
    "幣帳賬戶錢騙盜號碼轉凍結鎖驗證實認識審過買賣單對個們這沒為麼時間請問題來說話電腦網絡開"
    "關顯示錯誤應該讓給誰系統務員處理聯後發現進點擊鏈資產歸還現總從卡無動圖線價費貴垃態"
    "還會幾樣機換綁臉護照駕財虧爆倉",
)


def restyle_english(text: str, rng: random.Random) -> str:
    """Write the text as one of several kinds of hurried people would."""
    kind = rng.random()
    if kind < 0.35:  # noqa: PLR2004  # as it stands
        return _finish(text, rng)
    if kind < 0.6:  # noqa: PLR2004
        text = text.lower()
    elif kind < 0.68:  # noqa: PLR2004
        return text.upper()
    elif kind < 0.8:  # noqa: PLR2004
        text = _ARTICLES.sub(lambda m: m[0] if rng.random() < 0.4 else "", text)  # noqa: PLR2004
    if rng.random() < 0.4:  # noqa: PLR2004
        text = _STOPS.sub("", text)
    for long, short in _SHORTER:
        if rng.random() < 0.4:  # noqa: PLR2004
            text = text.replace(long, short)
    return _finish(_mistype(text, rng), rng)


def restyle_chinese(text: str, rng: random.Random) -> str:
    """Write the text in the carefree punctuation, or the script, of another region."""
    kind = rng.random()
    if kind < 0.12:  # noqa: PLR2004
        text = text.translate(_TRADITIONAL)
    if kind > 0.6:  # noqa: PLR2004
        text = _HAN_STOPS.sub(lambda m: rng.choice((" ", "，", "", m[0])), text).strip()
    return _finish(text, rng)


def _mistype(text: str, rng: random.Random) -> str:
    """Swap two letters of at most one long word, in a third of the texts."""
    words = list(_LONG_WORD.finditer(text))
    if not words or rng.random() > 0.3:  # noqa: PLR2004
        return text
    start = rng.choice(words).start() + rng.randrange(1, 4)
    return text[:start] + text[start + 1] + text[start] + text[start + 2 :]


def _finish(text: str, rng: random.Random) -> str:
    return f"{text}{rng.choice(_EMOJI)}" if rng.random() < 0.08 else text  # noqa: PLR2004
