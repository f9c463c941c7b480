"""Checks the entries against each other and makes them ready to be applied."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any, TypeVar

from sync.sla.desk_clocks.book import (
    WHERE_IT_BELONGS,
    DatedLimit,
    Department,
    DeskRules,
    Editions,
    Place,
    Rule,
    SeverityTimes,
)
from sync.sla.desk_clocks.editions import Entry as AnyEntry
from sync.sla.desk_clocks.editions import record_of
from sync.sla.desk_clocks.entries import (
    SEVERITIES,
    DepartmentEntry,
    JurisdictionEntry,
    RuleEntry,
    SeverityEntry,
    Times,
)
from sync.sla.desk_clocks.limits import Limit, Unit, read_limit
from sync.sla.desk_clocks.names import TITLES
from sync.sla.desk_clocks.places import read_places
from sync.sla.desk_clocks.reminders import read_reminder
from sync.sla.metrics import BY_NAME

_TAKEN = frozenset({*BY_NAME, *TITLES})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Entry = TypeVar("Entry", SeverityEntry, DepartmentEntry, RuleEntry)


@dataclass(slots=True, kw_only=True)
class Compiler:
    """Makes rules of entries; what is wrong with which entry stands in `problems` afterwards."""

    jurisdictions: Mapping[str, JurisdictionEntry]
    severity: Sequence[SeverityEntry]
    departments: Sequence[DepartmentEntry]
    rules: Sequence[RuleEntry]
    singles: Mapping[str, Any]  # marks, complaints, answers and reminders
    changed: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)

    def run(self) -> DeskRules:
        """Return the rules; they may only be used when there are no problems."""
        places = read_places(self.jurisdictions, self.problems)
        by_id = self._grouped("rules", self.rules, lambda entry: entry.id)
        by_code = self._grouped("departments", self.departments, lambda entry: entry.code)
        times = self._in_order("severity", self.severity)
        if not times:
            self.problems.append("severity: there is no entry")
        self._check_metrics(by_id)
        self._check_reminders()
        limits = {rule_id: list(self._limits(line)) for rule_id, line in by_id.items()}
        return DeskRules(
            **self.singles,
            severity=Editions([self._severity(entry) for entry in times]),
            departments={
                code: Editions([self._department(entry) for entry in line])
                for code, line in by_code.items()
            },
            places=places,
            rules=[
                Editions([self._rule(entry, limits, places) for entry in line])
                for line in by_id.values()
            ],
            records=self._records(),
            changed_editions=self.changed,
        )

    def _records(self) -> dict[str, dict[str, Any]]:
        sections: tuple[tuple[str, Sequence[AnyEntry]], ...] = (
            ("severity", self.severity),
            ("departments", self.departments),
            ("rules", self.rules),
        )
        return {
            entry.policy_id: record_of(section, entry)
            for section, entries in sections
            for entry in entries
        }

    def _grouped(
        self, section: str, entries: Iterable[Entry], name_of: Callable[[Entry], str]
    ) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in entries:
            found.setdefault(name_of(entry), []).append(entry)
        return {name: self._in_order(f"{section} {name}", line) for name, line in found.items()}

    def _in_order(self, name: str, line: Sequence[Entry]) -> list[Entry]:
        """Return the editions, oldest first; each later one must come into force later."""
        ordered = sorted(line, key=lambda entry: entry.edition)
        dates = [entry.in_force or date.min for entry in ordered]
        if any(later <= earlier for earlier, later in pairwise(dates)):
            self.problems.append(f"{name}: a higher edition must come into force at a later date")
        return ordered

    def _check_metrics(self, by_id: Mapping[str, Sequence[RuleEntry]]) -> None:
        owners = dict.fromkeys(_TAKEN, "riskdesk")
        for rule_id, line in by_id.items():
            for metric in sorted({entry.metric for entry in line}):
                if metric in owners:
                    said = f"the metric {metric} belongs to {owners[metric]}"
                    self.problems.append(f"rules {rule_id}: {said}")
                owners[metric] = rule_id

    def _check_reminders(self) -> None:
        reminders = self.singles["reminders"]
        for kind in ("severity", "department", "regulation"):
            for text in getattr(reminders, kind):
                if read_reminder(text) is None:
                    said = f"{text[:40]!r} is none of `50 %`, `1 business day` and `breach`"
                    self.problems.append(f"reminders {kind}: {said}")

    def _severity(self, entry: SeverityEntry) -> SeverityTimes:
        return SeverityTimes(
            policy_id=entry.policy_id,
            since=_since(entry.in_force),
            seconds=self._seconds("severity", entry.times),
        )

    def _department(self, entry: DepartmentEntry) -> Department:
        return Department(
            code=entry.code,
            policy_id=entry.policy_id,
            since=_since(entry.in_force),
            name_en=entry.name_en,
            name_zh=entry.name_zh,
            seconds=self._seconds(f"departments {entry.code}", entry.times),
            round_the_clock=frozenset(entry.round_the_clock),
            hours=entry.hours,
            restricted=entry.restricted,
            title=f"Answer of {entry.name_en}",
        )

    def _seconds(self, name: str, times: Times) -> dict[str, int]:
        found = {}
        for severity in SEVERITIES:
            limit = read_limit(getattr(times, severity))
            if limit is None or limit.unit is not Unit.SECONDS:
                self.problems.append(f"{name}: the time of {severity} is not like 15 min or 8 h")
            else:
                found[severity] = limit.amount
        return found

    def _limits(self, line: Sequence[RuleEntry]) -> Iterable[DatedLimit]:
        """Yield the limits that the editions of a rule name themselves."""
        for entry in line:
            if (entry.limit is None) == (entry.same_as is None):
                self.problems.append(f"rules {entry.id}: give either limit or same_as")
            elif entry.limit is not None:
                limit = self._limit(entry, entry.limit)
                if limit is not None:
                    yield DatedLimit(since=_since(entry.in_force), limit=limit)

    def _limit(self, entry: RuleEntry, text: str) -> Limit | None:
        limit = read_limit(text)
        if limit is None or limit.unit is Unit.SECONDS:
            said = f"{text[:40]!r} is not like 3 business days, 15 days, 8 weeks or 2 months"
            self.problems.append(f"rules {entry.id}: {said}")
            return None
        return limit

    def _rule(
        self,
        entry: RuleEntry,
        limits: Mapping[str, Sequence[DatedLimit]],
        places: Mapping[str, Place],
    ) -> Rule:
        own = [one for one in limits[entry.id] if one.since == _since(entry.in_force)]
        found = limits.get(entry.same_as, ()) if entry.same_as else own
        if entry.same_as and not found:
            said = f"same_as: there is no rule {entry.same_as} with a limit of its own"
            self.problems.append(f"rules {entry.id}: {said}")
        if not (entry.complaint or entry.jurisdictions or entry.products or entry.reasons):
            self.problems.append(f"rules {entry.id}: it would be for every ticket, marked or not")
        until = entry.holding.until if entry.holding else None
        self._check_places(entry, places)
        if entry.closes_at and entry.receipt == "as_it_is":
            self.problems.append(f"rules {entry.id}: closes_at needs receipt: next_business_day")
        return Rule(
            entry=entry,
            policy_id=entry.policy_id,
            since=_since(entry.in_force),
            limits=Editions(found),
            extended=None if until is None else self._limit(entry, until),
            place=None if entry.calendar == WHERE_IT_BELONGS else places.get(entry.calendar),
        )

    def _check_places(self, entry: RuleEntry, places: Mapping[str, Place]) -> None:
        known = {wider for place in places.values() for wider in place.belongs_to}
        missing = [code for code in entry.jurisdictions if code not in known]
        if entry.calendar != WHERE_IT_BELONGS and entry.calendar not in places:
            missing.append(entry.calendar)
        for code in missing:
            self.problems.append(f"rules {entry.id}: there is no jurisdiction {code[:40]}")


def _since(day: date | None) -> int:
    """Return the first second of a day, UTC; the first edition holds since ever."""
    if day is None:
        return 0
    return int((datetime.combine(day, time(), tzinfo=UTC) - _EPOCH).total_seconds())
