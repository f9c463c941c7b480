"""What policies call the clocks that the events know under other names."""

from integrations.sandbox.state.metric_events import (
    GROUP,
    PAUSABLE,
    PERIODIC,
    REPLY,
    RESOLUTION,
    WAIT,
    WORK,
)

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
