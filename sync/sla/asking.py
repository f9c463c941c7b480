"""The clocks of one ticket as they stand at any moment, computed anew and not stored."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.clocks import Clock
from sync.sla.desk_clocks.compute import desk_clocks
from sync.sla.desk_clocks.loading import SHIPPED_ONLY, RulesFile
from sync.sla.desk_repository import answers_elsewhere
from sync.sla.engine import compute_all
from sync.sla.schedules import WorkingTime, to_second
from sync.sla.source import load_timelines
from sync.sla.source_all import load_rules

Hours = Mapping[tuple[int | None, int | None], WorkingTime]  # by schedule and version


def clocks_of(
    connection: Connection,
    ticket_id: int,
    *,
    now: datetime,
    desk_rules: RulesFile = SHIPPED_ONLY,
    choices: Choices = DEFAULT_CHOICES,
) -> tuple[list[Clock], Hours]:
    """Return the clocks of a ticket as they stand at `now`, and the hours they may count in.

    A ticket that is gone has none. ConfigError when the desk's own rules cannot be used.
    """
    rules = load_rules(connection, desk_rules, choices, now=now)
    timelines = list(
        load_timelines(connection, [ticket_id], roles=rules.staff, fields=rules.fields)
    )
    elsewhere = answers_elsewhere(connection, [ticket_id])
    clocks: list[Clock] = []
    for timeline, (_, found) in zip(
        timelines, compute_all(timelines, rules.book, now=now), strict=True
    ):
        _, own = desk_clocks(
            timeline, rules.desk, now=to_second(now), elsewhere=elsewhere.get(ticket_id, ())
        )
        clocks += [*found, *own]
    return clocks, rules.book.hours()
