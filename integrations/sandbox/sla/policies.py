"""Which policy is for a ticket, and what it promises at the ticket's priority."""

from typing import TYPE_CHECKING, Any

from integrations.sandbox.sla.filters import fits
from integrations.sandbox.state.metric_events import (
    GROUP,
    PAUSABLE,
    PERIODIC,
    REPLY,
    RESOLUTION,
    WAIT,
    WORK,
    Target,
)

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record, Store

FIRST_REPLY, NEXT_REPLY = "first_reply_time", "next_reply_time"
GROUP_OWNERSHIP = "group_ownership_time"
# metric of a policy -> metric of the events; a reply is the first one in instance 1 only
MEASURED_AS = {
    FIRST_REPLY: REPLY,
    NEXT_REPLY: REPLY,
    "requester_wait_time": WAIT,
    "agent_work_time": WORK,
    "total_resolution_time": RESOLUTION,
    "periodic_update_time": PERIODIC,
    "pausable_update_time": PAUSABLE,
    GROUP_OWNERSHIP: GROUP,
}
TICKET_METRICS = tuple(name for name in MEASURED_AS if name != GROUP_OWNERSHIP)
NAMES = {number: name for name, number in MEASURED_AS.items() if number != REPLY}


def promise_name(metric: int, instance: int) -> str:
    """Return what policies call the metric of a clock."""
    if metric == REPLY:
        return FIRST_REPLY if instance == 1 else NEXT_REPLY
    return NAMES[metric]


class Promises:
    """What the policies of the account promise a ticket as it is now."""

    def __init__(self, account: "Account", ticket: "Record") -> None:
        self._policy = _first_fitting(account.sla_policies, ticket)
        self._group_policy = _first_fitting(account.group_sla_policies, ticket)
        self._targets = _targets(self._policy, ticket["priority"])
        self._targets |= _targets(self._group_policy, ticket["priority"])

    def target(self, metric: int, instance: int) -> Target | None:
        """Return the target of a clock; None without policy, priority or entry for it."""
        return self._targets.get(promise_name(metric, instance))

    def flag(self, metric: str, name: str) -> bool:
        """Return whether the policy sets a flag that changes when a clock starts or ends."""
        settings = self._policy["metric_settings"] if self._policy else None
        flags = settings.get(metric) if isinstance(settings, dict) else None
        return isinstance(flags, dict) and flags.get(name) is True


def _first_fitting(policies: "Store", ticket: "Record") -> "Record | None":
    in_order = sorted(policies.all(), key=lambda policy: (policy["position"], policy["created_at"]))
    return next((policy for policy in in_order if fits(ticket, policy["filter"])), None)


def _targets(policy: "Record | None", priority: str | None) -> dict[str, Target]:
    if policy is None or priority is None:
        return {}
    return {
        entry["metric"]: Target(
            policy["id"],
            policy["title"],
            policy["description"],
            _seconds(entry),
            bool(entry["business_hours"]),
        )
        for entry in policy["policy_metrics"]
        if entry["priority"] == priority
    }


def _seconds(entry: dict[str, Any]) -> int:
    seconds = entry.get("target_in_seconds")  # group policies have only `target`, in seconds
    return int(entry["target"] if seconds is None else seconds)
