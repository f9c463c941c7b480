"""Splits off what a mail repeats: quoted history and signatures; forwarded mails are kept.

A quoted answer is not the customer's own words; what somebody forwards is the evidence itself.
"""

import re
from collections.abc import Sequence
from typing import Final

# A text without any of these has nothing to split off; looking for them is cheap.
_CUES: Final = (
    "\n>",
    "\n--",
    "\n__",
    "wrote",
    "schrieb",
    "écrit",
    "escribi",
    "escreveu",
    "scritto",
    "写道",
    "寫道",
    "subject",
    "主题",
    "主題",
    "主旨",
    "original message",
    "原始",
    "sent from",
    "outlook",
    "发自",
    "發自",
    "从我的",
    "從我的",
    "##-",
)
_INTRODUCTION: Final = re.compile(
    r"\s{0,3}(?:on|am|le|el|em|il)\b.{4,240}"
    r"\b(?:wrote|schrieb.{0,80}|a écrit|escribió|escreveu|ha scritto)\s?:\s{0,3}"
    r"|\s{0,3}(?:在|于|於)?.{2,160}(?:写道|寫道)\s?[:：]\s{0,3}",
    re.IGNORECASE,
)
_BEGINS_INTRODUCTION: Final = re.compile(
    r"\s{0,3}(?:on|am|le|el|em|il|在|于|於)\b.{4,240}", re.IGNORECASE
)
_DIVIDER: Final = re.compile(
    r"\s{0,3}[-_=]{2,60}\s{0,3}(?:original message|reply above this line|原始邮件|原始郵件|"
    r"原邮件|回复的原邮件)\s{0,3}[-_=]{0,60}\s{0,3}|\s{0,3}##-.{4,120}-##\s{0,3}",
    re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"\s{0,3}[-_=]{0,60}\s{0,3}(?:begin forwarded message|forwarded message|转发的邮件|转发邮件|"
    r"轉寄的郵件)\b.{0,60}",
    re.IGNORECASE,
)
_SENDER: Final = re.compile(
    r"\s{0,3}\*?(?:from|von|发件人|寄件者|寄件人)\*?\s?[:：]", re.IGNORECASE
)
_SUBJECT: Final = re.compile(
    r"\s{0,3}\*?(?:subject|betreff|主题|主題|主旨)\*?\s?[:：]", re.IGNORECASE
)
_SENT: Final = re.compile(
    r"\s{0,3}\*?(?:sent|date|gesendet|发送时间|发送日期|日期|时间|寄件日期|傳送時間)\*?\s?[:：]",
    re.IGNORECASE,
)
_HEAD_LINES: Final = 6
_QUOTED: Final = re.compile(r"\s{0,3}>(?:[ >]|$)")
_SIGNATURE: Final = re.compile(r"--\s{0,3}")
_LONGEST_SIGNATURE: Final = 15  # lines; more than that is somebody's text
_DEVICE: Final = re.compile(
    r"\s{0,3}(?:sent (?:from|via) (?:my|mail|yahoo|outlook|proton|the)\b.{0,60}|get outlook for "
    r".{2,30}|(?:发自|發自|来自|來自)我的.{1,30}|(?:发自|發自).{1,20}(?:邮箱|郵箱|手机|客户端).{0,20}|"
    r"(?:从|從)我的.{1,30}(?:发送|發送|傳送))\s{0,3}",
    re.IGNORECASE,
)


def own_words(text: str, *, headings: int = 0) -> str:
    """Return the text without quoted history and signatures; all of it if nothing else is there.

    So many lines at the beginning are a heading, which stays and is not looked at.
    """
    if "\n" not in text:
        return text
    lowered = text.lower()
    if not any(cue in lowered for cue in _CUES):
        return text
    lines = text.split("\n")
    own = "\n".join(_own_lines(lines[headings:])).strip()
    return "\n".join([*lines[:headings], own]) if own else text


def _own_lines(lines: Sequence[str]) -> list[str]:
    own: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if _FORWARDED.fullmatch(line):
            return own + list(lines[place:])
        length = _introduction_length(lines, place)
        if length and not _is_quoted(lines, place + length):
            return own  # an answer above its history, as most programs write it
        if _ends_with_signature(lines, place):
            return own
        if length:
            place += length
        elif not _QUOTED.match(line) and not _DEVICE.fullmatch(line):
            own.append(line)
            place += 1
        else:
            place += 1
    return own


def _introduction_length(lines: Sequence[str], place: int) -> int:
    """Return how many lines here say that history follows; 0: none."""
    line = lines[place]
    if _INTRODUCTION.fullmatch(line) or _DIVIDER.fullmatch(line):
        return 1
    following = lines[place + 1] if place + 1 < len(lines) else ""
    if _BEGINS_INTRODUCTION.fullmatch(line) and _INTRODUCTION.fullmatch(f"{line} {following}"):
        return 2  # a long line that was wrapped
    if _SENDER.match(line):
        head = lines[place + 1 : place + _HEAD_LINES]
        if any(map(_SUBJECT.match, head)) and any(map(_SENT.match, head)):
            return 1
    return 0


def _is_quoted(lines: Sequence[str], place: int) -> bool:
    """Tell whether the next line with words is a quoted one: an answer may stand below it."""
    for line in lines[place : place + 3]:
        if line.strip():
            return _QUOTED.match(line) is not None
    return False


def _ends_with_signature(lines: Sequence[str], place: int) -> bool:
    is_sign = _SIGNATURE.fullmatch(lines[place]) is not None
    return is_sign and len(lines) - place <= _LONGEST_SIGNATURE
