"""What a clock is: one instance of one metric on one ticket, as it stands at an instant.

Instants are whole seconds since 1970, UTC; they become datetimes where they are shown or stored.
"""

from enum import StrEnum

import msgspec

INSTANTS = ("started_at", "breach_at", "due_at", "fulfilled_at")


class Phase(StrEnum):
    """How a clock stands; the values are the states people read."""

    ACTIVE = "active"
    PAUSED = "paused"
    ACHIEVED = "achieved"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Whose rule a clock follows."""

    ZENDESK = "zendesk"
    DESK = "desk"
    REGULATION = "regulation"


class AppliedTarget(msgspec.Struct, gc=False):
    """A target that a clock was given at an update; without seconds: it was taken away."""

    applied_at: int
    policy_id: int | str | None = None
    policy_title: str | None = None
    priority: str | None = None
    target_seconds: int | None = None
    business_hours: bool = False
    schedule_id: int | None = None
    schedule_version: int | None = None


class Clock(msgspec.Struct, gc=False):
    """One clock of a ticket at the instant asked about; durations are whole seconds.

    An unknown clock has `unknown_reason`, and None for everything that would be a guess.
    """

    metric: str
    instance: int
    state: Phase
    started_at: int | None = None
    elapsed_seconds: int | None = None
    breached: bool | None = None
    breach_at: int | None = None
    due_at: int | None = None
    fulfilled_at: int | None = None
    policy_id: int | str | None = None
    policy_title: str | None = None
    priority: str | None = None
    target_seconds: int | None = None
    business_hours: bool | None = None
    schedule_id: int | None = None
    schedule_version: int | None = None  # second from which the schedule holds; 0: its first one
    paused_spells: list[tuple[int, int | None]] = []  # until None: it is still paused
    targets: list[AppliedTarget] = []  # in the order in which they came
    source: Source = Source.ZENDESK
    unknown_reason: str | None = None

    @property
    def remaining_seconds(self) -> int | None:
        """What is left of the target, negative when overdue; None without a target."""
        if self.target_seconds is None or self.elapsed_seconds is None:
            return None
        return self.target_seconds - self.elapsed_seconds
