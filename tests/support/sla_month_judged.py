"""What must be true after a month: no difference from Zendesk that nobody can explain."""

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import Engine

from integrations.runtime.database import metadata
from integrations.sandbox.history.openings import OPENINGS
from integrations.sandbox.history.twists import TWISTS
from sync.sla.verdict.causes import Cause
from tests.support.databases import fresh_database
from tests.support.sla_account import PLAN
from tests.support.sla_month import (
    SANDBOX,
    Row,
    Watched,
    first_look,
    judged,
    told,
    under,
    watched_month,
)

A_BIG_DESK = 10_000
SEEDS = "RISKDESK_TEST_SEEDS"  # several, with spaces between
CLOCKS_OF_A_TICKET = 8  # at least so many are compared on average
# What happens to tickets, and what is told of them, must all occur in a month.
HAPPENS = (
    *("created", "soft_deleted", "undeleted", "merged", "reopened"),
    *("status open", "status pending", "status hold", "status solved", "status closed"),
    *("priority changed", "group_id changed", "requester_id changed"),
)
IS_TOLD = (
    *("breach", "breach withdrawn", "target at once", "target late", "target taken away"),
    *("target in seconds", "target in business hours", "target of a group"),
)
OPENED_BY = tuple(opening.__name__ for opening, _ in OPENINGS)
ACTS = (*OPENED_BY, *(twist.__name__ for twist, _ in TWISTS), "in_the_same_second")
# Causes that a watched month must show at its end, and on the way.
AT_THE_END = (
    *(Cause.UNSETTLED_RULE, Cause.POLICY_EDITED, Cause.SCHEDULE_EDITED),
    *(Cause.SAME_SECOND, Cause.DELETED_TICKET),
)
SHOWN = 5


def judge_a_month(engine: Engine, other: Engine, *, seed: int, complaints: int) -> str:
    """Play a month, watch it, judge the clocks, and return what was found, for people."""
    with watched_month(engine, seed=seed, complaints=complaints) as watched:
        found = _judge_watched(watched, complaints)
        at_first_sight = first_look(watched, other)
        as_zendesk = under(engine, SANDBOX, watched.copier.now)

    assert _causes(at_first_sight)[Cause.UNEXPLAINED] == 0, _some(at_first_sight)
    assert _causes(as_zendesk)[Cause.UNEXPLAINED] == 0, _some(as_zendesk)
    left = [row for row in as_zendesk if row["cause"] == Cause.UNSETTLED_RULE]
    assert not left, f"with the account's own answers chosen, none may differ: {left[:SHOWN]}"
    return "\n".join(
        [
            *found,
            f"mirrored for the first time afterwards: {_written(_causes(at_first_sight))}",
            f"with the account's own answers chosen: {_written(_causes(as_zendesk))}",
        ]
    )


def judge_a_big_month(database: str, folder: Path) -> None:
    """Judge a month of 10,000 complaints, with the seeds that the environment asks for."""
    for seed in os.environ.get(SEEDS, "1").split():
        with ExitStack() as stack:
            one, other = (stack.enter_context(fresh_database(database, folder)) for _ in range(2))
            for engine in (one, other):
                metadata.create_all(engine)
            began = time.monotonic()
            found = judge_a_month(one, other, seed=int(seed), complaints=A_BIG_DESK)
            lasted = time.monotonic() - began
            sys.stdout.write(f"\nseed {seed} on {database}, {lasted:.0f} s\n{found}\n")
            sys.stdout.flush()


def _judge_watched(watched: Watched, complaints: int) -> list[str]:
    account, engine = watched.copier.desk.sandbox.state, watched.copier.engine
    verdict, rows = judged(engine), watched.at_the_end
    kinds, acts = told(account), watched.month.acts
    midway = [row for rows in watched.midway for row in rows]

    for names, counts in ((HAPPENS, watched.happened), (IS_TOLD, kinds), (ACTS, acts)):
        missing = [name for name in names if not counts[name]]
        assert not missing, f"a month has to show {missing}"
    assert verdict.compared >= CLOCKS_OF_A_TICKET * complaints
    assert _causes([*midway, *rows])[Cause.UNEXPLAINED] == 0, _some([*midway, *rows])
    untrue = [row for row in rows if watched.untrue(row)]
    assert not untrue, f"these have other causes: {untrue[:SHOWN]}"
    missing = [cause for cause in AT_THE_END if not _causes(rows)[cause]]
    missing += [] if _causes(midway)[Cause.LATE_EVENT] else [Cause.LATE_EVENT]
    assert not missing, f"a month has to show {missing}"
    return [
        f"{len(account.tickets):,} tickets, {verdict.compared:,} clocks compared, "
        f"{len(PLAN)} edits by administrators",
        f"tickets: {_written(watched.happened)}",
        f"events: {_written(kinds)}",
        f"openings and twists: {_written(acts)}",
        f"midway: {_written(_causes(midway))}",
        f"at the end: {_written(_causes(rows))}",
    ]


def _causes(rows: Sequence[Row]) -> Counter[str]:
    return Counter(row["cause"] for row in rows)


def _some(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["cause"] == Cause.UNEXPLAINED][:SHOWN]


def _written(counts: Counter[str]) -> str:
    return ", ".join(
        f"{number:,} {name.replace('_', ' ')}" for name, number in counts.most_common()
    )
