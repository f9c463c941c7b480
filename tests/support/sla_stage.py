"""A sandbox account on a stepped clock, on which a ticket's life is played for its SLA clocks."""

from datetime import UTC, datetime
from typing import Any

from integrations.runtime.clock import parse_instant
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.founding import new_account
from integrations.sandbox.state.changes import TicketDraft
from integrations.sandbox.state.people.users import new_user
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import tickets
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

LIGHT_AGENT = {"role": "agent", "role_type": 1}
CUSTOMER, AGENT, OTHER_AGENT, LIGHT = 10, 20, 21, 30
ROLES = {str(CUSTOMER): "end-user", "11": "end-user", str(AGENT): "agent"} | {
    str(OTHER_AGENT): "agent",
    str(LIGHT): "light-agent",
}
GROUPS = (51, 52, 53)
OPENED = "2026-03-02T09:00:00Z"
HOUR = 3600
SAYS: dict[str, Any] = {"public": True}
NOTES: dict[str, Any] = {"public": False}
ASKS: dict[str, Any] = {"public": True, "by": CUSTOMER}
Steps = list[tuple[str, dict[str, Any]]]


class Stage:
    """One account without policies and schedules of its own, and one ticket."""

    def __init__(self, start: str, roles: dict[str, str] = ROLES, **settings: Any) -> None:
        self.account = new_account(SandboxConfig(start=parse_instant(start), **settings))
        self.case: TicketCase | None = None
        self._via: str | None = None
        self.account.rules.append(self._come_by)
        for store in (
            self.account.sla_policies,
            self.account.group_sla_policies,
            self.account.schedules,
        ):
            for record in store.all():
                store.remove(record["id"])
        for group in GROUPS:
            self.account.groups.add({"id": group, "name": f"Group {group}"})
        for name, role in roles.items():
            self._add_person(int(name), role)

    def _add_person(self, number: int, role: str) -> None:
        fields = LIGHT_AGENT if role == "light-agent" else {"role": role}
        person = new_user(number, {"name": role, "role": fields["role"]}, "2026-01-01T00:00:00Z")
        person["role_type"] = fields.get("role_type")
        self.account.users.add(person)
        if role != "end-user":
            for group in GROUPS:
                self.account.add_membership(person, group, default=False)

    def _come_by(self, draft: TicketDraft) -> None:
        if draft.before is None and self._via:
            draft.record["via"] = draft.record["via"] | {"channel": self._via}

    @property
    def now(self) -> int:
        """The second at which the clock stands."""
        return int(self.account.clock.now().timestamp())

    def step(self, moment: str | int) -> None:
        """Set the clock."""
        is_text = isinstance(moment, str)
        self.account.clock.rewind_for_history(
            parse_instant(str(moment)) if is_text else datetime.fromtimestamp(int(moment), UTC)
        )

    def policy(self, *metrics: dict[str, Any], **fields: Any) -> Record:
        """Keep an SLA policy, or another version of one."""
        return self.account.sla_policies.add(
            {
                "id": 1,
                "title": "Policy",
                "description": None,
                "position": 1,
                "filter": {"all": [], "any": []},
                "policy_metrics": list(metrics),
                "metric_settings": None,
                "created_at": "2026-01-01T00:00:00Z",
            }
            | fields
        )

    def group_policy(self, **fields: Any) -> Record:
        """Keep a group SLA policy."""
        made = {"description": None, "created_at": "2026-01-01T00:00:00Z"} | fields
        return self.account.group_sla_policies.add(made)

    def schedule(self, **fields: Any) -> Record:
        """Keep a schedule, or another version of it."""
        named = [{"name": "closed"} | holiday for holiday in fields.get("holidays", ())]
        return self.account.schedules.add(
            {"id": 1, "name": "Office"} | fields | {"holidays": named}
        )

    def open(
        self, *, by: int = CUSTOMER, public: bool = True, via: str | None = None, **fields: Any
    ) -> TicketCase:
        """Open the ticket."""
        self._via = via
        asked = {
            "subject": "A withdrawal",
            "comment": {"body": "Please help", "public": public},
            "requester_id": CUSTOMER,
            "submitter_id": by,
        }
        self.case = tickets.create(self.account, asked | fields, self.account.users.get(by))
        return self.case

    def update(self, *, by: int = AGENT, public: bool | None = None, **fields: Any) -> None:
        """Change the ticket; with `public` somebody says something."""
        assert self.case is not None
        said = {} if public is None else {"comment": {"body": "Hello", "public": public}}
        tickets.update(self.account, self.case, said | fields, self.account.users.get(by))

    def events(self) -> list[Record]:
        """Return the metric events of the ticket as clients see them now."""
        assert self.case is not None
        kept = self.account.metric_events
        return [kept.present(self.case, event) for event in kept.of(self.case, self.now)]


def target(
    metric: str, seconds: int = HOUR, priority: str = "normal", **more: Any
) -> dict[str, Any]:
    """Return the target of a policy for one metric and priority."""
    made: dict[str, Any] = {"metric": metric, "priority": priority, "target_in_seconds": seconds}
    return made | {"business_hours": False} | more


def at(clock: str) -> str:
    """Return an instant of the day on which the ticket was opened, or of `DD` in `DD HH:MM`."""
    return f"2026-03-{clock if ' ' in clock else '02 ' + clock}:00Z".replace(" ", "T")


def told(stage: Stage, metric: str) -> list[str]:
    """Return the events of a metric in the order of their ids, without the measure."""
    found = [event for event in stage.events() if event["metric"] == metric]
    return [
        " ".join(
            (
                event["time"][8:16].replace("T", " "),
                str(event["instance_id"]),
                event["type"],
                *(["deleted"] if event["deleted"] else []),
            )
        ).removeprefix("02 ")
        for event in sorted(found, key=lambda event: event["id"])
        if event["type"] != "measure"
    ]


def played(stage: Stage, steps: Steps, **opened: Any) -> Stage:
    """Open the ticket and let the steps happen."""
    stage.open(**({"priority": "normal"} | opened))
    for clock, change in steps:
        stage.step(at(clock))
        stage.update(**change)
    return stage
