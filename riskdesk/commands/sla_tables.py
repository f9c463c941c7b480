"""The tables of `riskdesk sla report` in the terminal, made for 80 columns."""

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from integrations.runtime.clock import format_instant
from integrations.runtime.inert import readable
from sync.kpis.figures import Figure
from sync.reports.attainment import Attainment, total
from sync.reports.calibration import Calibration
from sync.reports.report import Report
from sync.reports.risks import Risk, expected_breaches
from sync.reports.sheets import moment, spoken
from sync.sla.explain import title_of
from sync.warehouse.views.kpis import SECONDS, SHARE

LONGEST = 28  # letters of a name
GOOD, FAIR = 0.95, 0.85  # attainment from which on a share is green, or yellow
LIKELY, POSSIBLE = 0.5, 0.2  # risk from which on a clock is red, or yellow
DAY, HOUR, MINUTE = 86_400, 3_600, 60


def shown(report: Report, *, limit: int, kpis: bool, calibration: bool) -> RenderableType:
    """Return the report for people; `limit` clocks at risk are listed."""
    return Group(*_parts(report, limit=limit, kpis=kpis, calibration=calibration))


def _parts(
    report: Report, *, limit: int, kpis: bool, calibration: bool
) -> Iterator[RenderableType]:
    yield _attainment(report)
    yield from _unknown(report.unknown)
    yield from _verdict(report)
    yield Text()
    late = [risk for risk in report.risks if risk.breached]
    running = [risk for risk in report.risks if not risk.breached]
    if late and limit:
        yield _deadlines(f"Breached and still running: {len(late):,}", late[:limit])
        yield Text()
    if running and limit:
        yield _deadlines(f"Next deadlines: {len(running):,} clocks run in time", running[:limit])
    yield from _outlook(report, late, running)
    if calibration and report.calibration:
        yield Text()
        yield _reliability(report.calibration)
    if kpis:
        yield Text()
        yield _figures(report.figures)


def _attainment(report: Report) -> Table:
    table = _table(f"Targets met{_span(report)}")
    for by in report.by:
        table.add_column(by.value)
    for name in ("achieved", "breached", "open", "unknown", "attainment", "Zendesk"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in report.rows:
        names = (Text(readable(spoken(row, by), limit=LONGEST)) for by in report.by)
        table.add_row(*names, *_counts(row))
    if len(report.rows) > 1:
        table.add_section()
        labels = ["all together", *[""] * (len(report.by) - 1)]
        table.add_row(*labels, *_counts(total(report.rows)), style="bold")
    return table


def _counts(row: Attainment) -> Iterator[Text]:
    for count in (row.achieved, row.breached, row.open, row.unknown):
        yield Text(f"{count:,}" if count else "·", style="" if count else "bright_black")
    yield from map(_share, (row.share, row.zendesk_share))


def _share(share: float | None) -> Text:
    if share is None:
        return Text("–")
    style = "green" if share >= GOOD else "yellow" if share >= FAIR else "red"
    return Text(f"{share:.1%}", style=style)


def _unknown(reasons: Sequence[tuple[str, int]]) -> Iterator[RenderableType]:
    if not reasons:
        return
    yield Text("Nobody can know how these clocks stand; no figure counts them:", style="yellow")
    for reason, count in reasons:
        yield Text(f"  {count:,} because {readable(reason, limit=200)}")


def _verdict(report: Report) -> Iterator[RenderableType]:
    as_of = f", computed until {format_instant(report.as_of)}" if report.as_of else ""
    yield Text(f"All figures are those of riskdesk's own clocks{as_of}.", style="bright_black")
    if any(row.zendesk_share is None and row.decided for row in report.rows):
        yield Text(
            "Zendesk knows its policies' clocks only; --by source or --by metric tells them apart.",
            style="bright_black",
        )
    if report.verdict is not None:
        look = " See `riskdesk sla differences`." if report.verdict.differences else ""
        style = "red" if report.verdict.unexplained else "bright_black"
        yield Text(report.verdict.sentence() + look, style=style)


def _deadlines(title: str, risks: Sequence[Risk]) -> Table:
    table = _table(title)
    table.add_column("ticket", no_wrap=True)
    table.add_column("clock")
    table.add_column("priority")
    table.add_column("due (UTC)", no_wrap=True)
    table.add_column("risk", justify="right", no_wrap=True)
    table.add_column("group")
    table.add_column("policy")
    for risk in risks:
        clock = risk.clock
        texts = (clock[name] or "" for name in ("group_name", "policy_title"))
        table.add_row(
            str(clock["ticket_id"]),
            readable(title_of(clock["metric"]), limit=LONGEST),
            Text(readable(clock["policy_priority"] or "", limit=LONGEST)),
            f"{clock['due_at']:%Y-%m-%d %H:%M}",
            _risk(risk),
            *(Text(readable(each, limit=LONGEST)) for each in texts),
        )
    return table


def _risk(risk: Risk) -> Text:
    if risk.breached:
        return Text("breached", style="bold red")
    if risk.forecast is None:
        return Text("?", style="bright_black")
    share, of = risk.forecast.probability, risk.forecast.based_on
    style = "red" if share >= LIKELY else "yellow" if share >= POSSIBLE else "green"
    return Text(f"{share:.0%}{f' of {of:,}' if of else ''}", style=style)


def _outlook(
    report: Report, late: Sequence[Risk], running: Sequence[Risk]
) -> Iterator[RenderableType]:
    yield Text(
        f"{len(late):,} clocks are breached and still run. Of the {len(running):,} that run in "
        f"time, about {expected_breaches(running):.0f} will be breached too."
    )
    if running:
        yield Text(
            "risk: the share of recent clocks like it (of how many) that passed their target, "
            "among those that had run as long.",
            style="bright_black",
        )
    if report.calibration:
        found = report.calibration
        yield Text(
            f"How good the forecast was in the last four weeks: Brier score {found.brier:.3f} over "
            f"{found.predictions:,} clocks (0 is perfect, {found.brier_of_the_average:.3f} is "
            "always saying the average).",
            style="bright_black",
        )


def _reliability(calibration: Calibration) -> Table:
    table = _table("What the forecast said, and what came")
    table.add_column("said")
    for name in ("clocks", "said on average", "breached"):
        table.add_column(name, justify="right")
    for one in calibration.table:
        said = f"{one.least:.0%} to {one.most:.0%}"
        shares = (f"{one.predicted:.1%}", f"{one.happened:.1%}")
        table.add_row(said, f"{one.predictions:,}", *shares)
    return table


def _figures(figures: Sequence[Figure]) -> Table:
    table = _table("Key figures (docs/kpis.md defines each)")
    table.add_column("figure", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("of", justify="right", no_wrap=True)
    table.add_column("what it is")
    for figure in figures:
        of = f"{figure.of:,}" if figure.of else "·"
        table.add_row(figure.kpi.title, _value(figure), of, figure.kpi.sentence)
    return table


def _value(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    if figure.kpi.unit == SHARE:
        return f"{figure.value:.1%}"
    return _lasting(figure.value) if figure.kpi.unit == SECONDS else f"{figure.value:,.0f}"


def _lasting(seconds: float) -> str:
    for size, unit, smaller, part in ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} {int(seconds % size // smaller)} {part}"
    return f"{int(seconds // MINUTE)} min"


def _span(report: Report) -> str:
    since, until = report.span.since, report.span.until
    told = f" from {moment(since)}" if since else ""
    return told + (f" until {moment(until)}" if until else "")


def _table(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
