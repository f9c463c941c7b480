"""The rules ready to be applied: limits read, places with their days, editions in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sync.sla.desk_clocks.calendars import Calendar
from sync.sla.desk_clocks.entries import Answers, Complaints, Marks, Reminders, RuleEntry
from sync.sla.desk_clocks.limits import Limit

ALWAYS, DEFAULT_HOURS = "always", "default"
WHERE_IT_BELONGS = "jurisdiction"


class Dated(Protocol):
    """Something that holds from a second on."""

    @property
    def since(self) -> int:
        """The first second, since 1970, for which it holds."""


Edition = TypeVar("Edition", bound=Dated)


class Editions(Generic[Edition]):
    """One rule through time, the oldest edition first; the first also holds before its date."""

    def __init__(self, editions: Sequence[Edition]) -> None:
        self.all = tuple(editions)

    def at(self, second: int) -> Edition:
        """Return the edition for a clock that starts at this second."""
        for edition in reversed(self.all):
            if edition.since <= second:
                return edition
        return self.all[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityTimes:
    """How many seconds until a person answers the customer, by severity."""

    policy_id: str
    since: int
    seconds: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """One edition of a department: its names and how many seconds its answer may take."""

    code: str
    policy_id: str
    since: int
    name_en: str
    name_zh: str
    seconds: Mapping[str, int]  # by severity
    round_the_clock: frozenset[str]
    hours: str
    restricted: bool
    title: str

    def hours_for(self, severity: str) -> str:
        """Return in which hours the answer to such a ticket is counted."""
        return ALWAYS if severity in self.round_the_clock else self.hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a complaint belongs: its days, and the wider places that it is a part of."""

    code: str
    title: str
    calendar: Calendar
    belongs_to: frozenset[str]  # its own code included


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One edition of a regulatory clock."""

    entry: RuleEntry
    policy_id: str
    since: int
    limits: Editions["DatedLimit"]
    extended: Limit | None  # the last limit that a holding reply can bring
    place: Place | None  # whose days count; None: those of the complaint's jurisdiction

    @property
    def allows_holding(self) -> bool:
        """Whether a holding reply is foreseen."""
        return self.entry.holding is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedLimit:
    """A limit and the second from which it holds."""

    since: int
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DeskRules:
    """All that the desk's own clocks follow.

    `records` are the editions by policy id, as they are kept once a clock has followed them.
    `changed_editions` are those that go on as they were kept, whatever the file says now.
    """

    marks: Marks
    complaints: Complaints
    answers: Answers
    reminders: Reminders
    severity: Editions[SeverityTimes]
    departments: Mapping[str, Editions[Department]]
    places: Mapping[str, Place]  # by code and by alias
    rules: Sequence[Editions[Rule]]
    records: Mapping[str, Mapping[str, Any]]
    changed_editions: tuple[str, ...] = ()
