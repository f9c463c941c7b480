"""What a sandbox is started with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.sandbox.faults import Faults


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    """One sandbox: its seed, its history, its limits, its time and how it misbehaves.

    Without `endpoint_limits` only the account and the exports have limits. `start` stops the record
    clock at an instant from which only `PUT /sandbox/clock` moves it; with a `speed` it runs on
    from there. A background job of 100 items takes `job_seconds`. `trial` limits
    webhooks as in a trial account. Closed tickets that nobody touched for `archive_after` leave the
    lists, as in Zendesk after about 120 days. With `sla_audit_events` audits also tell which SLA
    policy and targets came and went.
    """

    seed: int = 1
    tickets: int = 0
    rpm: int = 700
    rpm_incremental: int = 10
    endpoint_limits: bool = True
    job_seconds: float = 1.0
    export_lag: timedelta = timedelta(seconds=60)
    start: datetime | None = None
    speed: float | None = None
    trial: bool = False
    archive_after: timedelta | None = None
    sla_audit_events: bool = False
    faults: Faults = field(default_factory=Faults)
