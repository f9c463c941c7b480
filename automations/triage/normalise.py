"""Brings text into one shape before anything reads it: width, hidden characters, defanged links."""

import re
import unicodedata
from typing import Final

_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff9-\uffff\U000e0000-\U000e0fff]"
)
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_DEFANG: Final = (
    (re.compile(r"\bh(?:xx|\*\*)p(s?)\b", re.IGNORECASE), r"http\1"),
    (re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)", re.IGNORECASE), "."),
    (re.compile(r"\[(:|://|@|at)\]", re.IGNORECASE), lambda m: {"at": "@"}.get(m[1].lower(), m[1])),
)
# Characters of Traditional Chinese that the words of complaints need, and their simplified forms.
_SIMPLER: Final = str.maketrans(
    "帳戶賬號碼凍結騙盜錢幣轉轄儲值換綁證認識別審覈覆過單訂買賣貨價費連網絡電話機簡訊驗"
    "臉護照駕駛執資產來員報應該沒問題無夠讓們這個還時間請聯繫係郵箱鏈遠騰訴訟師園監關閉開"
    "損虧爆倉強線圖顯試軟體壞爛錯誤當載啟動畫頻歡薦獎勵領優惠減專業實現貸債風險異極團隊處"
    "禮長達進說謊稱釣魚釋詐財導購從對發覺門檢覽誰給點樣後啊將歸還總據標準負責任絕拒裡裏嗎"
    "邀請碼註冊壓榨倒閉賠償滯鎖鐘週內與為於並萬億員兩側臺灣國際馬亞華許權歷史條圍種類訪書",
    "账户账号码冻结骗盗钱币转辖储值换绑证认识别审核复过单订买卖货价费连网络电话机简讯验"
    "脸护照驾驶执资产来员报应该没问题无够让们这个还时间请联系系邮箱链远腾诉讼师园监关闭开"
    "损亏爆仓强线图显试软体坏烂错误当载启动画频欢荐奖励领优惠减专业实现贷债风险异极团队处"
    "礼长达进说谎称钓鱼释诈财导购从对发觉门检览谁给点样后啊将归还总据标准负责任绝拒里里吗"
    "邀请码注册压榨倒闭赔偿滞锁钟周内与为于并万亿员两侧台湾国际马亚华许权历史条围种类访书",
)


def normalise(text: str) -> str:
    """Return the text with one width, no hidden or control characters, and live links."""
    text = unicodedata.normalize("NFKC", _CONTROL.sub(" ", text))
    text = _HIDDEN.sub("", text).replace("’", "'").replace("‘", "'")
    for pattern, replacement in _DEFANG:
        text = pattern.sub(replacement, text)
    return text


def fold(text: str) -> str:
    """Return lower-case, simplified text of the same length, so that positions stay valid."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered, such as the Turkish dotted I
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.translate(_SIMPLER)
