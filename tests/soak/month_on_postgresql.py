"""A month of a big desk, on PostgreSQL: every difference from Zendesk has a known cause."""

from pathlib import Path

import pytest

from tests.support.sla_month_judged import judge_a_big_month

pytestmark = pytest.mark.slow


def test_every_difference_of_a_big_month_has_its_true_cause_on_postgresql(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        judge_a_big_month("postgresql", tmp_path)
