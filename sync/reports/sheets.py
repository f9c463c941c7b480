"""A report as plain tables: what CSV, XLSX and the terminal have in common."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from integrations.runtime.clock import format_instant
from sync.kpis.figures import Figure
from sync.reports.attainment import Attainment, total
from sync.reports.calibration import Calibration
from sync.reports.dimensions import By
from sync.reports.report import Report
from sync.reports.risks import Risk
from sync.sla.explain import title_of

Cell = str | int | float | date | datetime | None
NOBODY = {By.AGENT: "nobody", By.GROUP: "no group"}


class Kind(StrEnum):
    """How the cells of a column are shown."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    INSTANT = "instant"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and how its cells are shown."""

    name: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a report."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def sheets(report: Report) -> Iterator[Sheet]:
    """Yield every table of a report, the attainment first."""
    yield attainment_sheet(report)
    yield Sheet("At risk", _RISK_COLUMNS, [_risk(risk) for risk in report.risks])
    yield Sheet("Key figures", _FIGURE_COLUMNS, [_figure(figure) for figure in report.figures])
    reasons = [Column("reason"), Column("clocks", Kind.COUNT)]
    yield Sheet("Unknown clocks", reasons, report.unknown)
    yield Sheet("Differences to Zendesk", _DIFFERENCE_COLUMNS, list(_differences(report)))
    yield Sheet("Forecast", _FORECAST_COLUMNS, list(_reliability(report.calibration)))


def attainment_sheet(report: Report) -> Sheet:
    """Return the table of attainment, with a last row of all together."""
    by = [Column(one.value, Kind.DAY if one is By.DAY else Kind.TEXT) for one in report.by]
    rows = [[*(named(row, one) for one in report.by), *_counts(row)] for row in report.rows]
    if len(rows) > 1:
        labels = ["all together", *[None] * (len(by) - 1)]
        rows.append([*labels, *_counts(total(report.rows))])
    return Sheet("Attainment", [*by, *_COUNT_COLUMNS], rows)


def named(row: Attainment, by: By) -> Cell:
    """Return a row's value of a dimension; what is empty gets a word."""
    value = row.group[by]
    return NOBODY.get(by, "not known") if value is None else value


def spoken(row: Attainment, by: By) -> str:
    """Return a row's value of a dimension as people say it: First reply, Wallet, 2026-03-02."""
    value = named(row, by)
    return title_of(str(value)) if by is By.METRIC else str(value)


def moment(at: datetime) -> str:
    """Return an instant as people say it: a day when it is the beginning of one."""
    return f"{at:%Y-%m-%d}" if at.time() == time() else format_instant(at)


_COUNT_COLUMNS = (
    *(Column(name, Kind.COUNT) for name in ("achieved", "breached", "open", "unknown")),
    Column("attainment", Kind.SHARE),
    Column("by Zendesk", Kind.SHARE),
)
_RISK_COLUMNS = (
    *(Column(name) for name in ("ticket", "metric", "policy", "priority", "group", "agent")),
    *(Column("due (UTC)", Kind.INSTANT), Column("breached"), Column("risk", Kind.SHARE)),
    *(Column("clocks behind it", Kind.COUNT), Column("which clocks")),
)
_FIGURE_COLUMNS = (
    *(Column("figure"), Column("value"), Column("unit")),
    *(Column("of", Kind.COUNT), Column("definition"), Column("not in it")),
)
_DIFFERENCE_COLUMNS = (Column("cause"), Column("figures that differ", Kind.COUNT))
_FORECAST_COLUMNS = (
    Column("said from", Kind.SHARE),
    Column("to", Kind.SHARE),
    Column("clocks", Kind.COUNT),
    Column("said on average", Kind.SHARE),
    Column("breached", Kind.SHARE),
)


def _counts(row: Attainment) -> list[Cell]:
    return [row.achieved, row.breached, row.open, row.unknown, row.share, row.zendesk_share]


def _risk(risk: Risk) -> list[Cell]:
    clock, forecast = risk.clock, risk.forecast
    names = ("ticket_id", "metric", "policy_title", "policy_priority", "group_name")
    return [
        *(clock[name] for name in names),
        clock["assignee_name"],
        clock["due_at"],
        "yes" if risk.breached else "no",
        forecast.probability if forecast else None,
        forecast.based_on if forecast else None,
        forecast.alike if forecast else None,
    ]


def _figure(figure: Figure) -> list[Cell]:
    kpi = figure.kpi
    return [kpi.title, figure.value, kpi.unit, figure.of, kpi.sentence, kpi.left_out]


def _reliability(calibration: Calibration | None) -> Iterator[list[Cell]]:
    for one in calibration.table if calibration else ():
        yield [one.least, one.most, one.predictions, one.predicted, one.happened]


def _differences(report: Report) -> Iterator[list[Cell]]:
    for cause, figures in report.verdict.by_cause.items() if report.verdict else ():
        yield [cause.value.replace("_", " "), figures]
