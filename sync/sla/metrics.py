"""The list of metrics; a new one is an entry here, and a rule if its life is of a new kind."""

from dataclasses import dataclass
from typing import Literal

from sync.sla.replies import FIRST_REPLY, NEXT_REPLY, first_reply, next_reply
from sync.sla.spells import (
    PERIODIC_UPDATE,
    Rule,
    RunsIn,
    group_ownership,
    staff_updates,
    staff_updates_or_notes,
    whole_ticket,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What one kind of clock is called, when it runs and whose targets it follows."""

    name: str
    title: str
    rule: Rule
    runs_in: RunsIn = None
    targets_of: Literal["ticket", "group"] = "ticket"


METRICS: tuple[Metric, ...] = (
    Metric(name=FIRST_REPLY, title="First reply", rule=first_reply),
    Metric(name=NEXT_REPLY, title="Next reply", rule=next_reply),
    Metric(name=PERIODIC_UPDATE, title="Periodic update", rule=staff_updates_or_notes),
    Metric(
        name="pausable_update_time",
        title="Pausable update",
        rule=staff_updates,
        runs_in=frozenset({"new", "open", "hold"}),
    ),
    Metric(
        name="requester_wait_time",
        title="Requester wait",
        rule=whole_ticket,
        runs_in=frozenset({"new", "open", "hold"}),
    ),
    Metric(
        name="agent_work_time",
        title="Agent work",
        rule=whole_ticket,
        runs_in=frozenset({"new", "open"}),
    ),
    Metric(
        name="total_resolution_time",
        title="Total resolution",
        rule=whole_ticket,
        runs_in=frozenset({"new", "open", "pending", "hold"}),
    ),
    Metric(
        name="group_ownership_time",
        title="Group ownership",
        rule=group_ownership,
        targets_of="group",
    ),
)
BY_NAME = {metric.name: metric for metric in METRICS}
