"""What commands print for machines."""

import json

import pytest

from riskdesk.output import print_json
from sync.warehouse.tables.tickets import tickets


def test_names_of_tables_and_columns_are_printed_as_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json({"table": tickets.name, tickets.c.id.name: 1})

    assert json.loads(capsys.readouterr().out) == {"table": "tickets", "id": 1}
