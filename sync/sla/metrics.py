"""The list of metrics; a new one is an entry here, and a rule if its life is of a new kind."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.sla.choices import Choices
from sync.sla.replies import FIRST_REPLY, NEXT_REPLY, first_reply, next_reply
from sync.sla.spells import (
    PERIODIC_UPDATE,
    Rule,
    group_ownership,
    public_updates,
    public_updates_or_notes,
    whole_ticket,
)

Statuses = frozenset[str] | None  # None: any


def always(_choices: Choices) -> Statuses:
    """Let a clock run in any status until it ends."""
    return None


def only(*statuses: str) -> Callable[[Choices], Statuses]:
    """Let a clock run in these statuses; it is paused in others."""
    chosen = frozenset(statuses)
    return lambda _choices: chosen


def unless_waiting(choices: Choices) -> Statuses:
    """Let a clock run in pending and on hold as the account's choice has it."""
    return None if choices.group_clock_runs_while_waiting else _WORKED_ON


_WORKED_ON = frozenset({"new", "open"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What one kind of clock is called, when it runs and whose targets it follows."""

    name: str
    title: str
    rule: Rule
    runs_in: Callable[[Choices], Statuses] = always
    resumes: bool = False  # a reopened ticket goes on in the same instance
    of_group: bool = False  # follows group policies
    flags_of: tuple[str, ...] = ()  # metrics whose optional rules say when it starts and ends


METRICS: tuple[Metric, ...] = (
    Metric(name=FIRST_REPLY, title="First reply", rule=first_reply, flags_of=(FIRST_REPLY,)),
    Metric(
        name=NEXT_REPLY,
        title="Next reply",
        rule=next_reply,
        flags_of=(FIRST_REPLY, NEXT_REPLY),
    ),
    Metric(
        name=PERIODIC_UPDATE,
        title="Periodic update",
        rule=public_updates_or_notes,
        flags_of=(PERIODIC_UPDATE,),
    ),
    Metric(
        name="pausable_update_time",
        title="Pausable update",
        rule=public_updates,
        runs_in=only("new", "open", "hold"),
    ),
    Metric(
        name="requester_wait_time",
        title="Requester wait",
        rule=whole_ticket,
        runs_in=only("new", "open", "hold"),
        resumes=True,
    ),
    Metric(
        name="agent_work_time",
        title="Agent work",
        rule=whole_ticket,
        runs_in=only("new", "open"),
        resumes=True,
    ),
    Metric(
        name="total_resolution_time",
        title="Total resolution",
        rule=whole_ticket,
        runs_in=only("new", "open", "pending", "hold"),
        resumes=True,
    ),
    Metric(
        name="group_ownership_time",
        title="Group ownership",
        rule=group_ownership,
        runs_in=unless_waiting,
        of_group=True,
    ),
)
BY_NAME = {metric.name: metric for metric in METRICS}
