"""Identifiers of the shapes Zendesk uses, the same for the same seed."""

import base64
import string
from datetime import UTC, datetime
from itertools import count
from random import Random
from uuid import UUID

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID_LENGTH = 26
FILE_TOKEN = (string.ascii_letters + string.digits, 25)
GREGORIAN = datetime(1582, 10, 15, tzinfo=UTC)  # where the time of such UUIDs begins
FIRST_ID = 6_130_830_000_000
STEP = 128  # neighbouring ids of a real account differ by about this much


class Ids:
    """Hands out ids: tickets count from 1, records have 13 digits, webhooks are ULIDs."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - the same seed gives the same ids
        self.account_id = self._random.randrange(10_000_000, 30_000_000)
        self._records = count(FIRST_ID + self._random.randrange(1_000_000) * STEP, STEP)
        self._tickets = count(1)
        self._newest_ulid = self._newest_timed = 0
        self._node = self._random.getrandbits(62)

    def start_at(self, *, ticket: int, record: int) -> None:
        """Count on from these numbers."""
        self._tickets, self._records = count(ticket), count(record, STEP)

    def record(self) -> int:
        """Return the id of a new user, audit, event or field."""
        return next(self._records)

    def ticket(self) -> int:
        """Return the number of a new ticket."""
        return next(self._tickets)

    def ulid(self, now: datetime) -> str:
        """Return the id of a new webhook or invocation; later ones sort behind earlier ones."""
        value = int(now.timestamp() * 1000) << 80 | self._random.getrandbits(80)
        if value <= self._newest_ulid:  # within one millisecond, or while the clock stands still
            value = self._newest_ulid + 1 + self._random.getrandbits(60)
        self._newest_ulid = value
        return "".join(CROCKFORD[value >> 5 * n & 31] for n in reversed(range(ULID_LENGTH)))

    def uuid(self) -> str:
        """Return the id of a new webhook event."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def timed_uuid(self, now: datetime) -> str:
        """Return the id of a side conversation or its event: a UUID that begins with the time."""
        ticks = int((now - GREGORIAN).total_seconds() * 10_000_000)
        ticks = self._newest_timed = max(ticks, self._newest_timed + 1)
        low, middle, high = ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0xFFF
        number = low << 96 | middle << 80 | (1 << 12 | high) << 64 | 1 << 63 | self._node
        return str(UUID(int=number))

    def token(self) -> str:
        """Return 64 hexadecimal digits: an access token of this sandbox."""
        return f"{self._random.getrandbits(256):064x}"

    def file_token(self) -> str:
        """Return 25 letters and digits: an upload, or the address of a file."""
        letters, length = FILE_TOKEN
        return "".join(self._random.choices(letters, k=length))

    def job(self) -> str:
        """Return the id of a new background job."""
        return f"V3-{self._random.getrandbits(128):032x}"

    def sequence(self) -> str:
        """Return the id that groups the events of one action."""
        return f"{self._random.getrandbits(128):032X}"

    def secret(self) -> str:
        """Return a webhook signing secret."""
        return base64.b64encode(self._random.randbytes(33)).decode()
