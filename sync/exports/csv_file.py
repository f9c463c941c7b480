"""Writes rows as CSV (RFC 4180, UTF-8): texts quoted and defused, numbers as numbers."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import JSON, BigInteger, Boolean, Date, Integer

from integrations.runtime.database import UtcDateTime
from sync.exports.cells import defused
from sync.exports.files import as_json, private_file
from sync.exports.relation import Field

BYTE_ORDER_MARK = "\ufeff"  # Excel takes a file without it for the machine's old code page
LINE_END = "\r\n"


class CsvFile:
    """An open CSV file; an empty value is nothing at all, an empty text is two quotes."""

    def __init__(self, path: Path, fields: Sequence[Field], *, mark: bool) -> None:
        self._stream = private_file(path)
        self._spell = [_speller(one) for one in fields]
        self._put((BYTE_ORDER_MARK if mark else "") + _line(quoted(one.name) for one in fields))

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Append rows; each has one value a column."""
        self._put("".join(_line(self._cells(row)) for row in rows))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    def _put(self, text: str) -> None:
        self._stream.write(text.encode())

    def _cells(self, row: Sequence[Any]) -> Any:
        pairs = zip(self._spell, row, strict=True)
        return ("" if value is None else spell(value) for spell, value in pairs)


def quoted(text: str) -> str:
    """Return a text cell: defused, in quotes."""
    return '"' + defused(text).replace('"', '""') + '"'


def _line(cells: Any) -> str:
    return ",".join(cells) + LINE_END


def _speller(field: Field) -> Callable[[Any], str]:
    """Choose how the values of a column are written; only text can be dangerous."""
    spellers: tuple[tuple[Any, Callable[[Any], str]], ...] = (
        ((BigInteger, Integer), _whole),
        (Boolean, _flag),
        (UtcDateTime, _instant),
        (Date, _day),
        (JSON, lambda value: quoted(as_json(value))),
    )
    return next((spell for kind, spell in spellers if isinstance(field.type, kind)), _text)


def _whole(value: Any) -> str:
    return str(int(value))


def _flag(value: Any) -> str:
    return "true" if value else "false"


def _instant(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _day(value: date) -> str:
    return value.isoformat()


def _text(value: Any) -> str:
    return quoted(str(value))
