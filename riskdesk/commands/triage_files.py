"""Reads and writes the files of triage commands line by line, with progress and warnings."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from automations.triage.texts import read_lines
from integrations.runtime.errors import BadInput

warnings = Console(stderr=True)
_PROBLEMS_SHOWN: Final = 10
_BATCH: Final = 256  # lines that are worked on together, unless they are very long
_BATCH_BYTES: Final = 1_000_000
_REDRAWN: Final = 500  # lines between two looks at the progress bar


class Problems:
    """Tells of lines that could not be read: the first ones by number, the others by count."""

    def __init__(self) -> None:
        self.lines: list[int] = []

    def add(self, number: int, problem: str) -> None:
        """Warn about one line."""
        self.lines.append(number)
        if len(self.lines) <= _PROBLEMS_SHOWN:
            warnings.print(f"line {number} skipped: {escape(problem)}", highlight=False)

    def finish(self) -> None:
        """Say how many lines were not named."""
        if len(self.lines) > _PROBLEMS_SHOWN:
            warnings.print(f"and {len(self.lines) - _PROBLEMS_SHOWN} more lines skipped.")


def lines_with_progress(source: Path, doing: str) -> Iterator[tuple[int, bytes]]:
    """Yield every line that is not empty with its number; the bar follows the bytes read."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=warnings, transient=True) as progress:
        bar = progress.add_task(doing, total=source.stat().st_size if source.is_file() else None)
        read = 0
        for number, line in read_lines(source):
            read += len(line)
            if number % _REDRAWN == 0:
                progress.update(bar, completed=read)
            if line.strip():
                yield number, line


def in_batches(lines: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    """Yield numbered lines some at a time, so that memory stays flat however long they are."""
    batch: list[tuple[int, bytes]] = []
    size = 0
    for number, line in lines:
        batch.append((number, line))
        size += len(line)
        if len(batch) == _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@contextmanager
def written(target: Path, source: Path) -> Iterator[BinaryIO]:
    """Open a file to write answers into, or say what to do."""
    if target.exists() and source.exists() and target.samefile(source):
        raise BadInput(
            "The answers would overwrite the complaints.", hint="give another path to --output."
        )
    try:
        with target.open("wb") as file:
            yield file
    except OSError as error:
        raise BadInput(
            f"{target} cannot be written: {error.strerror}.",
            hint="give a path in a folder of yours with room on its disk.",
        ) from None


def json_line(answer: Any) -> bytes:
    """Return one line of JSON."""
    return msgspec.json.encode(answer) + b"\n"
