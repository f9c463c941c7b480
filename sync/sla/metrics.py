"""The list of metrics; a new one is an entry here, and a rule if its life is of a new kind."""

from dataclasses import dataclass, replace

from sync.sla.choices import Choices
from sync.sla.life import UNSOLVED, Statuses
from sync.sla.names import (
    AGENT_WORK,
    FIRST_REPLY,
    GROUP_OWNERSHIP,
    NEXT_REPLY,
    PAUSABLE_UPDATE,
    PERIODIC_UPDATE,
    REQUESTER_WAIT,
    TOTAL_RESOLUTION,
)
from sync.sla.replies import first_reply, next_reply
from sync.sla.spells import (
    Rule,
    group_ownership,
    public_updates,
    public_updates_or_notes,
    whole_ticket,
)

UNLESS_PENDING = UNSOLVED - {"pending"}
WORKED_ON = UNLESS_PENDING - {"hold"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What one kind of clock is called, when it runs and whose targets it follows."""

    name: str
    title: str
    rule: Rule
    runs_in: Statuses = None  # paused in others
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
        name=PAUSABLE_UPDATE,
        title="Pausable update",
        rule=public_updates,
        runs_in=UNLESS_PENDING,
    ),
    Metric(
        name=REQUESTER_WAIT,
        title="Requester wait",
        rule=whole_ticket,
        runs_in=UNLESS_PENDING,
        resumes=True,
    ),
    Metric(
        name=AGENT_WORK,
        title="Agent work",
        rule=whole_ticket,
        runs_in=WORKED_ON,
        resumes=True,
    ),
    Metric(
        name=TOTAL_RESOLUTION,
        title="Total resolution",
        rule=whole_ticket,
        runs_in=UNSOLVED,
        resumes=True,
    ),
    Metric(
        name=GROUP_OWNERSHIP,
        title="Group ownership",
        rule=group_ownership,
        of_group=True,
    ),
)


def metrics_of(choices: Choices) -> tuple[Metric, ...]:
    """Return the metrics as they run in an account with these choices."""
    if choices.group_clock_runs_while_waiting:
        return METRICS
    return tuple(
        replace(metric, runs_in=WORKED_ON) if metric.of_group else metric for metric in METRICS
    )


BY_NAME = {metric.name: metric for metric in METRICS}
