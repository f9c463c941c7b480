"""Says why a row of the warehouse probably differs from Zendesk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from sync.mirror.cursors import LIVE
from sync.verification.compare import ABSENT, WHOLE_RECORD, Difference, Finding
from sync.verification.derived import DERIVED
from sync.verification.expected import is_erased
from sync.verification.second_look import EXPORT_DELAY
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.cursors import sync_cursors
from sync.warehouse.tables.quarantine import quarantined_records

NEVER_COPIED = "the stream was never copied: run `riskdesk sync run`"
BACKFILL_UNFINISHED = "the backfill of the stream is not finished: run `riskdesk sync run`"
DELETED = "deleted in Zendesk; the mirror has not noticed"
ERASED = "erased in Zendesk, but its content is still here"
ERASED_HERE = "erased here for good, but Zendesk still shows it"
NEWER_HERE = "stored after a webhook or an action, newer than what exports show"
MISSED = "older than the newest complete copy, which missed it: an export that ended early?"
ALTERED = "Zendesk's record did not change since it was stored: the row was altered here"
MAYBE_LATER = "changed after the newest complete copy? Such records do not tell when they changed"
TOLD_WRONGLY = "it does not fit the rows it is told from: it was altered here"
FITS_NO_ROW = "Zendesk's record fits no row: the next run puts it into quarantined_records"
UNKNOWN = "unknown: please report it with this line"


@dataclass(slots=True)
class Copied:
    """How far a stream was copied: the newest complete state, open backfills, newest error."""

    until: datetime | None = None
    has_live: bool = False
    open_backfills: int = 0
    error: str | None = None


@dataclass(slots=True)
class Causes:
    """What the warehouse knows about its own gaps."""

    stream: str
    copied: Copied = field(default_factory=Copied)
    quarantined: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def explained(self, findings: Iterable[Finding], read_at: datetime) -> list[Difference]:
        """Return findings as differences: readable, without personal text, with a likely cause.

        `read_at`: when the records were read that the rows were compared with.
        """
        return [
            Difference(
                stream=self.stream,
                table=str(each.table.name),
                id="/".join(str(part) for part in each.key),
                field=each.field,
                warehouse=each.shown(each.warehouse),
                zendesk=each.shown(each.zendesk),
                likely_cause=self.of(each, read_at),
            )
            for each in findings
        ]

    def of(self, finding: Finding, read_at: datetime) -> str:
        """Return the likely cause of one finding."""
        for number in _numbers(finding):
            reason = self.quarantined.get((finding.table.name, number))
            if reason is not None:
                return f"in quarantined_records: {reason}"
        stored = finding.stored.rows[0] if finding.stored.rows else {}
        if stored.get("erased_at") is not None:
            return ERASED_HERE
        if finding.expected is not None and is_erased(finding.expected):
            return ERASED
        if finding.expected is None:
            return self._of_what_zendesk_lacks(finding)
        return self._of_what_zendesk_has(finding, stored, read_at)

    def _of_what_zendesk_lacks(self, finding: Finding) -> str:
        if finding.table.name in DERIVED and finding.field != WHOLE_RECORD:
            return TOLD_WRONGLY
        if finding.zendesk == ABSENT:
            return DELETED
        return FITS_NO_ROW if finding.table.name not in DERIVED else TOLD_WRONGLY

    def _of_what_zendesk_has(
        self, finding: Finding, stored: Mapping[str, Any], read_at: datetime
    ) -> str:
        expected = finding.expected
        changed_at = expected.changed_at if expected else None
        if stored.get("_source") in {Source.WEBHOOK.value, Source.ACTION.value} and _is_newer(
            stored.get("updated_at"), changed_at
        ):
            return NEWER_HERE
        synced_at = finding.stored.synced_at
        if stored and changed_at is not None and synced_at is not None and changed_at < synced_at:
            return ALTERED
        return self._of_the_copy(finding, changed_at, read_at)

    def _of_the_copy(self, finding: Finding, changed_at: datetime | None, read_at: datetime) -> str:
        """Tell how far the stream was copied when the record changed."""
        copied = self.copied
        if not copied.has_live:
            return NEVER_COPIED
        if copied.error is not None:
            return f"the newest run of the stream failed: {copied.error}"
        if copied.until is not None and _is_newer(changed_at, copied.until):
            return f"changed after the newest complete copy ({copied.until:%Y-%m-%d %H:%M:%S} UTC)"
        if copied.open_backfills:
            return BACKFILL_UNFINISHED
        if changed_at is None and _is_newer(read_at, copied.until):
            return MAYBE_LATER
        return MISSED if finding.warehouse == ABSENT and changed_at is not None else UNKNOWN


def causes_for(connection: Connection, stream: str, tables: Sequence[str]) -> Causes:
    """Read what the warehouse knows about the gaps of a stream."""
    return Causes(stream, _copied(connection, stream), _quarantined(connection, stream, tables))


def _copied(connection: Connection, stream: str) -> Copied:
    copied = Copied()
    query = select(sync_cursors).where(sync_cursors.c.stream == stream)
    for lane in connection.execute(query).mappings():
        copied.error = lane["error"] or copied.error
        if lane["lane"] != LIVE:
            copied.open_backfills += lane["caught_up_at"] is None
            continue
        copied.has_live = lane["caught_up_at"] is not None
        copied.until = lane["caught_up_at"] and lane["caught_up_at"] - EXPORT_DELAY
    return copied


def _quarantined(
    connection: Connection, stream: str, tables: Sequence[str]
) -> dict[tuple[str, str], str]:
    """Return why records are in quarantine, by table and id."""
    kept = quarantined_records.c
    query = select(kept.record_id, kept.error).where(
        kept.stream == stream, kept.resolved_at.is_(None), kept.stored.is_(False)
    )
    return {
        (table, row.record_id or "?"): row.error
        for row in connection.execute(query)
        for table in tables
    }


def _numbers(finding: Finding) -> Iterator[str]:
    """Yield the ids under which a record may be in quarantine: its own, its owner's."""
    yield str(finding.key[0])
    for row in finding.expected.rows if finding.expected else ():
        yield from (str(row[name]) for name in ("audit_id", "ticket_id") if name in row)


def _is_newer(moment: datetime | None, than: datetime | None) -> bool:
    return moment is not None and (than is None or moment > than)
