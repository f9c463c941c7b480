"""The departments that own complaints, and until when each must answer, by the desk's rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.sla.desk_clocks.book import ALWAYS, DeskRules
from sync.sla.desk_clocks.desk import Hours
from sync.sla.desk_clocks.loading import load_desk_rules
from sync.sla.schedules import instant_or_none, to_second

SEVERITIES = ("S1", "S2", "S3", "S4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One department: its names and its group in Zendesk."""

    code: str
    name_en: str
    name_zh: str
    restricted: bool = False  # the case is not for the eyes of every agent

    @property
    def group_name(self) -> str:
        """Return the name of the department's group in Zendesk."""
        return self.name_en

    @property
    def tag(self) -> str:
        """Return the tag that marks a ticket of this queue."""
        return f"risk_queue_{self.code.lower()}"


class Departments:
    """The departments of a rules file; `hours` reads the account's business hours when asked."""

    def __init__(
        self, rules: DeskRules, hours: Callable[[], Hours] = lambda: lambda _name, _at: None
    ) -> None:
        self._rules = rules
        self._hours = hours
        self.queues: Mapping[str, Queue] = {
            code: Queue(
                code=code,
                name_en=editions.all[-1].name_en,
                name_zh=editions.all[-1].name_zh,
                restricted=editions.all[-1].restricted,
            )
            for code, editions in rules.departments.items()
        }

    def due(self, queue: str, severity: str, asked_at: datetime) -> datetime:
        """Return until when a department must answer what it is asked now.

        Where nobody knows its business hours every hour counts: too early rather than too late.
        """
        asked = to_second(asked_at)
        editions = self._rules.departments.get(queue)
        if editions is None:  # an escalation from before the rules lost the department
            return self.first_answer_due(severity, asked_at)
        department = editions.at(asked)
        within = department.seconds[severity]
        name = department.hours_for(severity)
        hours = None if name == ALWAYS else self._hours()(name, asked)
        due = None if hours is None else instant_or_none(hours.due(asked, within))
        return due or asked_at + timedelta(seconds=within)

    def first_answer_due(self, severity: str, asked_at: datetime) -> datetime:
        """Return until when a person must answer a customer who asks now."""
        times = self._rules.severity.at(to_second(asked_at))
        return asked_at + timedelta(seconds=times.seconds[severity])


SHIPPED = Departments(load_desk_rules())
QUEUES = SHIPPED.queues
