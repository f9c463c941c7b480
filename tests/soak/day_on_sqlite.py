"""A day with every fault and fifty kills, on SQLite: at its end nothing differs."""

from pathlib import Path

import pytest

from tests.support.day_judged import judge_a_day

pytestmark = pytest.mark.slow


def test_after_a_day_of_faults_and_kills_the_warehouse_equals_zendesk_on_sqlite(
    tmp_path: Path,
) -> None:
    judge_a_day("sqlite", tmp_path)
