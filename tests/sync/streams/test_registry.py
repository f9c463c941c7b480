"""Every stream of the registry names things that exist."""

from datetime import timedelta

import pytest

from integrations.runtime.database import metadata
from sync.streams.registry import BY_NAME, STREAMS
from sync.streams.stream import Paging, Stream
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.quarantine import quarantined_records


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_stream_is_coherent(stream: Stream) -> None:
    assert BY_NAME[stream.name] is stream
    assert ("{parent_id}" in stream.path) == (stream.parent is not None)
    assert stream.parent is None or stream.parent in BY_NAME
    assert stream.parent_key is None or stream.parent_key in stream.table.c
    assert ("{parent_id}" in stream.path) == (stream.parent_key is not None)
    assert stream.path.startswith("/api/v2/")


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_stream_of_changes_has_a_clock_and_a_list_has_none(stream: Stream) -> None:
    is_list = stream.paging is Paging.FULL_LIST

    assert (stream.change_clock is None) == is_list
    assert stream.lookback == timedelta() or not is_list


def test_names_and_paths_are_unique() -> None:
    assert len(BY_NAME) == len(STREAMS) == len({each.path for each in STREAMS})


def test_every_mirrored_table_has_its_stream() -> None:
    """A table with raw records but without a stream would never be filled."""
    filled = {table for each in STREAMS for table in (each.table, *dict(each.sideloads).values())}
    mirrored = {table for table in metadata.tables.values() if "raw" in table.c}

    assert mirrored - filled == {ticket_comments, quarantined_records}  # told by ticket_audits


def test_exports_spend_their_budget_on_tickets_first() -> None:
    urgent = ["tickets", "ticket_events", "ticket_metric_events", "users", "organizations"]

    assert [each.name for each in STREAMS if "/incremental/" in each.path] == urgent


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_parent_is_read_before_its_children(stream: Stream) -> None:
    names = [each.name for each in STREAMS]

    assert stream.parent is None or names.index(stream.parent) < names.index(stream.name)


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_full_list_can_mark_what_is_missing(stream: Stream) -> None:
    keys = list(stream.table.primary_key.columns)

    assert stream.paging is not Paging.FULL_LIST or (
        len(keys) == 1 and "deleted_at" in stream.table.c
    )
