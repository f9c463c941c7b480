"""Random lives of tickets: the metric events fold into the clocks that a plain reckoning gives.

The reckoning looks at the whole life at once, as spans of statuses and a list of comments; it
knows nothing of events, and nothing of the machine that writes them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.runtime.clock import format_instant
from tests.support.metric_events import fold, second
from tests.support.sla_stage import AGENT, CUSTOMER, OPENED, OTHER_AGENT, Stage, target

START = second(OPENED)
# odd seconds: no deadline falls on the second of an update, where Zendesk's answer is not known
TARGETS = {
    "first_reply_time": 3607,
    "next_reply_time": 1807,
    "requester_wait_time": 7207,
    "agent_work_time": 5407,
    "total_resolution_time": 9007,
    "periodic_update_time": 4207,
    "pausable_update_time": 3007,
}
RUNS_IN = {
    "requester_wait_time": ("new", "open", "hold"),
    "agent_work_time": ("new", "open"),
    "total_resolution_time": ("new", "open", "pending", "hold"),
}
UNSOLVED = ("new", "open", "pending", "hold")

Spans = list[tuple[int, int]]


@dataclass(frozen=True)
class Step:
    """One update: when, who, the status after it, and whether something is said in public."""

    at: int
    by: int
    status: str
    public: bool | None


@st.composite
def lives(draw: st.DrawFn) -> list[Step]:
    """Return a believable life: a customer who writes to a ticket that waits opens it again."""
    steps, at, status = [], START, "new"
    for _ in range(draw(st.integers(0, 9))):
        at += 60 * draw(st.integers(1, 90))
        by = draw(st.sampled_from([CUSTOMER, AGENT, OTHER_AGENT]))
        if by == CUSTOMER:
            status = "open" if status != "new" else status
            steps.append(Step(at, by, status, public=True))
            continue
        status = draw(st.sampled_from(["open", "pending", "hold", "solved"]))
        steps.append(Step(at, by, status, draw(st.sampled_from([None, False, True]))))
    return steps


def status_spans(steps: list[Step], now: int, wanted: tuple[str, ...]) -> Spans:
    """Return the spans in which the ticket had one of the statuses, until now."""
    marks = [(START, "new"), *((step.at, step.status) for step in steps), (now, "")]
    return [
        (since, until)
        for (since, status), (until, _) in pairwise(marks)
        if status in wanted and since < until
    ]


def within(spans: Spans, since: int, until: int) -> Spans:
    clipped = [(max(since, start), min(until, end)) for start, end in spans]
    return [(start, end) for start, end in clipped if start < end]


def used_up(spans: Spans, seconds: int) -> int | None:
    """Return the instant at which so many seconds of the spans have passed."""
    for start, end in spans:
        if end - start >= seconds:
            return start + seconds
        seconds -= end - start
    return None


def clock(
    name: str, instance: int, life: tuple[int, int | None], spans: Spans, now: int, *, runs: bool
) -> Any:
    """Return a clock of which the start, perhaps the end, and the running spans are known."""
    started, ended = life
    spent = sum(end - start for start, end in spans)
    broken = used_up(spans, TARGETS[name])
    state = "achieved" if ended is not None else "active" if runs else "paused"
    left = TARGETS[name] - spent
    return {
        "metric": name,
        "instance": instance,
        "policy_id": 1,
        "target_seconds": TARGETS[name],
        "started_at": text(started),
        "elapsed_seconds": spent,
        "breached": broken is not None,
        "breach_at": broken and text(broken),
        "due_at": text(now + left) if state == "active" and broken is None else None,
        "fulfilled_at": ended and text(ended),
        "state": state,
    }


def text(instant: int) -> str:
    return format_instant(datetime.fromtimestamp(instant, UTC))


def reckoned(steps: list[Step], now: int) -> list[Any]:
    status = steps[-1].status if steps else "new"
    return [
        *waits(steps, now, status),
        *replies(steps, now),
        *updates(steps, now, status),
    ]


def waits(steps: list[Step], now: int, status: str) -> list[Any]:
    statuses = ["new", *(step.status for step in steps)]
    solvings = [
        step.at
        for before, step in zip(statuses, steps, strict=False)
        if step.status == "solved" != before
    ]
    life = (START, solvings[-1] if status == "solved" else None)
    return [
        clock(name, 1, life, status_spans(steps, now, wanted), now, runs=status in wanted)
        for name, wanted in RUNS_IN.items()
    ]


def ends(step: Step) -> bool:
    return step.status == "solved" or (step.by != CUSTOMER and step.public is True)


def replies(steps: list[Step], now: int) -> list[Any]:
    found: list[Any] = []
    since: int | None = START
    for step in [*steps, None]:
        if since is not None and (step is None or ends(step)):
            name, number = ("next_reply_time", len(found)) if found else ("first_reply_time", 1)
            until, ended = (now, None) if step is None else (step.at, step.at)
            spans = [(since, until)]
            found.append(clock(name, number, (since, ended), spans, now, runs=True))
            since = None
        elif since is None and step is not None and step.by == CUSTOMER:
            since = step.at
    return found


def updates(steps: list[Step], now: int, status: str) -> list[Any]:
    found = []
    for name, statuses in (
        ("periodic_update_time", UNSOLVED),
        ("pausable_update_time", ("new", "open", "hold")),
    ):
        since, instance = None, 0
        for step in [*steps, None]:
            if since is not None and (step is None or ends(step)):
                instance += 1
                until, ended = (now, None) if step is None else (step.at, step.at)
                spans = within(status_spans(steps, now, statuses), since, until)
                life = (since, ended)
                found.append(clock(name, instance, life, spans, now, runs=status in statuses))
                since = None
            if step is not None and step.status != "solved" and ends(step):
                since = step.at
    return found


@settings(max_examples=100, deadline=None)
@given(life=lives(), wait=st.integers(0, 400))
def test_folded_events_are_the_clocks_that_a_plain_reckoning_gives(
    life: list[Step], wait: int
) -> None:
    stage = Stage(OPENED)
    stage.policy(*(target(name, seconds) for name, seconds in TARGETS.items()))
    stage.open(priority="normal")
    for number, step in enumerate(life):
        stage.step(step.at)
        status = {} if step.status == "new" else {"status": step.status}
        stage.update(by=step.by, public=step.public, tags=[f"step{number}"], **status)
    now = (life[-1].at if life else START) + 60 * wait
    stage.step(now)

    found = fold(stage.events(), now)

    def key(one: Any) -> Any:
        return one["metric"], one["instance"]

    assert sorted(found, key=key) == sorted(reckoned(life, now), key=key)
