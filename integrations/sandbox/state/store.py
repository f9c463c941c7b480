"""Plain records of one kind, by id, in the order in which they were made."""

from typing import Any

from integrations.sandbox.state.refusals import not_found

Record = dict[str, Any]


class Store:
    """Keeps the records of one kind."""

    def __init__(self) -> None:
        self._records: dict[int | str, Record] = {}

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._records

    def add(self, record: Record) -> Record:
        """Keep a new record."""
        self._records[record["id"]] = record
        return record

    def find(self, record_id: int | str | None) -> Record | None:
        """Return a record, or None."""
        return None if record_id is None else self._records.get(record_id)

    def get(self, record_id: int | str) -> Record:
        """Return a record; refuse as Zendesk does when there is none."""
        record = self._records.get(record_id)
        if record is None:
            raise not_found()
        return record

    def remove(self, record_id: int | str) -> None:
        """Forget a record."""
        self.get(record_id)
        del self._records[record_id]

    def all(self) -> list[Record]:
        """Return every record, oldest first."""
        return list(self._records.values())

    def where(self, **wanted: Any) -> list[Record]:
        """Return the records whose fields have these values."""
        return [
            record
            for record in self._records.values()
            if all(record.get(field) == value for field, value in wanted.items())
        ]
