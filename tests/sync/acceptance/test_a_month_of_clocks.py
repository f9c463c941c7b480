"""A month of a small desk: our clocks differ from Zendesk's only where the cause is known."""

from pathlib import Path

from sqlalchemy import Engine

from integrations.runtime.database import metadata
from tests.support.databases import fresh_sqlite
from tests.support.sla_month_judged import judge_a_month

COMPLAINTS, SEED = 240, 7


def test_every_difference_from_zendesk_has_its_true_cause(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    with fresh_sqlite(tmp_path) as other:
        metadata.create_all(other)
        found = judge_a_month(sqlite_engine, other, seed=SEED, complaints=COMPLAINTS)

    assert "clocks compared" in found
