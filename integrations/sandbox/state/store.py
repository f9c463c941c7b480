"""Plain records of one kind, by id, in the order in which they were made."""

from typing import Any

from integrations.sandbox.state.refusals import not_found

Record = dict[str, Any]


class Store:
    """Keeps the records of one kind; those of the indexed fields are found without reading all.

    An indexed field of a kept record is changed with `change` and in no other way.
    """

    def __init__(self, *indexed: str) -> None:
        self._records: dict[int | str, Record] = {}
        self._by: dict[str, dict[Any, dict[int | str, Record]]] = {name: {} for name in indexed}

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._records

    def add(self, record: Record) -> Record:
        """Keep a new record."""
        self._records[record["id"]] = record
        for field in self._by:
            self._file(field, record)
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

    def change(self, record: Record, values: Record) -> None:
        """Change a kept record."""
        moved = [field for field in self._by if field in values]
        for field in moved:
            self._unfile(field, record)
        record |= values
        for field in moved:
            self._file(field, record)

    def remove(self, record_id: int | str) -> None:
        """Forget a record."""
        record = self.get(record_id)
        for field in self._by:
            self._unfile(field, record)
        del self._records[record_id]

    def all(self) -> list[Record]:
        """Return every record, oldest first."""
        return list(self._records.values())

    def where(self, **wanted: Any) -> list[Record]:
        """Return the records whose fields have these values."""
        indexed = next((field for field in wanted if field in self._by), None)
        known = self._records if indexed is None else self._by[indexed].get(wanted[indexed], {})
        rest = [(field, value) for field, value in wanted.items() if field != indexed]
        if not rest:
            return list(known.values())
        return [
            record
            for record in known.values()
            if all(record.get(field) == value for field, value in rest)
        ]

    def _file(self, field: str, record: Record) -> None:
        self._by[field].setdefault(record.get(field), {})[record["id"]] = record

    def _unfile(self, field: str, record: Record) -> None:
        value = record.get(field)
        del self._by[field][value][record["id"]]
        if not self._by[field][value]:
            del self._by[field][value]
