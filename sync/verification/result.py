"""What a comparison of warehouse and Zendesk has found."""

from dataclasses import dataclass, field

from sync.verification.compare import Difference

MOST_LISTED = 100_000  # differences beyond are counted only


@dataclass(slots=True)
class Failure:
    """A stream that could not be compared, and what to do."""

    stream: str
    error: str
    hint: str


@dataclass(slots=True)
class Verification:
    """What was compared and what differs.

    `compared` counts rows by table, of tables that repeat lists their owners. `moving` counts rows
    that changed while they were compared; the next run compares them. `requests` are pages,
    `single_looks` tickets that were read one by one. `unlisted` differences were only counted.
    """

    compared: dict[str, int] = field(default_factory=dict)
    ranges: int = 0
    opened_ranges: int = 0
    requests: int = 0
    single_looks: int = 0
    moving: int = 0
    differences: list[Difference] = field(default_factory=list)
    unlisted: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Tell whether everything was compared and nothing differed."""
        return not (self.differences or self.failures)

    def add(self, differences: list[Difference]) -> None:
        """Add differences; too many are only counted, so that memory stays bounded."""
        room = max(MOST_LISTED - len(self.differences), 0)
        self.differences += differences[:room]
        self.unlisted += len(differences[room:])
