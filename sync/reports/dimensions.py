"""What a report may be grouped by, and the columns of sla_outcomes that hold it."""

from collections.abc import Mapping
from enum import StrEnum


class By(StrEnum):
    """A dimension of a report."""

    METRIC = "metric"
    PRIORITY = "priority"
    POLICY = "policy"
    SOURCE = "source"
    GROUP = "group"
    AGENT = "agent"
    FAMILY = "family"
    SEVERITY = "severity"
    LANGUAGE = "language"
    CHANNEL = "channel"
    DAY = "day"


COLUMNS: Mapping[By, str] = {
    **{by: by.value for by in By},
    By.POLICY: "policy_title",
    By.GROUP: "group_name",
    By.AGENT: "agent_name",
}
