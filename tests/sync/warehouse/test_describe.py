"""The page about the warehouse says what the tables say."""

from pathlib import Path

import pytest
from sqlalchemy import Table

from sync.warehouse.describe import describe, renewed, warehouse_tables

PAGE = Path(__file__).resolve().parents[3] / "docs" / "warehouse.md"


def test_page_is_current() -> None:
    page = PAGE.read_text("utf-8")

    assert renewed(page) == page, "run `riskdesk db describe docs/warehouse.md`"
    assert describe() in page


@pytest.mark.parametrize("table", warehouse_tables(), ids=lambda table: table.name)
def test_table_explains_itself(table: Table) -> None:
    assert table.comment
    assert "_source" not in table.c or table.c["_source"].comment
