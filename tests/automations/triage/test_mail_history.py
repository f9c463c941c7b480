"""Quoted history and signatures are split off; the customer's own words and evidence stay."""

import pytest

from automations.triage.mail_history import own_words

FORWARDED = "You?\n------ Forwarded message ------\nFrom: a\nDate: b\nSubject: c\nPay now"


@pytest.mark.parametrize(
    ("mail", "own"),
    [
        pytest.param("My coins are gone.", "My coins are gone.", id="one line"),
        pytest.param("a\n\nb -- c\n> no", "a\n\nb -- c", id="quoted line"),
        pytest.param(
            "Still frozen!\n\nOn Mon, 2 Nov 2026, Help <help@x.example> wrote:\n> Was it hacked?",
            "Still frozen!",
            id="answer above",
        ),
        pytest.param(
            "Still frozen!\nOn Monday, 2 November 2026, the Help\n<help@x.example> wrote:\nold",
            "Still frozen!",
            id="wrapped introduction",
        ),
        pytest.param(
            "On 2 Nov 2026, Help wrote:\n> Which order?\n\nNumber 77, paid yesterday.",
            "Number 77, paid yesterday.",
            id="answer below",
        ),
        pytest.param(
            "还没解冻\n\n在 2026年11月2日，客服 <help@x.example> 写道：\n您的账户被盗了吗",
            "还没解冻",
            id="Chinese introduction",
        ),
        pytest.param(
            "还没解冻\n------------------ 原始邮件 ------------------\n发件人: 客服",
            "还没解冻",
            id="Chinese divider",
        ),
        pytest.param(
            "請處理\n\n寄件者: 客服\n日期: 2026年11月2日\n收件者: 我\n主旨: 回覆\n\n舊內容",
            "請處理",
            id="head in Traditional Chinese",
        ),
        pytest.param(
            "Any news?\n\nFrom: Help\nSent: Monday\nTo: me\nSubject: Your ticket\n\nold words",
            "Any news?",
            id="head of an old mail",
        ),
        pytest.param(
            "From: my wallet\nTo: 0xabc\nAmount: 5 ETH\nWhere is it?",
            "From: my wallet\nTo: 0xabc\nAmount: 5 ETH\nWhere is it?",
            id="a transfer is no head",
        ),
        pytest.param("Help me\n-- \nJohn\nSales hero", "Help me", id="signature"),
        pytest.param("Help me\nSent from my iPhone", "Help me", id="telephone"),
        pytest.param("帮帮我\n发自我的iPhone", "帮帮我", id="Chinese telephone"),
        pytest.param("帮帮我\n从我的华为手机发送", "帮帮我", id="another Chinese telephone"),
        pytest.param(
            FORWARDED,
            FORWARDED,
            id="what is forwarded is evidence",
        ),
        pytest.param(
            "From: a\nDate: b\nSubject: c\n\nWe have your coins",
            "From: a\nDate: b\nSubject: c\n\nWe have your coins",
            id="nothing but a forwarded mail",
        ),
        pytest.param(">50k is lost\nhelp", ">50k is lost\nhelp", id="more than"),
        pytest.param("> all\n> quoted", "> all\n> quoted", id="nothing else"),
    ],
)
def test_own_words_are_kept_and_history_is_not(mail: str, own: str) -> None:
    assert own_words(mail) == own


def test_a_heading_stays_and_does_not_count_as_own_words() -> None:
    forwarded = "My case\nFrom: a\nDate: b\nSubject: c\n\nWe have your coins"

    assert own_words(forwarded, headings=1) == forwarded
    assert own_words("My case\nFrozen!\nOn 2 May 2026, Help wrote:\nold", headings=1) == (
        "My case\nFrozen!"
    )
