"""An account with policies and schedules of every kind, and administrators who change them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.sandbox import Desk

FIRST_DAY = datetime(2026, 3, 1, tzinfo=UTC)  # summer time begins on the 8th and on the 29th
PRIORITIES = ("urgent", "high", "normal", "low")
REPLIES = ("first_reply_time", "next_reply_time")
METRICS = (
    *REPLIES,
    "requester_wait_time",
    "agent_work_time",
    "total_resolution_time",
    "periodic_update_time",
    "pausable_update_time",
)
FLAGS: dict[str, tuple[str, ...]] = {
    "first_reply_time": (
        "activate_on_ticket_created_for_end_user",
        "activate_on_agent_ticket_created_for_end_user_with_internal_note",
        "activate_on_light_agent_on_email_forward_ticket_from_end_user",
        "activate_on_agent_created_ticket_for_self",
        "fulfill_on_agent_internal_note",
    ),
    "next_reply_time": (
        "activate_on_end_user_added_internal_note",
        "activate_on_agent_requested_ticket_with_public_comment_or_internal_note",
        "fulfill_on_non_requesting_agent_internal_note_after_activation",
    ),
    "periodic_update_time": ("activate_on_agent_internal_note",),
}
ALL_FLAGS = {metric: dict.fromkeys(names, True) for metric, names in FLAGS.items()}
POLICIES, SCHEDULES = "policy", "schedule"
Record = dict[str, Any]


def targets(
    minutes: float,
    *,
    business: bool,
    metrics: Sequence[str] = METRICS,
    priorities: Sequence[str] = PRIORITIES,
) -> list[Record]:
    """Return a target for each metric and priority, no two alike, each to the odd second."""
    return [
        {
            "metric": metric,
            "priority": priority,
            "target_in_seconds": int(minutes * 60 * (1 + place) * (1 + rank)) + 7 * rank + place,
            "business_hours": business,
        }
        for rank, metric in enumerate(metrics)
        for place, priority in enumerate(priorities)
    ]


def only(name: str, operator: str, value: Any) -> Record:
    """Return a filter with one condition."""
    return {"all": [{"field": name, "operator": operator, "value": value}], "any": []}


def week(opens: float, closes: float) -> list[Record]:
    """Return the hours of Monday to Friday."""
    return [
        {"start_time": day * 1440 + int(opens * 60), "end_time": day * 1440 + int(closes * 60)}
        for day in range(1, 6)
    ]


@dataclass(frozen=True, slots=True)
class Act:
    """What administrators do at some time of the month, and how long until the mirror looks.

    `leaves_a_time` says whether Zendesk tells later when it was done. What they do while nobody
    looks can be the beginning of more: then the mirror looks after the last of it.
    """

    day: int
    hour: float
    what: str
    looked_after: timedelta | None = timedelta(minutes=6)
    of: str = POLICIES
    leaves_a_time: bool = True

    @property
    def at(self) -> datetime:
        """When it is done."""
        return FIRST_DAY + timedelta(days=self.day - 1, hours=self.hour)


SOON, LATE = timedelta(minutes=5), timedelta(hours=5)
PLAN = (
    Act(2, 10, "raises_targets"),
    Act(4, 9, "makes_policy_for_partners"),  # tickets with the tag are there already
    Act(5, 14, "widens_filter"),
    Act(6, 11, "reorders_policies", SOON, leaves_a_time=False),
    Act(7, 8, "opens_earlier", of=SCHEDULES),
    Act(9, 13, "adds_holiday", SOON, of=SCHEDULES, leaves_a_time=False),
    Act(10, 12, "switches_flags_off"),
    Act(11, 7, "forgets_low_priority"),
    Act(12, 15, "counts_calendar_time"),
    Act(13, 9, "deletes_policy_of_incidents", SOON, leaves_a_time=False),
    Act(14, 10, "shortens_group_targets"),
    Act(15, 16, "moves_office_to_budapest", of=SCHEDULES),
    Act(17, 2, "adds_holiday", LATE, of=SCHEDULES, leaves_a_time=False),
    Act(18, 11, "removes_holiday", SOON, of=SCHEDULES, leaves_a_time=False),
    Act(19, 4, "raises_targets", None),
    Act(19, 9, "lowers_targets", SOON),  # what held for five hours, nobody has seen
    Act(20, 6, "closes_at_noon", None, of=SCHEDULES),
    Act(20, 12, "opens_earlier", SOON, of=SCHEDULES),
    Act(21, 9, "makes_group_policy"),
    Act(23, 9, "deletes_group_policy", SOON, leaves_a_time=False),
    Act(24, 3, "shortens_messaging_targets"),
    Act(25, 13, "counts_business_time"),
    Act(27, 10, "switches_flags_on"),
    Act(28, 8, "never_closes_the_other_office", of=SCHEDULES),
)


@dataclass(slots=True)
class Administrators:
    """They set the account up and change it as planned."""

    desk: Desk
    policies: dict[str, Any] = field(default_factory=dict)  # id by title
    office: Record = field(default_factory=dict)
    other_office: Record = field(default_factory=dict)
    holidays: list[int] = field(default_factory=list)

    def do(self, act: Act) -> None:
        """Do what is planned."""
        deed: Callable[[], None] = getattr(self, act.what)
        deed()

    # how it begins

    def set_up(self) -> None:
        """Replace what every sandbox has by policies of every kind, and add triggers."""
        for policy in self.desk.get("slas/policies")["sla_policies"]:
            self.desk.delete(f"slas/policies/{policy['id']}")
        self.office, self.other_office = self.desk.get("business_hours/schedules")["schedules"]
        self._schedule(self.office, time_zone="Eastern Time (US & Canada)")
        self._policy("Messaging", only("current_tags", "includes", "messaging"), 0.7)
        flags: Record = {"metric_settings": ALL_FLAGS}
        press = only("current_tags", "includes", "press riskdesk")
        urgent = targets(25, business=False, priorities=("urgent", "high"))
        self._policy("Press", press, 25, policy_metrics=urgent, **flags)
        incident = only("type", "is", "incident")
        self._policy("Incidents", incident, 15, business=True)
        reason = only(f"custom_fields_{self.desk.field_id('Risk reason')}", "is", "risk_b1")
        self._policy("Scams", reason, 30)
        everybody: Record = {"all": [], "any": []}
        self._policy("Everybody", everybody, 60, business=True, **flags)
        groups = [group["id"] for group in self.desk.get("groups")["groups"]]
        for place in range(3):
            self._group_policy(f"Departments {place}", groups[place::4], 900 * (place + 1))
        self._trigger(
            [("update_type", "is", "Create"), ("current_tags", "includes", "messaging")],
            [("set_schedule", str(self.other_office["id"]))],
        )
        self._trigger(
            [("update_type", "is", "Create"), ("via_id", "is", "mail")], [("priority", "high")]
        )
        self._trigger(
            [("update_type", "is", "Change"), ("priority", "is", "urgent")],
            [("current_tags", "riskdesk")],
        )

    # what they change

    def raises_targets(self) -> None:
        """Let everybody wait longer."""
        self._change("Everybody", policy_metrics=targets(75, business=True))

    def lowers_targets(self) -> None:
        """Let nobody wait so long any more."""
        self._change("Everybody", policy_metrics=targets(50, business=True))

    def makes_policy_for_partners(self) -> None:
        """Promise partners very much; it comes late for those who wait already."""
        partner = only("current_tags", "includes", "partner")
        self._policy("Partners", partner, 4, position=2, metric_settings=ALL_FLAGS)

    def widens_filter(self) -> None:
        """Let the policy of incidents be for tasks, too."""
        kinds = [
            {"field": "type", "operator": "is", "value": kind} for kind in ("incident", "task")
        ]
        self._change("Incidents", filter={"all": [], "any": kinds})

    def reorders_policies(self) -> None:
        """Ask for scams before the press."""
        order = ("Messaging", "Partners", "Scams", "Press", "Incidents", "Everybody")
        ids = [self.policies[title] for title in order]
        self.desk.put("slas/policies/reorder", {"sla_policy_ids": ids})

    def switches_flags_off(self) -> None:
        """Let the usual rules say when replies are owed."""
        self._change("Everybody", metric_settings=None)

    def switches_flags_on(self) -> None:
        """Let all optional rules say when replies are owed."""
        self._change("Everybody", metric_settings=ALL_FLAGS)

    def forgets_low_priority(self) -> None:
        """Promise nothing any more to those who do not matter."""
        kept = targets(60, business=True, priorities=PRIORITIES[:3])
        self._change("Everybody", policy_metrics=kept)

    def counts_calendar_time(self) -> None:
        """Promise real hours."""
        self._change("Everybody", policy_metrics=targets(90, business=False))

    def counts_business_time(self) -> None:
        """Promise hours of the office again."""
        self._change("Everybody", policy_metrics=targets(45, business=True))

    def deletes_policy_of_incidents(self) -> None:
        """Promise nothing of their own to incidents."""
        self.desk.delete(f"slas/policies/{self.policies.pop('Incidents')}")

    def shortens_messaging_targets(self) -> None:
        """Promise an answer within seconds."""
        self._change("Messaging", policy_metrics=targets(0.3, business=False))

    def shortens_group_targets(self) -> None:
        """Let departments work faster."""
        path = f"group_slas/policies/{self.policies['Departments 0']}"
        self.desk.put(path, {"group_sla_policy": {"policy_metrics": _group_targets(400)}})

    def makes_group_policy(self) -> None:
        """Give every department a target that has none."""
        groups = [group["id"] for group in self.desk.get("groups")["groups"]]
        self._group_policy("The rest", groups, 1200)

    def deletes_group_policy(self) -> None:
        """Take it away again."""
        self.desk.delete(f"group_slas/policies/{self.policies['The rest']}")

    def opens_earlier(self) -> None:
        """Open the office at seven."""
        self._hours(self.office, week(7, 19))

    def closes_at_noon(self) -> None:
        """Close the office at noon."""
        self._hours(self.office, week(7, 12))

    def never_closes_the_other_office(self) -> None:
        """Open the office of the messengers on weekdays only, but day and night."""
        self._hours(self.other_office, week(0, 24))

    def moves_office_to_budapest(self) -> None:
        """Let the office keep other hours; summer time begins there three weeks later."""
        self._schedule(self.office, time_zone="Budapest")

    def adds_holiday(self) -> None:
        """Close the office for two days, of which one may have begun."""
        today = self.desk.sandbox.state.clock.now().date()
        days = {"start_date": f"{today}", "end_date": f"{today + timedelta(days=1)}"}
        path = f"business_hours/schedules/{self.office['id']}/holidays"
        made = self.desk.post(path, {"holiday": {"name": "Closed", **days}})["holiday"]
        self.holidays.append(made["id"])

    def removes_holiday(self) -> None:
        """Open the office after all."""
        path = f"business_hours/schedules/{self.office['id']}/holidays/{self.holidays.pop()}"
        self.desk.delete(path)

    # how they do it

    def _policy(
        self, title: str, wanted: Record, minutes: float, *, business: bool = False, **more: Any
    ) -> None:
        asked = {
            "title": title,
            "filter": wanted,
            "policy_metrics": targets(minutes, business=business),
        }
        made = self.desk.post("slas/policies", {"sla_policy": asked | more})["sla_policy"]
        self.policies[title] = made["id"]

    def _change(self, title: str, **asked: Any) -> None:
        self.desk.put(f"slas/policies/{self.policies[title]}", {"sla_policy": asked})

    def _group_policy(self, title: str, groups: Sequence[int], seconds: int) -> None:
        wanted = only("group_id", "includes", [str(group) for group in groups])
        asked = {
            "title": title,
            "filter": {"all": wanted["all"]},
            "policy_metrics": _group_targets(seconds),
        }
        made = self.desk.post("group_slas/policies", {"group_sla_policy": asked})
        self.policies[title] = made["group_sla_policy"]["id"]

    def _trigger(
        self, conditions: Sequence[tuple[str, str, str]], actions: Sequence[tuple[str, str]]
    ) -> None:
        every = [{"field": one, "operator": two, "value": three} for one, two, three in conditions]
        asked = {
            "title": f"When {conditions}",
            "conditions": {"all": every, "any": []},
            "actions": [{"field": name, "value": value} for name, value in actions],
        }
        self.desk.post("triggers", {"trigger": asked})

    def _schedule(self, schedule: Record, **asked: Any) -> None:
        self.desk.put(f"business_hours/schedules/{schedule['id']}", {"schedule": asked})

    def _hours(self, schedule: Record, intervals: list[Record]) -> None:
        path = f"business_hours/schedules/{schedule['id']}/workweek"
        self.desk.put(path, {"workweek": {"intervals": intervals}})


def _group_targets(seconds: int) -> list[Record]:
    return [
        {
            "metric": "group_ownership_time",
            "priority": priority,
            "target": seconds * (place + 1) + place,
            "business_hours": place % 2 == 0,
        }
        for place, priority in enumerate(PRIORITIES)
    ]
