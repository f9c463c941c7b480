"""Why our clocks and Zendesk's may differ."""

from enum import StrEnum


class Cause(StrEnum):
    """The named causes of differences; the values are what people read."""

    LATE_EVENT = "late_event"  # Zendesk writes its events minutes after an update
    NOT_YET_KNOWN = "not_yet_known"  # the warehouse lacks an update, or is still being filled
    POLICY_EDITED = "policy_edited"  # by a version of a policy that nobody saw
    SCHEDULE_EDITED = "schedule_edited"  # by a version of a schedule that nobody saw
    UNSETTLED_RULE = "unsettled_rule"  # nobody documents the rule; Zendesk does not do as we chose
    SAME_SECOND = "same_second"  # the order of events within a second cannot be told
    DELETED_TICKET = "deleted_ticket"  # Zendesk keeps the events, we keep no clocks
    UNEXPLAINED = "unexplained"


# What passes by itself, so that the ticket has to be compared again.
PASSING = (Cause.LATE_EVENT, Cause.NOT_YET_KNOWN)
