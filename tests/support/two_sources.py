"""One account, mirrored twice: by exports into one warehouse, by lists into another."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table

from integrations.runtime.database import metadata, transaction
from sync.mirror import engine as mirror
from sync.mirror import gaps, missing
from sync.sources.lists import ZendeskLists
from tests.support.copying import Copier, copying
from tests.support.databases import fresh_sqlite, share_key
from tests.support.mirror import rows

# How a row came, and what only exports tell.
OF_THE_WAY = frozenset({"_synced_at", "_source", "raw", "generated_timestamp", "handled_version"})


@dataclass(slots=True)
class TwoMirrors:
    """The same account by exports and by lists; `by_lists` is the warehouse under test."""

    copier: Copier
    by_lists: Engine

    @property
    def source(self) -> ZendeskLists:
        """The lists of the account."""
        return ZendeskLists(self.copier.client.session)

    def sync(self, *names: str) -> dict[str, mirror.StreamResult]:
        """Bring the warehouse by lists up to date."""
        streams = [each for each in self.source.streams if not names or each.name in names]
        now = self.copier.now
        results = mirror.run(self.by_lists, self.source, streams, now=now, shift=self.copier.shift)
        missing.settle(self.by_lists, self.source.show_tickets)
        with transaction(self.by_lists) as connection:
            gaps.note_gaps(connection)
        failed = {each.stream: each.error for each in results if each.error}
        assert not failed, failed
        return {each.stream: each for each in results}

    def differing(self, table: Table, *ignored: str) -> dict[str, tuple[Any, Any]]:
        """Return the rows in which the two disagree, by key: by exports, by lists."""
        ignore = OF_THE_WAY | set(ignored)
        ours = _by_key(self.by_lists, table, ignore)
        theirs = _by_key(self.copier.engine, table, ignore)
        return {
            key: (theirs.get(key), ours.get(key))
            for key in sorted(ours.keys() | theirs.keys())
            if ours.get(key) != theirs.get(key)
        }


@contextmanager
def two_mirrors(by_lists: Engine, folder: Path, **account: Any) -> Iterator[TwoMirrors]:
    """Run a sandbox and give both mirrors of it."""
    with fresh_sqlite(folder) as by_exports:
        share_key(by_lists, by_exports)
        metadata.create_all(by_exports)
        with copying(by_exports, **account) as copier:
            yield TwoMirrors(copier, by_lists)


def _by_key(engine: Engine, table: Table, ignore: frozenset[str]) -> Mapping[str, Any]:
    keys = [column.name for column in table.primary_key.columns]
    return {
        "/".join(str(row[key]) for key in keys): {
            name: value for name, value in row.items() if name not in ignore
        }
        for row in rows(engine, table)
    }
