"""Files that only their owner can read, and that appear whole or not at all."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from integrations.runtime.errors import BadInput

ONLY_THE_OWNER = 0o600  # an export holds what customers wrote


def private_file(path: Path) -> BinaryIO:
    """Create the file, readable by its owner only, and open it for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ONLY_THE_OWNER), "wb")


def as_json(value: Any) -> str:
    """Return a JSON value as compact text, the same from both databases."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@contextmanager
def appearing_together(paths: Sequence[Path], *, replace: bool) -> Iterator[dict[Path, Path]]:
    """Give a hidden path for every file; all get their names at the end, or none is left.

    Raises BadInput when one is there already and may not be replaced, or cannot be written.
    """
    there = [path for path in paths if path.exists()]
    if there and not replace:
        raise BadInput(
            f"{there[0]} exists already{_and_more(len(there) - 1)}.",
            hint="choose an empty --output folder, or replace the files with --force.",
        )
    hidden = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in paths}
    try:
        for folder in {path.parent for path in paths}:
            folder.mkdir(parents=True, exist_ok=True)
        yield hidden
        for path, part in hidden.items():
            part.replace(path)
    except OSError as error:
        raise BadInput(
            f"The export cannot be written: {error.strerror or type(error).__name__}.",
            hint="check the --output folder, its permissions and the free space.",
        ) from None
    finally:
        for part in hidden.values():
            with suppress(OSError):  # where no file could be made, there is none to remove
                part.unlink()


def _and_more(others: int) -> str:
    return f", and {others} more files do" if others else ""
