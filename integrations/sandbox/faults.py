"""Misbehaviour on request: lost, repeated and late deliveries, refused and failing requests."""

from pathlib import Path
from random import Random

import msgspec

from integrations.runtime.errors import BadInput

SERVER_ERRORS = range(500, 600)
RATES = ("lost", "duplicated", "delayed", "too_many_requests", "server_errors", "lost_answers")


class WebhookFaults(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How often a delivery is lost, repeated or late; rates from 0 to 1."""

    lost: float = 0.0
    duplicated: float = 0.0
    delayed: float = 0.0
    delay_seconds: tuple[float, float] = (0.5, 3.0)


class ApiFaults(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How often a request is refused (429), fails undone (5xx) or fails when done (502)."""

    too_many_requests: float = 0.0
    retry_after: str | int | float = 1
    server_errors: float = 0.0
    server_error_statuses: tuple[int, ...] = (500, 502, 503)
    lost_answers: float = 0.0


class LateEvents(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How often metric events come late, and by how many minutes."""

    rate: float = 0.0
    minutes: float = 12.0


class MetricEventFaults(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What goes wrong with metric events."""

    late_metric_events: LateEvents = LateEvents()


class Faults(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """All misbehaviour of a sandbox; the default is none."""

    webhooks: WebhookFaults = WebhookFaults()
    api: ApiFaults = ApiFaults()
    metric_events: MetricEventFaults = MetricEventFaults()


def parse_faults(source: bytes) -> Faults:
    """Read faults from JSON; BadInput names what is wrong with it."""
    try:
        faults = msgspec.json.decode(source, type=Faults)
    except msgspec.MsgspecError as error:
        raise _unusable(str(error)) from None
    for part in (faults.webhooks, faults.api):
        for rate in RATES:
            if not 0 <= getattr(part, rate, 0.0) <= 1:
                raise _unusable(f"`{rate}` is a rate and must lie between 0 and 1")
    late = faults.metric_events.late_metric_events
    if not 0 <= late.rate <= 1 or late.minutes < 0:
        raise _unusable("`late_metric_events` wants a `rate` from 0 to 1 and `minutes` from 0 on")
    low, high = faults.webhooks.delay_seconds
    if not 0 <= low <= high:
        raise _unusable("`delay_seconds` must be two numbers, the smaller first")
    if not faults.api.server_error_statuses or not all(
        status in SERVER_ERRORS for status in faults.api.server_error_statuses
    ):
        raise _unusable("`server_error_statuses` must be statuses from 500 to 599")
    return faults


def load_faults(path: Path) -> Faults:
    """Read a faults file; BadInput when it is missing or unusable."""
    try:
        source = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"The faults file {path} cannot be read: {error.strerror}.",
            hint="give the path of a JSON file; docs/sandbox.md shows one.",
        ) from None
    return parse_faults(source)


def _unusable(reason: str) -> BadInput:
    return BadInput(
        f"The faults cannot be used: {reason}.", hint="compare with the example in docs/sandbox.md."
    )


class FaultDice:
    """Decides by seeded chance which request or delivery goes wrong; `faults` may be exchanged."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self.faults = faults
        self._random = Random(seed)  # noqa: S311 - repeatable misbehaviour, nothing secret

    def strikes(self, rate: float) -> bool:
        """Return whether something of this rate happens now."""
        return rate > 0 and self._random.random() < rate

    def server_error(self) -> int:
        """Return the status of a server error."""
        return self._random.choice(self.faults.api.server_error_statuses)

    def delay(self) -> float:
        """Return by how many seconds a late delivery is late."""
        return self._random.uniform(*self.faults.webhooks.delay_seconds)
