"""Reads ticket metric events as clocks: the published way to fold them, and nothing of ours."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from integrations.runtime.clock import parse_instant

IN_ONE_SECOND = "apply_sla apply_group_sla activate pause fulfill breach update_status".split()

Span = tuple[int, int]


def second(text: str) -> int:
    """Return an instant as epoch second."""
    return int(parse_instant(text).timestamp())


def fold(
    events: Iterable[dict[str, Any]],
    now: int,
    open_seconds: Callable[[int, int], int] | None = None,
) -> list[dict[str, Any]]:
    """Return the clocks of one ticket at an instant; `open_seconds` counts business time."""
    by_clock = defaultdict(list)
    for event in {event["id"]: event for event in events}.values():
        if event["instance_id"] > 0 and not event["deleted"] and event["type"] != "measure":
            by_clock[event["metric"], event["instance_id"]].append(event)
    clocks = [_clock(key, found, now, open_seconds) for key, found in by_clock.items()]
    return [clock for clock in clocks if clock is not None]


def _clock(
    key: tuple[str, int],
    events: list[dict[str, Any]],
    now: int,
    open_seconds: Callable[[int, int], int] | None,
) -> dict[str, Any] | None:
    events = sorted(
        events,
        key=lambda event: (second(event["time"]), IN_ONE_SECOND.index(event["type"]), event["id"]),
    )
    past = [event for event in events if second(event["time"]) <= now]
    starts = [event for event in past if event["type"] == "activate"]
    if not starts:
        return None
    target = _last_target(past)
    state, spans, fulfilled_at = _walk(past, now)
    counts_business = bool(target and target["business_hours"] and open_seconds)
    elapsed = sum(
        open_seconds(*span) if counts_business and open_seconds else span[1] - span[0]
        for span in spans
    )
    breaches = [event["time"] for event in events if event["type"] == "breach"]
    broken = [time for time in breaches if second(time) <= now]
    coming = [time for time in breaches if second(time) > now]
    name, instance = policy_name(*key)
    return {
        "metric": name,
        "instance": instance,
        "policy_id": target and target["policy"]["id"],
        "target_seconds": target and target["target_in_seconds"],
        "started_at": starts[0]["time"],
        "elapsed_seconds": elapsed,
        "breached": bool(broken),
        "breach_at": broken[0] if broken else None,
        "due_at": coming[0] if coming and state == "active" else None,
        "fulfilled_at": fulfilled_at,
        "state": state,
    }


def _last_target(events: list[dict[str, Any]]) -> dict[str, Any] | None:
    applied = [event for event in events if event["type"].startswith("apply")]
    if not applied:
        return None
    found: dict[str, Any] | None = applied[-1].get("sla") or applied[-1].get("group_sla")
    return found


def _walk(events: list[dict[str, Any]], now: int) -> tuple[str, list[Span], str | None]:
    state, spans, since, fulfilled_at = "none", [], None, None
    for event in events:
        if event["type"] == "activate":
            state, fulfilled_at = "active", None
            since = second(event["time"]) if since is None else since
        elif event["type"] in ("pause", "fulfill"):
            if since is not None:
                spans.append((since, second(event["time"])))
            since = None
            is_end = event["type"] == "fulfill"
            state, fulfilled_at = ("achieved", event["time"]) if is_end else ("paused", None)
    if since is not None:
        spans.append((since, now))
    return state, spans, fulfilled_at


def policy_name(metric: str, instance: int) -> tuple[str, int]:
    """Return what policies call a clock: the reply after the first is a next reply."""
    if metric == "reply_time":
        return ("first_reply_time", 1) if instance == 1 else ("next_reply_time", instance - 1)
    return metric.replace("resolution_time", "total_resolution_time"), instance
