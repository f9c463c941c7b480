"""Writes a report to a file: CSV, a workbook, or a chart; nothing in it is run by a spreadsheet."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from integrations.runtime.errors import BadInput
from sync.exports.cells import defused
from sync.exports.csv_file import BYTE_ORDER_MARK, LINE_END, quoted
from sync.exports.files import appearing_together, private_file
from sync.reports.report import Report
from sync.reports.sheets import Cell, Kind, Sheet, attainment_sheet, sheets

WIDEST = 60  # letters of a column
SHEET_FORMATS = {Kind.SHARE: "0.0%", Kind.INSTANT: "yyyy-mm-dd hh:mm", Kind.DAY: "yyyy-mm-dd"}


def write_report(report: Report, path: Path) -> None:
    """Write the report in the form that the file's ending names, in the place of what was there.

    Raises BadInput for another ending, or when the file cannot be written.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise BadInput(
            f"{path.name} has no ending that a report is written in.",
            hint=f"end it with one of {', '.join(_WRITERS)}.",
        )
    with appearing_together([path], replace=True) as hidden:
        private_file(hidden[path]).close()  # names of agents are not for everybody
        write(report, hidden[path])


def _write_csv(report: Report, path: Path) -> None:
    sheet = attainment_sheet(report)
    lines = [[quoted(column.name) for column in sheet.columns]]
    lines += [[_csv_cell(cell) for cell in row] for row in sheet.rows]
    told = "".join(",".join(line) + LINE_END for line in lines)
    path.write_bytes((BYTE_ORDER_MARK + told).encode())


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4f}"
    if isinstance(cell, int):
        return str(cell)
    return quoted(cell.isoformat() if isinstance(cell, date) else cell)


def _write_workbook(report: Report, path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - other commands start faster without it

    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, safe | {"in_memory": True}) as book:
        book.set_properties({"title": "SLA report"})
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#e8edf3"})
        formats = {
            kind: book.add_format({"num_format": told}) for kind, told in SHEET_FORMATS.items()
        }
        for sheet in sheets(report):
            _write_sheet(book.add_worksheet(sheet.name), sheet, head, formats)


def _write_sheet(page: Any, sheet: Sheet, head: Any, formats: Mapping[Kind, Any]) -> None:
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        texts = [str(row[place]) for row in sheet.rows if isinstance(row[place], str | int)]
        width = max(map(len, [column.name, *texts])) + 2
        page.set_column(place, place, min(max(width, 10), WIDEST))
        page.write_string(0, place, column.name, head)
        for line, row in enumerate(sheet.rows, start=1):
            _write_cell(page, line, place, row[place], formats.get(column.kind))
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _write_cell(page: Any, line: int, place: int, cell: Cell, shown: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        page.write_string(line, place, defused(cell))
    elif isinstance(cell, datetime):
        page.write_datetime(line, place, cell.replace(tzinfo=None), shown)
    elif isinstance(cell, date):
        page.write_datetime(line, place, cell, shown)
    else:
        page.write_number(line, place, cell, shown)


def _write_png(report: Report, path: Path) -> None:
    _write_chart(report, path, "png")


def _write_svg(report: Report, path: Path) -> None:
    _write_chart(report, path, "svg")


def _write_chart(report: Report, path: Path, form: str) -> None:
    from sync.reports.chart import draw_chart  # noqa: PLC0415 - matplotlib takes half a second

    draw_chart(report, path, form)


_WRITERS: Mapping[str, Callable[[Report, Path], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_workbook,
    ".png": _write_png,
    ".svg": _write_svg,
}
