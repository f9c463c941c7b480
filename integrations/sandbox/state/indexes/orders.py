"""Keys that stay sorted while they move: what lists and exports read a page from."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Generic, TypeVar, overload

Key = tuple[int, int]  # what is sorted by, then the number of the record
T = TypeVar("T")
K = TypeVar("K")


class Order:
    """Records by one key; a record that changes moves to its new place."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self._place: dict[int, Key] = {}

    def move(self, number: int, rank: int) -> None:
        """Put a record, old or new, where it belongs now."""
        key = (rank, number)
        if self._place.get(number) == key:
            return
        self.drop(number)
        self._place[number] = key
        insort(self.keys, key)

    def drop(self, number: int) -> None:
        """Forget a record."""
        old = self._place.pop(number, None)
        if old is not None:
            del self.keys[bisect_left(self.keys, old)]

    def drop_all(self, numbers: AbstractSet[int]) -> None:
        """Forget many records at once."""
        self.keys = [key for key in self.keys if key[1] not in numbers]
        for number in numbers:
            self._place.pop(number, None)

    def fill(self, keys: Iterable[Key]) -> None:
        """Take many new records at once."""
        for key in keys:
            self._place[key[1]] = key
            self.keys.append(key)
        self.keys.sort()

    def after(self, place: tuple[float, int]) -> Iterator[Key]:
        """Yield the keys behind a place."""
        for index in range(bisect_right(self.keys, place), len(self.keys)):
            yield self.keys[index]


class Listing(Sequence[T], Generic[K, T]):
    """Records in the order of their keys, each looked up when it is read."""

    def __init__(self, keys: Sequence[K], find: Callable[[K], T]) -> None:
        self._keys = keys
        self._find = find

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[T]:
        return map(self._find, tuple(self._keys))  # a copy: the loop may change the account

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self._find(key) for key in self._keys[index]]
        return self._find(self._keys[index])
