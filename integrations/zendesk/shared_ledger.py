"""The ledger that all processes share; without a place to meet, each keeps its own."""

from sqlalchemy import Connection, delete, insert, select, text, update

from integrations.zendesk.ledger import LONGEST_SILENCE_S, Entry, Ledger, Taken, free_turns
from integrations.zendesk.meeting_point import FAILURES, MeetingPoint, now, turns

LONGEST_HOLD_S = 3600.0  # what should count for longer was written by a clock that was set back
OURS = -1  # ids of the own ledger are kept apart by their sign


class SharedLedger:
    """Turns of all processes in one table; those of this process alone while there is none.

    Nothing is reserved for the future: a turn is taken when it is free, so that neither a killed
    process nor a clock that is set back can leave a turn that nobody uses.
    """

    def __init__(self, meeting_point: MeetingPoint, alone: Ledger) -> None:
        self._meeting_point = meeting_point
        self._alone = alone

    def take(self, name: str, limit: int, wanted: int, *, holds_s: float) -> Taken:
        """Take up to `wanted` turns that are expected to count for so long."""
        try:
            with self._meeting_point.open() as connection:
                if connection is not None:
                    return _take(connection, name, limit, wanted, holds_s)
        except FAILURES as error:
            self._meeting_point.failed(error)
        own = self._alone.take(name, limit, wanted, holds_s=holds_s)
        return Taken(own.amount, OURS * own.id, own.wait_s)

    def settle(self, name: str, taken: int, amount: int, *, holds_s: float) -> None:
        """Say how many of the turns were used, and for how long they still count."""
        if taken < 0:
            self._alone.settle(name, OURS * taken, amount, holds_s=holds_s)
            return
        try:
            with self._meeting_point.open() as connection:
                if connection is not None:
                    until = now(connection) + holds_s
                    values = {"amount": amount, "expected": until, "until": until}
                    row = turns.c.id == taken
                    change = update(turns).values(values) if amount else delete(turns)
                    connection.execute(change.where(row))
        except FAILURES as error:  # the row counts a minute too long, and is forgotten
            self._meeting_point.failed(error)

    def pause(self, name: str, limit: int, *, holds_s: float) -> None:
        """Let nobody take a turn for so long."""
        try:
            with self._meeting_point.open() as connection:
                if connection is not None:
                    _pause(connection, name, limit, holds_s)
                    return
        except FAILURES as error:
            self._meeting_point.failed(error)
        self._alone.pause(name, limit, holds_s=holds_s)


def _take(connection: Connection, name: str, limit: int, wanted: int, holds_s: float) -> Taken:
    moment = _turn_by_turn(connection, name)
    rows = select(turns.c.id, turns.c.amount, turns.c.expected, turns.c.until)
    entries = [Entry(*row) for row in connection.execute(rows.where(turns.c.name == name))]
    free, wait = free_turns(entries, limit, moment)
    if not free:
        return Taken(0, wait_s=wait)
    amount, expected = min(free, wanted), moment + holds_s
    until = expected + LONGEST_SILENCE_S
    row = {"name": name, "amount": amount, "expected": expected, "until": until}
    key = connection.execute(insert(turns).values(row)).inserted_primary_key
    return Taken(amount, int(key[0]) if key else 0)


def _pause(connection: Connection, name: str, limit: int, holds_s: float) -> None:
    until = _turn_by_turn(connection, name) + holds_s
    ours = (turns.c.name == name) & (turns.c.amount >= limit) & (turns.c.until >= until)
    if connection.scalar(select(turns.c.id).where(ours).limit(1)) is None:
        row = {"name": name, "amount": limit, "expected": until, "until": until}
        connection.execute(insert(turns).values(row))


def _turn_by_turn(connection: Connection, name: str) -> float:
    """Wait until no other process looks at this budget; forget old turns; return the time.

    SQLite lets only one transaction in, whatever it looks at.
    """
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 7))")
        connection.execute(lock, {"name": name})
    moment = now(connection)
    counts = turns.c.until.between(moment, moment + LONGEST_HOLD_S)
    connection.execute(delete(turns).where(turns.c.name == name, ~counts))
    return moment
