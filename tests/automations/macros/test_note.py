"""The note says first that it is a draft, then what is missing, then the reply."""

from automations.macros.note import draft_note
from automations.macros.service import MacroShelf


def test_the_note_is_headed_as_a_draft_and_lists_open_blanks_before_the_text(
    shelf: MacroShelf,
) -> None:
    draft = shelf.draft(family="A", reason="A1", language="zh", values={"customer_name": "王"})
    note = draft_note(draft, headline="A1, S1")
    order = [note.index(part) for part in ("DRAFT", "尚未发送", "A1, S1", "交易哈希", "您好，王")]

    assert order == sorted(order)
    assert note.index("DRAFT") == 0
    assert draft.use_when in note
    assert draft.text in note


def test_a_complete_draft_says_that_nothing_is_open(shelf: MacroShelf) -> None:
    draft = shelf.draft(family="X", reason=None, language="en", values={"ticket_id": "7"})

    assert "Nothing to fill in" in draft_note(draft, headline="X")


def test_a_headline_cannot_add_lines_or_placeholders(shelf: MacroShelf) -> None:
    draft = shelf.draft(family="X", reason=None, language="en", values={"ticket_id": "7"})
    note = draft_note(draft, headline="one\ntwo {{ticket.requester.email}}")

    assert "one two ｛｛" in note
