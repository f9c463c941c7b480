"""Whether complaints, or how well triage reads them, are other than in the weeks before."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Connection, func, select

from automations.learning.labels import desk_labels
from automations.pipeline.tables import assessments

ABSTAINED: Final = "?"
WEEKS_BEFORE: Final = 8  # that a week is compared with
_LEAST: Final = 30  # tickets of a week; fewer say nothing
_STRIKING: Final = 3.0  # standard errors
_SMALL: Final = 0.03  # a change of a share that nobody needs to hear of


class Reading(msgspec.Struct, frozen=True):
    """One ticket as triage first read it."""

    at: datetime
    code: str  # reason, else family, else "?"
    confidence_permille: int
    corrected: bool


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """One week beside those before it."""

    begins: datetime
    tickets: int
    shares: dict[str, float]  # by family, "?" abstained
    reasons: dict[str, int]
    confidence: float | None  # mean
    corrected: float | None  # share of tickets whose reason a person changed
    abstained: float | None
    moved: float | None  # share of tickets that fall elsewhere than in the weeks before
    striking: tuple[str, ...]


def drift(connection: Connection, *, since: datetime, now: datetime) -> list[Week]:
    """Return every week from `since` on, each beside the eight before it."""
    first = _monday(since) - timedelta(weeks=WEEKS_BEFORE)
    return list(weeks_of(_readings(connection, first), since=_monday(since), until=now))


def weeks_of(readings: Iterable[Reading], *, since: datetime, until: datetime) -> Iterator[Week]:
    """Yield the weeks between, compared; pure."""
    by_week: dict[datetime, list[Reading]] = {}
    for reading in readings:
        by_week.setdefault(_monday(reading.at), []).append(reading)
    begins = since
    while begins <= until:
        before = [
            reading
            for back in range(1, WEEKS_BEFORE + 1)
            for reading in by_week.get(begins - timedelta(weeks=back), ())
        ]
        yield _week(begins, by_week.get(begins, []), before)
        begins += timedelta(weeks=1)


def _week(begins: datetime, mine: Sequence[Reading], before: Sequence[Reading]) -> Week:
    shares, usual = _shares(mine), _shares(before)
    enough = len(mine) >= _LEAST and len(before) >= _LEAST
    families = shares.keys() | usual.keys()
    apart = sum(abs(shares.get(f, 0.0) - usual.get(f, 0.0)) for f in families) / 2
    return Week(
        begins=begins,
        tickets=len(mine),
        shares=shares,
        reasons=dict(Counter(reading.code for reading in mine).most_common()),
        confidence=_mean([r.confidence_permille / 1000 for r in mine]),
        corrected=_mean([float(r.corrected) for r in mine]),
        abstained=_mean([float(r.code == ABSTAINED) for r in mine]),
        moved=apart if enough else None,
        striking=tuple(_striking(mine, before)) if enough else (),
    )


def _striking(mine: Sequence[Reading], before: Sequence[Reading]) -> Iterator[str]:
    """Yield what changed more than chance explains."""
    for family in sorted({r.code[0] for r in (*mine, *before)}):
        name = "abstained" if family == ABSTAINED else f"family {family}"
        yield from _moved(
            name, [r.code[0] == family for r in mine], [r.code[0] == family for r in before]
        )
    yield from _moved("corrected", [r.corrected for r in mine], [r.corrected for r in before])
    sure = [r.confidence_permille >= 500 for r in mine]  # noqa: PLR2004 - half sure
    yield from _moved("sure answers", sure, [r.confidence_permille >= 500 for r in before])  # noqa: PLR2004


def _moved(name: str, mine: Sequence[bool], before: Sequence[bool]) -> Iterator[str]:
    now, usual = sum(mine) / len(mine), sum(before) / len(before)
    pooled = (sum(mine) + sum(before)) / (len(mine) + len(before))
    error = (pooled * (1 - pooled) * (1 / len(mine) + 1 / len(before))) ** 0.5
    if error and abs(now - usual) > max(_SMALL, _STRIKING * error):
        yield f"{name}: {usual:.0%} → {now:.0%}"


def _shares(readings: Sequence[Reading]) -> dict[str, float]:
    counts = Counter(reading.code[0] for reading in readings)
    return {family: count / len(readings) for family, count in sorted(counts.items())}


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _monday(moment: datetime) -> datetime:
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def _readings(connection: Connection, first: datetime) -> list[Reading]:
    """Return how triage first read every ticket, and whether a person then changed its reason."""
    corrected = {one.ticket_id for one in desk_labels(connection) if one.corrects is not None}
    earliest = select(func.min(assessments.c.id)).group_by(assessments.c.ticket_id)
    query = select(
        assessments.c.ticket_id,
        assessments.c.family,
        assessments.c.reason,
        assessments.c.confidence_permille,
        assessments.c.assessed_at,
    ).where(assessments.c.id.in_(earliest), assessments.c.assessed_at >= first)
    return [
        Reading(
            row.assessed_at,
            row.reason or row.family or ABSTAINED,
            row.confidence_permille,
            row.ticket_id in corrected,
        )
        for row in connection.execute(query)
    ]
