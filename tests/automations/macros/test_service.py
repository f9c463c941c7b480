"""The real shelf: every family in both languages, and drafts that no value can bend."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automations.macros.blanks import BLANKS
from automations.macros.loader import FAMILIES, Macro
from automations.macros.render import render
from automations.macros.service import FOLDER, MacroShelf, load_macros
from integrations.runtime.inert import MAX_LENGTH, one_line

SHELF = load_macros()
ALL = pytest.mark.parametrize("macro", SHELF.macros, ids=lambda m: f"{m.slug}-{m.language}")
VALUES = dict.fromkeys(BLANKS, "value 7")
ATTACKS = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        [
            "{{ 7*7 }}",
            "{% for x in y %}",
            "{{ticket.requester.email}}",
            "<script>alert(1)</script>",
            "[click](https://evil.example/x)",
            "![](http://evil.example/pixel.png)",
            "www.evil.example",
            "line\r\n\r\n# heading\n---\n",
            "\u202eabc\u2066\u200b\x00\x1b[31m",
            "**bold** `code` ~~gone~~ > quote",
        ]
    ),
)


def test_the_shelf_serves_every_family_in_both_languages(shelf: MacroShelf) -> None:
    served = {(macro.family, macro.language) for macro in shelf.macros if not macro.reasons}

    assert served == {(f, la) for f in (*FAMILIES, None) for la in ("en", "zh")}


@pytest.mark.parametrize(
    ("family", "reason", "slug"),
    [
        pytest.param("A", "A1", "unauthorised_withdrawal", id="reason with its own macro"),
        pytest.param("B", "B5", "investment_scam", id="reason sharing a macro"),
        pytest.param("E", "E8", "p2p_dispute", id="reason without a macro"),
        pytest.param("K", None, "identity_verification", id="family only"),
        pytest.param("A", "B1", "account_takeover", id="reason of another family"),
        pytest.param(None, None, "clarify", id="abstained"),
        pytest.param("Q", None, "clarify", id="family nobody knows"),
    ],
)
def test_the_most_specific_macro_wins(
    shelf: MacroShelf, family: str | None, reason: str | None, slug: str
) -> None:
    assert shelf.draft(family=family, reason=reason, language="en", values={}).slug == slug


@pytest.mark.parametrize(
    ("language", "given"),
    [("zh", "zh"), ("zh-CN", "zh"), ("ZH_tw", "zh"), ("en", "en"), ("ru", "en"), ("", "en")],
)
def test_other_languages_get_the_english_text_and_say_so(
    shelf: MacroShelf, language: str, given: str
) -> None:
    draft = shelf.draft(family="C", reason="C1", language=language, values=VALUES)

    assert draft.language == given
    assert bool(re.search(r"[\u4e00-\u9fff]", draft.text)) == (given == "zh")


@pytest.mark.parametrize(
    ("language", "mark"), [("en", "[[fill in: transaction ID]]"), ("zh", "【请填写：交易哈希】")]
)
def test_a_missing_value_is_a_visible_mark(shelf: MacroShelf, language: str, mark: str) -> None:
    draft = shelf.draft(family="F", reason="F1", language=language, values={"customer_name": "Ana"})

    assert mark in draft.text
    assert draft.missing == ("txid", "ticket_id", "next_update")


def test_a_value_that_vanishes_when_cleaned_is_missing(shelf: MacroShelf) -> None:
    draft = shelf.draft(family="F", reason="F1", language="en", values={"txid": "\u200b \u202e"})

    assert "txid" in draft.missing


@ALL
def test_every_macro_renders_with_all_values_and_with_none(macro: Macro) -> None:
    drafts = [
        SHELF.draft_on(macro.occasion, language=macro.language, values=values)
        if macro.occasion
        else SHELF.draft(
            family=macro.family,
            reason=next(iter(macro.reasons), None),
            language=macro.language,
            values=values,
        )
        for values in (VALUES, {})
    ]

    assert [d.slug for d in drafts] == [macro.slug] * 2
    assert [d.missing for d in drafts] == [(), macro.needs]
    assert all("{{" not in d.text for d in drafts)
    assert all(BLANKS[name].mark(macro.language) in drafts[1].text for name in macro.needs)


@pytest.mark.parametrize(
    "macro",
    [m for m in SHELF.macros if m.family == "A" or m.slug == "impersonation"],
    ids=lambda m: f"{m.slug}-{m.language}",
)
def test_a_customer_who_may_lose_control_is_told_to_lock_before_anything_is_asked(
    macro: Macro,
) -> None:
    lock = re.search(r"lock your account|锁定账户", macro.text)
    ask = re.search(
        r"(?i)\b(?:tell|send|write to|answer) (?:us|here)"
        r"|请提供|告诉我们：|发给我们：|请回复|请在此回复",
        macro.text,
    )

    assert lock is not None
    assert ask is None or lock.start() < ask.start()


@given(value=ATTACKS)
def test_no_value_changes_the_structure_of_a_draft(value: str) -> None:
    plain = SHELF.draft(family="F", reason="F1", language="en", values=VALUES).text
    attacked = SHELF.draft(
        family="F", reason="F1", language="en", values=VALUES | {"customer_name": value}
    ).text

    assert attacked.splitlines()[1:] == plain.splitlines()[1:]
    assert attacked.startswith("Hello ")


@given(value=ATTACKS)
def test_a_value_becomes_one_harmless_short_line(value: str) -> None:
    line = one_line(value)

    assert len(line) <= MAX_LENGTH
    assert line.splitlines() in ([], [line])
    assert not re.search(r"[\x00-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069{}<>\[\]()*`#|~]", line)
    assert not re.search(r"://|\w\.[a-z]", line)


@given(value=ATTACKS)
def test_cleaning_twice_changes_nothing_more(value: str) -> None:
    assert one_line(one_line(value)) == one_line(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("0x" + "ab" * 32, id="transaction hash"),
        pytest.param("12,345.67 USDT", id="amount"),
        pytest.param("2026-03-01 10:12 UTC+8", id="time"),
        pytest.param("王小明", id="Chinese name"),
        pytest.param("Zoë O'Neill-Ng", id="name with signs"),
        pytest.param("P2P_2026-000_17", id="order number"),
    ],
)
def test_ordinary_values_stay_as_they_are(value: str) -> None:
    assert one_line(value) == value


def test_an_address_is_shown_only_by_its_ends() -> None:
    macro = Macro(
        slug="x",
        language="en",
        title="x",
        family="F",
        reasons=(),
        use_when="x",
        needs=("address",),
        sets={},
        text="It is {{ address }}.",
    )
    draft = render(macro, {"address": "0x52908400098527886E0F7030069857D2E4169EE7"})

    assert draft.text == "It is 0x5290…169EE7."


def test_the_templates_lie_where_the_package_finds_them() -> None:
    assert FOLDER.is_dir()
