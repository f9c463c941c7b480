"""What a sandbox is started with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.sandbox.faults import Faults


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    """One sandbox: its seed, its history, its limits and how it misbehaves.

    `start` stops the record clock at an instant from which only `PUT /sandbox/clock` moves it.
    """

    seed: int = 1
    tickets: int = 0
    rpm: int = 700
    rpm_incremental: int = 10
    export_lag: timedelta = timedelta(seconds=60)
    start: datetime | None = None
    faults: Faults = field(default_factory=Faults)
