"""Reports as files: what a spreadsheet could run is text, and charts show what they should."""

import xml.etree.ElementTree as ET
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from integrations.runtime.errors import BadInput
from sync.kpis.figures import Figure
from sync.reports.attainment import Attainment, Span
from sync.reports.calibration import Outcome, calibrate
from sync.reports.dimensions import By
from sync.reports.files import write_report
from sync.reports.forecast import Forecast
from sync.reports.report import Report
from sync.reports.risks import Risk
from sync.warehouse.views.kpis import KPIS
from tests.support.warehouse import hour

FORMULA = '=HYPERLINK("http://evil.example","x")'
HOSTILE = "$\\frac{1</text><script>alert(1)</script> 提币"


def make_report(*groups: Any, by: By = By.GROUP) -> Report:
    rows = [
        Attainment(group={by: group}, achieved=9, breached=3, open=2, unknown=1) for group in groups
    ]
    clock = {
        "ticket_id": 7,
        "metric": "first_reply_time",
        "policy_title": FORMULA,
        "policy_priority": "high",
        "group_name": "@SUM(1)",
        "assignee_name": None,
        "due_at": hour(1),
        "breached": False,
    }
    return Report(
        by=(by,),
        span=Span(hour(0), hour(48)),
        as_of=hour(2),
        rows=rows,
        unknown=[("+1 reason", 2)],
        risks=[Risk(clock, breached=False, forecast=Forecast(0.25, 40, "same metric"))],
        calibration=calibrate([Outcome(0.3, breached=False), Outcome(0.9, breached=True)]),
        figures=[Figure(kpi, 0.5, 2) for kpi in KPIS],
    )


def parts_of(workbook: Path) -> dict[str, str]:
    with zipfile.ZipFile(workbook) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_csv_has_the_attainment_and_nothing_a_spreadsheet_runs(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    write_report(make_report(FORMULA, None), path)

    assert path.read_text("utf-8-sig").splitlines() == [
        '"group","achieved","breached","open","unknown","attainment","by Zendesk"',
        '"\'=HYPERLINK(""http://evil.example"",""x"")",9,3,2,1,0.7500,',
        '"no group",9,3,2,1,0.7500,',
        '"all together",18,6,4,2,0.7500,',
    ]
    assert path.stat().st_mode & 0o077 == 0


def test_a_workbook_has_every_table_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_report(make_report(FORMULA, "Wallet"), path)
    parts = parts_of(path)
    pages = [told for name, told in parts.items() if name.startswith("xl/worksheets/sheet")]

    names = (
        "Attainment",
        "At risk",
        "Key figures",
        "Unknown clocks",
        "Forecast",
        "Differences to Zendesk",
    )
    assert all(f'name="{name}"' in parts["xl/workbook.xml"] for name in names)
    assert not any("<f>" in page or "<hyperlink" in page for page in pages)
    assert "'=HYPERLINK" in parts["xl/sharedStrings.xml"]
    assert ">=HYPERLINK" not in parts["xl/sharedStrings.xml"]
    assert "'+1 reason" in parts["xl/sharedStrings.xml"]


def test_days_and_shares_are_values_in_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_report(make_report(date(2025, 3, 3), by=By.DAY), path)
    page = parts_of(path)["xl/worksheets/sheet1.xml"]

    assert "<v>45719</v>" in page  # the day as Excel counts it
    assert "<v>0.75</v>" in page


def test_a_chart_names_its_groups_and_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "one.svg", tmp_path / "two.svg"
    write_report(make_report("Wallet", HOSTILE), first)
    write_report(make_report("Wallet", HOSTILE), second)
    picture = first.read_text("utf-8")
    texts = [one.text or "" for one in ET.fromstring(picture).iter()]  # noqa: S314 - our own

    assert picture == second.read_text("utf-8")
    assert "Wallet" in texts
    assert any("<script>" in told for told in texts)
    assert "<script" not in picture
    assert "SLA attainment 75.0%, by group" in texts


def test_a_chart_of_days_is_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "report.png"
    days = [date(2025, 3, day) for day in range(1, 8)]
    write_report(make_report(*days, by=By.DAY), path)

    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_report_of_nothing_can_be_written_in_every_form(tmp_path: Path) -> None:
    for ending in ("csv", "xlsx", "png", "svg"):
        path = tmp_path / f"report.{ending}"
        write_report(make_report(), path)
        assert path.stat().st_size > 0


def test_another_ending_is_refused_and_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        write_report(make_report(), tmp_path / "report.pdf")

    assert ".xlsx" in refused.value.hint


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput):
        write_report(make_report(), tmp_path / "file" / "report.csv")
