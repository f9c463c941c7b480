"""An account loses its exports in the middle of its life, and runs by lists stop anywhere."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from sync.mirror import engine as mirror
from sync.mirror.engine import Shift
from sync.warehouse.tables.cursors import sync_cursors
from sync.warehouse.tables.tickets import tickets
from tests.support.copying import copying, count, import_tickets
from tests.support.mirror import rows
from tests.support.two_sources import TwoMirrors, two_mirrors
from tests.sync.sources.test_lists import past

LOST = {"api": {"rules": [{"fault": "refused", "path": "incremental/*"}]}}
RUNS = 12


class KilledError(Exception):
    """The process is gone."""


def die(_stream: str, _rows: int) -> None:
    raise KilledError


def test_an_account_that_loses_its_exports_goes_on_by_lists(any_engine: Engine) -> None:
    with copying(any_engine, tickets=20) as copier:
        copier.sync()
        copier.desk.put("/sandbox/faults", LOST)
        made = copier.desk.ticket()["id"]
        refused = copier.run("tickets")["tickets"]
        copier.later()
        both = TwoMirrors(copier, any_engine)
        both.sync()
        copier.requests()
        both.sync()
        again = copier.requests()

    assert refused.error
    assert count(any_engine, tickets, id=made) == 1
    assert not any(path.startswith("incremental") for path in again)
    assert again["tickets"] <= 2  # from the last good time on, and a sweep


def test_runs_that_stop_after_every_page_copy_everything(
    any_engine: Engine, tmp_path: Path
) -> None:
    with two_mirrors(any_engine, tmp_path) as both:
        made = import_tickets(both.copier.desk, [past(1) for _ in range(350)])
        both.copier.later()
        source = both.source
        streams = [each for each in source.streams if each.name == "tickets"]
        for _ in range(RUNS):
            with suppress(KilledError):
                mirror.run(
                    *(any_engine, source, streams),
                    now=both.copier.now,
                    shift=Shift(only_due=True, length=timedelta(minutes=1)),
                    progress=die,
                )

    assert count(any_engine, tickets) == len(made)
    assert {row["lane"]: row["caught_up_at"] is None for row in rows(any_engine, sync_cursors)} == {
        "backfill": False,
        "live": False,
    }


def test_a_sweep_waits_until_what_changes_and_the_past_are_copied(
    any_engine: Engine, tmp_path: Path
) -> None:
    with two_mirrors(any_engine, tmp_path) as both:
        import_tickets(both.copier.desk, [past(1) for _ in range(250)])
        both.copier.later()
        both.copier.requests()
        both.sync("tickets", "ticket_sweep")
        asked = [each["sort"] for each in both.copier.queries("tickets")]

    assert asked == sorted(asked, reverse=True)  # updated_at, and only then id
    assert asked.count("id") == 3
