"""Runs the demo: sets the stage, plays the day, waits until all is done, sums up."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from integrations.runtime.database import reading
from integrations.runtime.settings import Settings
from riskdesk.demo import tally
from riskdesk.demo.calls import Calls
from riskdesk.demo.complaints import Reading
from riskdesk.demo.gather import gather, untouched
from riskdesk.demo.player import Played, play, set_clock
from riskdesk.demo.script import Script, build_script
from riskdesk.demo.stage import Stage, set_stage
from riskdesk.demo.summary import Summary
from sync.mirror.cursors import LIVE
from sync.mirror.second_looks import noted
from sync.streams.registry import STREAMS
from sync.streams.stream import SOON
from sync.warehouse.tables.cursors import sync_cursors

MOST_BACKLOG = 6  # deliveries; the day must not run away from the desk
ASK_EVERY = 2  # steps
EXPORT_LAG = timedelta(seconds=61)
PATIENCE_S = 600.0

Report = Callable[[str, int, int], None]  # phase, done, total


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a person asked of the demo."""

    seed: int = 7
    kill: bool = False  # kill -9 the desk in the middle of the day


def run_demo(reading_: Reading, person: Settings, wish: Wish, *, report: Report) -> Summary:
    """Play the complaints and return what came of them; nothing is left running or behind."""
    script = build_script(reading_.complaints, seed=wish.seed)
    started = time.monotonic()
    report("starting sandbox, receiver, worker and sync", 0, 1)
    with set_stage(script, person, seed=wish.seed) as stage:
        played = _play(script, stage, wish, report)
        _settle(script, stage, report)
        return _summary(script, stage, played, reading_, started)


def _play(script: Script, stage: Stage, wish: Wish, report: Report) -> Played:
    steps = len(script.steps)
    taken = 0

    def room() -> None:
        nonlocal taken
        taken += 1
        if wish.kill and taken == steps // 2:
            stage.desk.kill()
            stage.start_desk()
        if taken % ASK_EVERY == 0:
            while stage.backlog() > MOST_BACKLOG:
                time.sleep(0.02)

    return play(
        script,
        stage.sandbox_url,
        room=room,
        report=lambda done, total: report("playing the day", done, total),
    )


def _settle(script: Script, stage: Stage, report: Report) -> None:
    """Let the exports show the day's last minute, and the desk finish what it finds there."""
    evening = script.end + EXPORT_LAG
    calls = Calls(stage.sandbox_url)
    set_clock(calls, evening)
    parts = ("deliveries to arrive", "polling to catch up", "the desk to finish")
    conditions: Sequence[Callable[[], bool]] = (
        lambda: not stage.sandbox_state()["deliveries"]["queued"],
        lambda: _has_synced(stage, since=evening),
        lambda: stage.backlog() == 0 and not untouched(stage.engine),
    )
    for number, (what, is_done) in enumerate(zip(parts, conditions, strict=True)):
        report(f"waiting for {what}", number, len(parts))
        stage.wait_until(is_done, what=what, timeout_s=PATIENCE_S)
    # What riskdesk did last is in the warehouse through its own answers; now through sync too.
    # It may do something then, remind somebody say: that wants one more sync.
    for moment in (evening + EXPORT_LAG, evening + 2 * EXPORT_LAG):
        set_clock(calls, moment)
        stage.wait_until(
            partial(_is_at_rest, stage, moment), what="the last sync", timeout_s=PATIENCE_S
        )
    report("waiting for the last sync", len(parts), len(parts))


def _is_at_rest(stage: Stage, since: datetime) -> bool:
    return _has_synced(stage, since=since) and stage.backlog() == 0


def _has_synced(stage: Stage, *, since: datetime) -> bool:
    """Tell whether all that changed was read to its end after that moment of Zendesk's clock."""
    soon = [each.name for each in STREAMS if each.tells_changes and each.freshness <= SOON]
    live = sync_cursors.c.lane == LIVE, sync_cursors.c.stream.in_(soon)
    with reading(stage.engine) as connection:
        moments = connection.scalars(select(sync_cursors.c.caught_up_at).where(*live)).all()
    is_read = bool(moments) and all(at is not None and at >= since for at in moments)
    return is_read and not noted(stage.engine)  # what was redacted is read anew after the pages


def _summary(
    script: Script, stage: Stage, played: Played, source: Reading, started: float
) -> Summary:
    found = gather(stage, script, played)
    return Summary(
        complaints=len(script.complaints),
        steps=played.steps,
        day_start=script.start,
        day_end=script.end,
        duration_s=round(time.monotonic() - started, 1),
        bad_lines=source.bad_lines,
        results=found.results,
        families=tally.family_rows(found.results),
        drafts=tally.draft_rows(found.results),
        escalations=tally.escalation_rows(found.escalations, now=script.end),
        sla=tally.sla_rows(found.clocks),
        deliveries=found.findings.deliveries,
        checks=tally.checks(found.findings),
    )
