"""Arrays in the form PostgreSQL reads from the wire: whole columns, packed in a few calls."""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from psycopg import adapters
from psycopg.adapt import Dumper
from psycopg.pq import Format
from sqlalchemy.types import UserDefinedType

ABSENT = struct.pack("!i", -1)
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
EPOCH_S = int(POSTGRES_EPOCH.timestamp())
DAY_S, SECOND_US = 86_400, 1_000_000

_length = struct.Struct("!i").pack
_whole = struct.Struct("!iq").pack


class Packed:
    """An array of one type; `element` and `array` are PostgreSQL's numbers for the types."""

    element: ClassVar[int]
    array: ClassVar[int]
    __slots__ = ("data",)

    def __init__(self, values: Sequence[Any]) -> None:
        head = struct.pack("!iiiii", 1, 1, self.element, len(values), 1)
        absent = values.count(None)
        empty = absent == len(values)  # as columns often are
        self.data = head + (ABSENT * absent if empty else self.packed(values, whole=not absent))

    def packed(self, values: Sequence[Any], *, whole: bool) -> bytes:
        """Return the values with their lengths; `whole`: there is no None among them."""
        raise NotImplementedError


class Texts(Packed):
    """Values as bytes of text; what they mean is for the query to say."""

    element, array = 25, 1009

    def packed(self, values: Sequence[bytes | None], *, whole: bool) -> bytes:  # noqa: ARG002
        """Return the texts."""
        sized = [ABSENT if each is None else _length(len(each)) + each for each in values]
        return b"".join(sized)


class Numbers(Packed):
    """Whole numbers of 64 bits."""

    element, array = 20, 1016

    def packed(self, values: Sequence[int | None], *, whole: bool) -> bytes:
        """Return the numbers, in one call where it can be."""
        if not whole:
            return b"".join([ABSENT if each is None else _whole(8, each) for each in values])
        flat: list[Any] = [8] * (2 * len(values))
        flat[1::2] = values
        return struct.pack("!" + "iq" * len(values), *flat)


class Instants(Numbers):
    """Instants, as microseconds since PostgreSQL's own epoch."""

    element, array = 1184, 1185

    def packed(self, values: Sequence[datetime | None], *, whole: bool) -> bytes:  # type: ignore[override]
        """Return the instants."""
        since = [None if each is None else each - POSTGRES_EPOCH for each in values]
        return super().packed(
            [
                None
                if each is None
                else (each.days * DAY_S + each.seconds) * SECOND_US + each.microseconds
                for each in since
            ],
            whole=whole,
        )


class Seconds(Numbers):
    """Instants that come as whole seconds since 1970."""

    element, array = Instants.element, Instants.array

    def packed(self, values: Sequence[int | None], *, whole: bool) -> bytes:
        """Return the instants."""
        return super().packed(
            [None if each is None else (each - EPOCH_S) * SECOND_US for each in values], whole=whole
        )


def _register(kind: type[Packed]) -> None:
    class PackedDumper(Dumper):
        """Hands packed arrays to the driver as they are."""

        format = Format.BINARY
        oid = kind.array

        def dump(self, obj: Packed) -> bytes:
            """Return the bytes."""
            return obj.data

    adapters.register_dumper(kind, PackedDumper)


for _kind in (Texts, Numbers, Instants, Seconds):
    _register(_kind)


class PackedArray(UserDefinedType[Packed]):
    """The type of a parameter that is a packed array."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Return the name of the type in SQL."""
        return "TEXT[]"
