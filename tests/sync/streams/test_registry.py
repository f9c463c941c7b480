"""Every stream of the registry names things that exist."""

import pytest

from sync.streams.registry import BY_NAME, STREAMS
from sync.streams.stream import Paging, Stream


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_stream_is_coherent(stream: Stream) -> None:
    assert BY_NAME[stream.name] is stream
    assert ("{parent_id}" in stream.path) == (stream.parent is not None)
    assert stream.parent is None or stream.parent in BY_NAME
    assert stream.parent_key is None or stream.parent_key in stream.table.c
    assert "/incremental/" in stream.path or stream.paging is Paging.FULL_LIST


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_parent_is_read_before_its_children(stream: Stream) -> None:
    names = [each.name for each in STREAMS]

    assert stream.parent is None or names.index(stream.parent) < names.index(stream.name)


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_full_list_can_mark_what_is_missing(stream: Stream) -> None:
    assert stream.paging is not Paging.FULL_LIST or {"id", "deleted_at"} <= set(
        stream.table.c.keys()
    )
