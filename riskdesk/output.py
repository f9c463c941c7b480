"""How commands print: JSON for machines, tables for people, foreign text kept inert."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from rich.table import Table
from rich.text import Text

from integrations.runtime.logs import strip_controls


def print_json(value: Any) -> None:
    """Print one JSON document on stdout."""
    sys.stdout.write(msgspec.json.encode(value, enc_hook=_as_text).decode() + "\n")


def _as_text(value: Any) -> str:
    """Return names of tables and columns, which SQLAlchemy marks, as the plain text they are."""
    if isinstance(value, str):
        return str(value)
    raise NotImplementedError


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    """Build a table whose cells cannot steer the terminal."""
    built = Table(*columns, title=title, title_justify="left")
    for row in rows:
        built.add_row(*(Text(strip_controls(str(cell))) for cell in row))
    return built
