"""What the verdict needs from the warehouse: metric events, and what the mirror has not seen."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from sync.sla.metric_events import AppliedPolicy, AppliedSla, MetricEvent
from sync.sla.schedules import to_second
from sync.sla.verdict.doubts import ALWAYS, Doubts, Seen, doubts_of
from sync.warehouse.bulk import among
from sync.warehouse.tables.cursors import sync_cursors
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.versions import schedule_versions, sla_policy_versions

EVENTS, UPDATES = "ticket_metric_events", "ticket_events"  # streams of the mirror
LIVE = "live"
COUNTABLE = (datetime(1902, 1, 1, tzinfo=UTC), datetime(2499, 1, 1, tzinfo=UTC))

_EVENT = [
    ticket_metric_events.c[name]
    for name in (
        *("id", "ticket_id", "metric", "instance_id", "type", "time", "deleted"),
        *("target_seconds", "business_hours", "policy_id"),
        *("status_calendar_minutes", "status_business_minutes"),
    )
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """How much of the account the mirror has seen.

    `known_until` is the second until which metric events were read; while the past `is_copied`
    is False, any of them may be missing.
    """

    doubts: Doubts
    known_until: int
    is_copied: bool


def load_knowledge(connection: Connection, *, now: datetime) -> Knowledge:
    """Return what the mirror knows and what it does not."""
    lanes = connection.execute(
        select(sync_cursors).where(sync_cursors.c.stream.in_((EVENTS, UPDATES)))
    ).all()
    read = [
        each.caught_up_at
        for each in lanes
        if each.stream == EVENTS and each.lane == LIVE and each.caught_up_at is not None
    ]
    past = [each for each in lanes if each.lane != LIVE]
    return Knowledge(
        doubts=load_doubts(connection),
        known_until=to_second(min([now, *read])),
        is_copied=all(each.caught_up_at is not None for each in past),
    )


def load_doubts(connection: Connection) -> Doubts:
    """Return when policies and schedules may have been otherwise than is known of them."""
    policies: defaultdict[tuple[str, str], list[Seen]] = defaultdict(list)
    noted = sla_policy_versions.c
    for row in connection.execute(select(sla_policy_versions).order_by(noted.active_from)):
        policies[row.kind, row.policy_id].append(_seen(row, to_second(row.active_from)))
    schedules: defaultdict[int, list[Seen]] = defaultdict(list)
    ordered = select(schedule_versions).order_by(schedule_versions.c.active_from)
    for row in connection.execute(ordered):
        versions = schedules[row.schedule_id]
        versions.append(_seen(row, to_second(row.active_from) if versions else ALWAYS))
    return Doubts(
        policies={key: doubts_of(f"policy {key[1]}", found) for key, found in policies.items()},
        schedules={key: doubts_of(f"schedule {key}", found) for key, found in schedules.items()},
        first_look=_first_looks(policies),
    )


def events_of(
    connection: Connection, ticket_ids: Collection[int]
) -> Mapping[int, Sequence[MetricEvent]]:
    """Return Zendesk's metric events of these tickets, the mere measures left out."""
    kept = ticket_metric_events.c
    query = select(*_EVENT).where(
        among(connection, kept.ticket_id, ticket_ids),
        kept.instance_id > 0,
        kept.type != "measure",
        kept.time.between(*COUNTABLE),
    )
    found: defaultdict[int, list[MetricEvent]] = defaultdict(list)
    for row in connection.execute(query):
        event = _event(row)
        found[event.ticket_id].append(event)
    return found


def _event(row: Sequence[Any]) -> MetricEvent:
    number, ticket_id, metric, instance, kind, time, deleted, target, hours, policy, *minutes = row
    sla = None
    if target is not None:
        sla = AppliedSla(
            target_in_seconds=target, business_hours=hours, policy=AppliedPolicy(policy)
        )
    status = None
    if kind == "update_status":
        calendar, business = minutes
        status = {"calendar": calendar, "business": business}
    return MetricEvent(number, ticket_id, metric, instance, kind, time, deleted, sla, None, status)


def _seen(row: Row[Any], active_from: float) -> Seen:
    return Seen(
        active_from=active_from,
        known_from=to_second(row.known_from),
        noted_at=to_second(row.noted_at),
        last_read_at=to_second(row.last_read_at),
        deleted_at=None if row.deleted_at is None else to_second(row.deleted_at),
    )


def _first_looks(policies: Mapping[tuple[str, str], Iterable[Seen]]) -> dict[str, int]:
    looks: dict[str, int] = {}
    for (kind, _), versions in policies.items():
        noted = min(version.noted_at for version in versions)
        looks[kind] = min(looks.get(kind, noted), noted)
    return looks
