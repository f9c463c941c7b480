"""Misbehaviour on request: deliveries, requests, jobs and metric events that go wrong."""

from collections import Counter
from pathlib import Path
from random import Random

import msgspec

from integrations.runtime.errors import BadInput
from integrations.sandbox.fault_rules import AnyRule, Request, ServerError, TooManyRequests
from integrations.sandbox.state.webhooks.event_types import PREFIX, is_event_type

RATES = (
    "lost duplicated delayed reordered too_many_requests server_errors lost_answers failed killed "
    "rate repeated"
).split()


class WebhookFaults(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How often a delivery is lost, repeated, late or overtaken by the next; rates from 0 to 1.

    `only` names the events that go wrong, such as "ticket.comment_added"; empty means all.
    """

    lost: float = 0.0
    duplicated: float = 0.0
    delayed: float = 0.0
    delay_seconds: tuple[float, float] = (0.5, 3.0)
    reordered: float = 0.0
    only: tuple[str, ...] = ()

    def concerns(self, event_type: str) -> bool:
        """Return whether deliveries of this event type may go wrong."""
        return not self.only or event_type.removeprefix(PREFIX) in self.only


class ApiFaults(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What goes wrong with requests.

    Three rates say how often any request is refused (429), fails undone (5xx) or fails when done
    (502); `rules` say it exactly, and come first.
    """

    too_many_requests: float = 0.0
    retry_after: str | int | float = 1
    server_errors: float = 0.0
    server_error_statuses: tuple[int, ...] = (500, 502, 503)
    lost_answers: float = 0.0
    rules: tuple[AnyRule, ...] = ()

    def all_rules(self) -> tuple[AnyRule, ...]:
        """Return the rules, the three rates among them."""
        return (
            *self.rules,
            TooManyRequests(rate=self.too_many_requests, retry_after=self.retry_after),
            ServerError(
                rate=self.server_errors,
                statuses=self.server_error_statuses,
                retry_after=self.retry_after,
            ),
            ServerError(rate=self.lost_answers, statuses=(502,), done=True),
        )


class JobFaults(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How often a background job ends badly; its work was done all the same."""

    failed: float = 0.0
    killed: float = 0.0


class LateEvents(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How often metric events come late, and by how many minutes."""

    rate: float = 0.0
    minutes: float = 12.0


class MetricEventFaults(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What goes wrong with metric events: some come late, some stand twice on a page."""

    late_metric_events: LateEvents = LateEvents()
    repeated: float = 0.0


class Faults(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """All misbehaviour of a sandbox; the default is none."""

    webhooks: WebhookFaults = WebhookFaults()
    api: ApiFaults = ApiFaults()
    jobs: JobFaults = JobFaults()
    metric_events: MetricEventFaults = MetricEventFaults()


def parse_faults(source: bytes) -> Faults:
    """Read faults from JSON; BadInput names what is wrong with it."""
    try:
        faults = msgspec.json.decode(source, type=Faults)
    except msgspec.MsgspecError as error:
        raise _unusable(str(error)) from None
    late = faults.metric_events.late_metric_events
    for part in (faults.webhooks, faults.api, faults.jobs, faults.metric_events, late):
        for rate in RATES:
            if not 0 <= getattr(part, rate, 0.0) <= 1:
                raise _unusable(f"`{rate}` is a rate and must lie between 0 and 1")
    if late.minutes < 0:
        raise _unusable("`minutes` must be 0 or more")
    low, high = faults.webhooks.delay_seconds
    if not 0 <= low <= high:
        raise _unusable("`delay_seconds` must be two numbers, the smaller first")
    unknown = [name for name in faults.webhooks.only if not is_event_type(f"{PREFIX}{name}")]
    if unknown:
        raise _unusable(f"`only` names {unknown[0]!r}, which is no event")
    for rule in faults.api.all_rules():
        if complaint := rule.complaint():
            raise _unusable(complaint)
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
    """Decides by seeded chance and by counting what goes wrong; `faults` may be exchanged."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - repeatable misbehaviour, nothing secret
        # requests have a chance of their own: deliveries run on threads, in any order
        self._of_requests = Random(f"requests {seed}")  # noqa: S311 - same
        self.struck: Counter[str] = Counter()
        self.faults = faults

    @property
    def faults(self) -> Faults:
        """What goes wrong; setting it begins all counts anew."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._faults = faults
        self._rules = faults.api.all_rules()
        self._seen = [0] * len(self._rules)
        self._hit = [0] * len(self._rules)

    def strikes(self, rate: float) -> bool:
        """Return whether something of this rate happens now."""
        return rate > 0 and self._random.random() < rate

    def delay(self) -> float:
        """Return by how many seconds a late delivery is late."""
        return self._random.uniform(*self.faults.webhooks.delay_seconds)

    def job_outcome(self) -> str:
        """Return how a new background job will end."""
        if self.strikes(self.faults.jobs.failed):
            return "failed"
        return "killed" if self.strikes(self.faults.jobs.killed) else "completed"

    def rule_for(self, request: Request) -> AnyRule | None:
        """Return the first rule that strikes a request, and count it."""
        for number, rule in enumerate(self._rules):
            if rule.rate > 0 and rule.matches(request) and self._falls(number, rule):
                self.struck[str(type(rule).__struct_config__.tag)] += 1
                return rule
        return None

    def _falls(self, number: int, rule: AnyRule) -> bool:
        self._seen[number] += 1
        used_up = rule.count is not None and self._hit[number] >= rule.count
        if self._seen[number] <= rule.skip or used_up or self._of_requests.random() >= rule.rate:
            return False
        self._hit[number] += 1
        return True

    def server_error(self, statuses: tuple[int, ...]) -> int:
        """Return the status of a server error."""
        return self._of_requests.choice(statuses)

    def metric_events_late_by(self) -> float:
        """Return by how many seconds the metric events of an update come too late.

        Zendesk was seen to be late by 11 to 13 minutes: a twelfth more or less than 12.
        """
        late = self.faults.metric_events.late_metric_events
        if not self.strikes(late.rate):
            return 0.0
        return late.minutes * 60 * self._random.uniform(11, 13) / 12

    def metric_event_is_repeated(self) -> bool:
        """Return whether an export tells of an event a second time."""
        return self.strikes(self.faults.metric_events.repeated)
