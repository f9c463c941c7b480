"""Holds Zendesk against the warehouse: once through every page, once more through what differs."""

from collections.abc import Sequence

from sqlalchemy import Engine

from integrations.runtime.errors import RiskdeskError, ServiceUnavailable
from sync.sources.source import PageSource
from sync.streams.registry import STREAMS
from sync.streams.stream import Stream
from sync.verification.compare import Difference
from sync.verification.first_look import Progress
from sync.verification.result import Failure, Verification
from sync.verification.stream_check import StreamCheck, Work
from sync.verification.tickets import ZendeskReader


def verify(engine: Engine, client: ZendeskReader, source: PageSource) -> list[Difference]:
    """Return every value in which the warehouse and Zendesk differ; empty when they agree.

    Every field of every record is compared. Raises ServiceUnavailable when a stream cannot be.
    """
    found = check(engine, client, source, full=True)
    for failure in found.failures:
        raise ServiceUnavailable(failure.error, hint=failure.hint)
    return found.differences


def check(
    engine: Engine,
    client: ZendeskReader,
    source: PageSource,
    *,
    streams: Sequence[Stream] = STREAMS,
    full: bool = False,
    mend: bool = False,
    progress: Progress | None = None,
) -> Verification:
    """Compare the streams with Zendesk; read-only unless asked to `mend`.

    Zendesk is read once, in pages. By checksums of each row, summed by ranges of keys, or, with
    `full`, field by field, rows are found that seem to differ; only these are looked at twice,
    because Zendesk changes meanwhile.
    """
    found = Verification()
    work = Work(
        engine=engine,
        client=client,
        source=source,
        full=full,
        mend=mend,
        progress=progress,
        found=found,
    )
    for stream in _once_a_table(streams):
        try:
            StreamCheck(work, stream).run()
        except RiskdeskError as error:
            found.failures.append(Failure(stream.name, error.message, error.hint))
    found.differences.sort(key=lambda each: (each.stream, each.table, each.id, each.field))
    return found


def _once_a_table(streams: Sequence[Stream]) -> list[Stream]:
    """Return the streams without those whose table one before them fills too."""
    return list({stream.table.name: stream for stream in reversed(streams)}.values())[::-1]
