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
from sync.verification.table_check import TableCheck, Work
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
    for together in _by_table(_told_by(source, streams)):
        try:
            TableCheck(work, together).run()
        except RiskdeskError as error:
            found.failures.append(Failure(together[0].name, error.message, error.hint))
    found.differences.sort(key=lambda each: (each.stream, each.table, each.id, each.field))
    return found


def _told_by(source: PageSource, streams: Sequence[Stream]) -> Sequence[Stream]:
    """Return the streams by which a source tells the same tables, if it has streams of its own."""
    own: Sequence[Stream] | None = getattr(source, "streams", None)
    wanted = {stream.table.name for stream in streams}
    return streams if own is None else [each for each in own if each.table.name in wanted]


def _by_table(streams: Sequence[Stream]) -> list[list[Stream]]:
    """Return the streams that have to be read for each table, those that tell of changes first.

    Several may fill one table; of the others only those are read that list what the first does
    not: the archive, the bin.
    """
    found: dict[str, list[Stream]] = {}
    for stream in streams:
        found.setdefault(stream.table.name, []).append(stream)
    return [[first, *(each for each in rest if each.in_full)] for first, *rest in found.values()]
