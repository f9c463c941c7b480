"""Which policy is for a ticket, and what it promises at the ticket's priority."""

from typing import TYPE_CHECKING, Any

from integrations.sandbox.rules.conditions import meets
from integrations.sandbox.rules.facts import Facts
from integrations.sandbox.sla.names import promise_name
from integrations.sandbox.state.metric_events import Target

if TYPE_CHECKING:
    from integrations.sandbox.state.store import Record, Store


class Promises:
    """What the policies of the account promise a ticket as it is now."""

    def __init__(self, facts: Facts) -> None:
        self._policy = _first_fitting(facts.account.sla_policies, facts)
        group_policy = _first_fitting(facts.account.group_sla_policies, facts)
        priority = facts.record["priority"]
        self._targets = _targets(self._policy, priority) | _targets(group_policy, priority)

    def target(self, metric: int, instance: int) -> Target | None:
        """Return the target of a clock; None without policy, priority or entry for it."""
        return self._targets.get(promise_name(metric, instance))

    def flag(self, metric: str, name: str) -> bool:
        """Return whether the policy sets a flag that changes when a clock starts or ends."""
        settings = self._policy["metric_settings"] if self._policy else None
        flags = settings.get(metric) if isinstance(settings, dict) else None
        return isinstance(flags, dict) and flags.get(name) is True


def _first_fitting(policies: "Store", facts: Facts) -> "Record | None":
    in_order = sorted(policies.all(), key=lambda policy: (policy["position"], policy["created_at"]))
    return next(
        (policy for policy in in_order if meets(facts.account, policy["filter"])(facts)), None
    )


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
