"""The entries of the rules file, as people write them."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from sync.sla.desk_clocks.names import department_policy

SEVERITIES = ("S1", "S2", "S3", "S4")

Code = Annotated[str, Meta(pattern=r"^[A-Z0-9][A-Z0-9-]{0,11}\Z")]
MetricName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{2,59}\Z")]
RuleId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*/[a-z0-9-]+\Z", max_length=80)]
Edition = Annotated[int, Meta(ge=1, le=9999)]
Title = Annotated[str, Meta(min_length=1, max_length=120)]
Severity = Literal["S1", "S2", "S3", "S4"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WallClock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")]


class Step(StrEnum):
    """What a regulatory clock waits for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    FINAL_ANSWER = "final_answer"


class MarkSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where one mark is read from: titles of custom fields, prefixes, and whole texts."""

    fields: list[str] = []
    prefixes: list[str] = []
    values: dict[str, str | bool] = {}


class Marks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where each mark is read from."""

    family: MarkSource = MarkSource()
    reason: MarkSource = MarkSource()
    severity: MarkSource = MarkSource()
    language: MarkSource = MarkSource()
    jurisdiction: MarkSource = MarkSource()
    product: MarkSource = MarkSource()
    queue: MarkSource = MarkSource()
    channel: MarkSource = MarkSource()
    is_complaint: MarkSource = MarkSource()

    @property
    def field_titles(self) -> set[str]:
        """The titles of all custom fields that marks are read from."""
        return {title for name in self.__struct_fields__ for title in getattr(self, name).fields}


class Complaints(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Families and reasons that are complaints, or none, by what triage or an agent chose."""

    are: list[str] = []
    are_not: list[str] = []


class Signal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What on a ticket tells that something happened."""

    tags: list[str] = []
    statuses: list[str] = []


class Answers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ends or moves the desk's clocks."""

    acknowledged: Signal = Signal()
    any_public_answer_acknowledges: bool = True
    holding_reply: Signal = Signal()
    final_answer: Signal = Signal()
    solving_with_an_answer_is_final: bool = True
    ended_elsewhere: Signal = Signal()
    department_waits: Signal = Signal()
    bots: list[int] = []


class Times(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A limit for each severity."""

    S1: str
    S2: str
    S3: str
    S4: str


class SeverityEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How soon a person answers the customer, by severity, round the clock."""

    edition: Edition = 1
    in_force: date | None = None
    times: Times

    @property
    def policy_id(self) -> str:
        """The name under which clocks say that they follow this edition."""
        return f"desk/severity@{self.edition}"


class DepartmentEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A department, and how soon it answers the desk."""

    code: Code
    edition: Edition = 1
    in_force: date | None = None
    name_en: Title
    name_zh: Title
    times: Times
    round_the_clock: list[Severity] = []
    hours: Title = "default"
    restricted: bool = False

    @property
    def policy_id(self) -> str:
        """The name under which clocks say that they follow this edition."""
        return department_policy(self.code, self.edition)


class Reminders(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When people are reminded of each kind of clock."""

    severity: list[str] = []
    department: list[str] = []
    regulation: list[str] = []


class JurisdictionEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place whose days count."""

    title: Title
    zone: str
    holidays: str | None = None
    holiday_kinds: list[str] = []
    weekend: tuple[Weekday, ...] = ("sat", "sun")
    closed: list[date] = []
    opened: list[date] = []
    part_of: list[Code] = []
    aliases: list[Code] = []


class Holding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A holding reply is allowed; until when at most it puts the answer off."""

    until: str | None = None


class RuleEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One regulatory clock: which tickets it is for, its limit, and where it comes from."""

    id: RuleId
    edition: Edition = 1
    in_force: date | None = None
    enabled: bool = True
    metric: MetricName
    title: Title
    step: Step
    complaint: bool = True
    jurisdictions: list[Code] = []
    products: list[str] = []
    except_products: list[str] = []
    reasons: list[str] = []
    channels: list[str] = []
    limit: str | None = None
    same_as: RuleId | None = None
    holding: Holding | None = None
    calendar: str = "jurisdiction"
    receipt: Literal["as_it_is", "next_business_day"] = "as_it_is"
    closes_at: WallClock | None = None
    figure: Literal["rule", "house"] = "rule"
    source: Annotated[str, Meta(min_length=1, max_length=300)]
    checked: Literal["source", "secondary", "unverified"]
    ask_legal: str | None = None

    @property
    def policy_id(self) -> str:
        """The name under which clocks say that they follow this edition."""
        return f"{self.id}@{self.edition}"
