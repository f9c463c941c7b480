"""What Zendesk calls its metrics."""

FIRST_REPLY = "first_reply_time"
NEXT_REPLY = "next_reply_time"
PERIODIC_UPDATE = "periodic_update_time"
PAUSABLE_UPDATE = "pausable_update_time"
REQUESTER_WAIT = "requester_wait_time"
AGENT_WORK = "agent_work_time"
TOTAL_RESOLUTION = "total_resolution_time"
GROUP_OWNERSHIP = "group_ownership_time"

METRIC_NAMES = frozenset(
    {
        FIRST_REPLY,
        NEXT_REPLY,
        PERIODIC_UPDATE,
        PAUSABLE_UPDATE,
        REQUESTER_WAIT,
        AGENT_WORK,
        TOTAL_RESOLUTION,
        GROUP_OWNERSHIP,
    }
)
