"""Draws a report's attainment as a chart, PNG or SVG, with matplotlib."""

import warnings
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from integrations.runtime.inert import readable
from sync.reports.attainment import Attainment, total
from sync.reports.dimensions import By
from sync.reports.report import Report
from sync.reports.sheets import moment, spoken

GREEN, RED, INK, QUIET = "#2a9d63", "#c81e1e", "#0f172a", "#55606f"
LINES = ("#1d4ed8", "#b45309", "#047857", "#7c3aed", "#be123c", "#0e7490")
MOST_BARS, MOST_LINES, LONGEST_NAME = 30, len(LINES), 44
# Whatever of these a machine has is used, so that Chinese names are read as well.
FONTS = ("DejaVu Sans", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "PingFang SC", "SimHei")
STYLE: dict[Any, Any] = {
    "text.parse_math": False,  # a name with two dollar signs is a name
    "svg.fonttype": "none",  # letters stay letters: they can be searched, and files stay small
    "svg.hashsalt": "riskdesk",  # the same report gives the same file
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#c3cad6",
    "text.color": INK,
    "axes.labelcolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "font.size": 10,
}


def draw_chart(report: Report, path: Path, form: str) -> None:
    """Draw bars by group, or how attainment went over the days when days are asked for."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    fonts = [name for name in FONTS if name in known]
    with rc_context(STYLE | {"font.family": fonts or ["sans-serif"]}), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a letter that no font here has
        draw = _draw_days if By.DAY in report.by else _draw_bars
        figure = draw(report)
        stamp: dict[str, Any] = {"metadata": {"Date": None}} if form == "svg" else {"dpi": 150}
        figure.savefig(path, format=form, facecolor="white", **stamp)


def _draw_bars(report: Report) -> Figure:
    decided = sorted((row for row in report.rows if row.decided), key=lambda row: -row.decided)
    shown = decided[:MOST_BARS]
    figure = Figure(figsize=(10, 1.9 + 0.36 * max(len(shown), 1)), layout="constrained")
    axes = figure.add_subplot()
    names = [_name(row, report.by) for row in shown]
    places = range(len(shown))
    axes.barh(places, [row.achieved for row in shown], color=GREEN, label="achieved")
    left = [row.achieved for row in shown]
    axes.barh(places, [row.breached for row in shown], left=left, color=RED, label="breached")
    for place, row in enumerate(shown):
        told = f"  {row.share:.1%} of {row.decided:,}"
        axes.text(row.decided, place, told, va="center", color=INK, fontsize=9)
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.margins(x=0.18)
    axes.set_xlabel("clocks")
    _legend(figure)
    hidden = len(decided) - len(shown)
    _title(figure, axes, report, f"; {hidden} smaller rows are not shown" if hidden else "")
    return figure


def _draw_days(report: Report) -> Figure:
    figure = Figure(figsize=(11, 5.4), layout="constrained")
    axes = figure.add_subplot()
    series: defaultdict[str, list[Attainment]] = defaultdict(list)
    others = [by for by in report.by if by is not By.DAY]
    for row in report.rows:
        if row.decided:
            series[_name(row, others) if others else "all clocks"].append(row)
    largest = sorted(series, key=lambda name: -sum(row.decided for row in series[name]))
    if not others:
        _add_volumes(axes, report.rows)
    for name, colour in zip(largest, LINES, strict=False):
        rows = sorted(series[name], key=lambda row: str(row.group[By.DAY]))
        days: Any = [row.group[By.DAY] for row in rows]
        shares: Any = [row.share for row in rows]
        axes.plot(days, shares, color=colour, marker="o", markersize=3.5, label=name)
    axes.set_ylim(0, 1.04)
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.set_ylabel("attainment")
    axes.grid(axis="y", color="#e2e7ee")
    figure.autofmt_xdate()
    _legend(figure)
    hidden = len(largest) - MOST_LINES
    _title(figure, axes, report, f"; {hidden} smaller lines are not shown" if hidden > 0 else "")
    return figure


def _add_volumes(axes: Axes, rows: Sequence[Attainment]) -> None:
    """Add how many clocks were decided each day, behind the line."""
    behind = axes.twinx()
    days: Any = [row.group[By.DAY] for row in rows]
    achieved = [row.achieved for row in rows]
    breached = [row.breached for row in rows]
    behind.bar(days, achieved, color=GREEN, alpha=0.25, label="achieved")
    behind.bar(days, breached, bottom=achieved, color=RED, alpha=0.3, label="breached")
    behind.set_ylabel("clocks decided")
    axes.set_zorder(behind.get_zorder() + 1)
    axes.patch.set_visible(False)


def _legend(figure: Figure) -> None:
    """Name all colours below the chart, where they hide nothing."""
    found = [axes.get_legend_handles_labels() for axes in figure.axes]
    handles = [handle for some, _ in found for handle in some]
    names = [name for _, some in found for name in some]
    if handles:
        figure.legend(handles, names, loc="outside lower left", ncols=3, frameon=False, fontsize=9)


def _title(figure: Figure, axes: Axes, report: Report, more: str) -> None:
    everything = total(report.rows)
    share = "nothing is decided yet" if everything.share is None else f"{everything.share:.1%}"
    by = ", ".join(report.by)
    figure.suptitle(
        f"SLA attainment {share}, by {by}", x=0.012, ha="left", fontsize=13, fontweight="bold"
    )
    told = (
        f"{_span(report)}: achieved / (achieved + breached) of {everything.decided:,} clocks; "
        f"{everything.open:,} open and {everything.unknown:,} unknown left out{more}"
    )
    axes.set_title(" ", fontsize=9, pad=8)  # room for the line below the title
    figure.text(0.012, 1 - 0.5 / figure.get_figheight(), told, fontsize=9, color=QUIET)


def _span(report: Report) -> str:
    since, until = report.span.since, report.span.until
    told = f"From {moment(since)} " if since else ""
    told += f"until {moment(until)}" if until else ""
    return told.strip() or "All time"


def _name(row: Attainment, by: Sequence[By]) -> str:
    return " · ".join(readable(spoken(row, one), limit=LONGEST_NAME) for one in by)
