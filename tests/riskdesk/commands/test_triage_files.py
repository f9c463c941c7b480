"""Lines of a file are worked on some at a time, however many and however long they are."""

from riskdesk.commands.triage_files import in_batches


def test_batches_hold_every_line_once_and_in_order() -> None:
    lines = [(number, b"x") for number in range(1, 1_001)]

    batches = list(in_batches(lines))

    assert [line for batch in batches for line in batch] == lines
    assert max(map(len, batches)) < 300


def test_a_batch_of_long_lines_is_short() -> None:
    lines = [(number, bytes(600_000)) for number in range(1, 6)]

    assert [len(batch) for batch in in_batches(lines)] == [2, 2, 1]
