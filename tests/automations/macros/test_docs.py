"""The page about macros lists the blanks as the code has them."""

from pathlib import Path

from automations.macros.blanks import BLANKS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "macros.md"


def test_the_page_lists_every_blank_with_its_labels() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    blanks = [f"| `{b.name}` | {b.en} | {b.zh} |" for b in BLANKS.values()]

    assert [row for row in rows if row in blanks] == blanks
