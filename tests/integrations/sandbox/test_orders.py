"""The sorted orders behind lists and exports equal a sort of everything, whatever changes."""

from bisect import insort
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from integrations.sandbox.state.indexes.orders import Listing, Order
from integrations.sandbox.state.indexes.streams import Entry, Stream

NUMBERS = st.integers(1, 8)
RANKS = st.integers(-3, 3)


@given(st.lists(st.tuples(NUMBERS, st.none() | RANKS)), RANKS, NUMBERS)
def test_an_order_equals_a_sort_after_any_moves(
    moves: list[tuple[int, int | None]], rank: int, number: int
) -> None:
    order, expected = Order(), dict[int, int]()
    for moved, to in moves:
        if to is None:
            order.drop(moved)
            expected.pop(moved, None)
        else:
            order.move(moved, to)
            expected[moved] = to

    keys = sorted((to, moved) for moved, to in expected.items())
    assert order.keys == keys
    assert list(order.after((rank, number))) == [key for key in keys if key > (rank, number)]


def test_an_order_takes_many_at_once_and_moves_them_like_others() -> None:
    order = Order()
    order.fill([(5, 1), (2, 2), (9, 3)])
    order.move(3, 1)

    assert order.keys == [(1, 3), (2, 2), (5, 1)]


def test_a_listing_may_change_while_it_is_read() -> None:
    keys = [1, 2, 3]
    seen = []
    for record in Listing(keys, str):
        seen.append(record)
        keys.remove(int(record))

    assert seen == ["1", "2", "3"]


class Periodic:
    """A source of entries that is kept elsewhere."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = sorted(entries)

    def __len__(self) -> int:
        return len(self.entries)

    def after(self, place: tuple[float, int]) -> Iterator[Entry]:
        return (entry for entry in self.entries if entry[:2] > place)


ENTRIES = st.lists(st.builds(Entry, RANKS, st.integers(), NUMBERS, NUMBERS), max_size=9)


@given(ENTRIES, ENTRIES, RANKS, st.integers())
def test_a_stream_merges_its_sources(
    own: list[Entry], others: list[Entry], second: int, number: int
) -> None:
    stream, everything = Stream(), list[Entry]()
    stream.join(Periodic(others))
    for entry in own:
        stream.add(entry)
    for entry in own + others:
        insort(everything, entry)

    assert len(stream) == len(everything)
    assert list(stream.after((second, number))) == [
        entry for entry in everything if entry[:2] > (second, number)
    ]
