"""Shows a demo's summary as tables of at most 100 columns."""

from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from automations.escalations.queues import QUEUES
from automations.triage.taxonomy import FAMILIES
from riskdesk.demo.summary import Summary
from riskdesk.demo.tally import agreement

WIDTH: Final = 100
SHOWN_BAD_LINES: Final = 5
SHOWN_DRAFTS: Final = 12
GOOD_ATTAINMENT: Final = 0.95
POOR_ATTAINMENT: Final = 0.8
NEXT: Final = """
  riskdesk demo --kill                   kill -9 riskdesk in mid-day
  riskdesk demo --input FILE --json      your own texts: {"text": "…"} a line
  riskdesk triage classify --input FILE  only what riskdesk thinks of them
  riskdesk macros list                   the reply drafts
  riskdesk sandbox serve --tickets 200   the local Zendesk, with a page
  riskdesk doctor                        what is missing for your own Zendesk"""


def render(summary: Summary, console: Console) -> None:
    """Print the day as a newcomer asks: what came in, what was done about it, is it true."""
    sections = (
        _families(summary),
        _drafts(summary),
        _escalations(summary),
        _sla(summary),
        _deliveries(summary),
        _bad_lines(summary),
        _checks(summary),
    )
    console.print(_headline(summary), width=WIDTH)
    for table in sections:
        if table is not None:
            console.print()
            console.print(table, width=WIDTH)
    console.print()
    console.print(Text.assemble(("What to try next", "bold"), NEXT), width=WIDTH)
    console.print()
    console.print(_verdict(summary), width=WIDTH)


def _headline(summary: Summary) -> Text:
    hours = (summary.day_end - summary.day_start).total_seconds() / 3600
    return Text.assemble(
        (f"{summary.complaints} complaints", "bold"),
        f" and {summary.steps} steps of a {hours:.0f}-hour working day, "
        f"played in {summary.duration_s:.0f} s",
    )


def _families(summary: Summary) -> Table:
    table = _table("Complaints", "", "family", "*English", "*Chinese", "*other", "*all", "*drafted")
    for row in summary.families:
        table.add_row(
            row.family or "–",
            _family_name(row.family),
            *map(_count, (row.english, row.chinese, row.other, row.total, row.drafted)),
            style="yellow" if row.family is None else None,
        )
    table.add_section()
    totals = [
        sum(getattr(row, column) for row in summary.families)
        for column in ("english", "chinese", "other", "total", "drafted")
    ]
    table.add_row("", "all", *map(_count, totals), style="bold")
    right, labelled = agreement(summary.results)
    if labelled:
        table.caption = f"{right} of {labelled} as the author of the text meant it"
    return table


def _family_name(code: str | None) -> str:
    if code is None:
        return "left to a person"
    return FAMILIES[code].english if code in FAMILIES else "unknown"


def _drafts(summary: Summary) -> Table | None:
    if not summary.drafts:
        return None
    table = _table("Reply drafts", "macro", "*drafts")
    for row in summary.drafts[:SHOWN_DRAFTS]:
        table.add_row(Text(row.slug), _count(row.drafts))
    rest = summary.drafts[SHOWN_DRAFTS:]
    if rest:
        table.add_row(f"{len(rest)} more", _count(sum(row.drafts for row in rest)), style="dim")
    return table


def _escalations(summary: Summary) -> Table | None:
    if not summary.escalations:
        return None
    table = _table(
        "Escalations",
        "department", "*asked", "*answered", "*withdrawn", "*open", "*late", "*median answer",
    )  # fmt: skip
    for row in summary.escalations:
        table.add_row(
            QUEUES[row.queue].name_en if row.queue in QUEUES else row.queue,
            *map(_count, (row.opened, row.answered, row.withdrawn, row.open)),
            Text(_count(row.late), "red" if row.late else ""),
            "–" if row.median_answer_s is None else _duration(row.median_answer_s),
        )
    return table


def _sla(summary: Summary) -> Table | None:
    if not summary.sla:
        return None
    table = _table("SLA clocks", "clock", "*met", "*breached", "*running", "*attainment")
    for row in summary.sla:
        table.add_row(
            row.metric.replace("_", " "),
            *map(_count, (row.met, row.breached, row.running)),
            _share(row.attainment),
        )
    return table


def _deliveries(summary: Summary) -> Table:
    counts = summary.deliveries
    table = _table(
        "Webhook deliveries", "*events", "*received", "*duplicates", "*lost", "*caught up"
    )
    table.add_row(
        *map(
            _count,
            (counts.events, counts.received, counts.duplicates, counts.lost, counts.caught_up),
        )
    )
    return table


def _bad_lines(summary: Summary) -> Table | None:
    if not summary.bad_lines:
        return None
    table = _table("Lines that are no complaints", "*line", "why")
    for line in summary.bad_lines[:SHOWN_BAD_LINES]:
        table.add_row(str(line.number), Text(line.why))
    more = len(summary.bad_lines) - SHOWN_BAD_LINES
    if more > 0:
        table.add_row("", f"and {more} more (all of them with --json)", style="dim")
    return table


def _checks(summary: Summary) -> Table:
    table = _table("Checks", "", "promise", "this run")
    for check in summary.checks:
        sign = Text("ok", "green") if check.passed else Text("NO", "bold red")
        table.add_row(sign, check.name, Text(check.detail, "" if check.passed else "red"))
    return table


def _verdict(summary: Summary) -> Text:
    failed = sum(not check.passed for check in summary.checks)
    if failed:
        return Text(f"{failed} of {len(summary.checks)} checks failed.", "bold red")
    return Text(f"All {len(summary.checks)} checks passed.", "bold green")


def _table(title: str, *columns: str) -> Table:
    """Return an empty table; a column marked * holds numbers."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False)
    table.title_style = "bold"
    table.caption_justify = "left"
    for column in columns:
        is_number = column.startswith("*")
        table.add_column(column.removeprefix("*"), justify="right" if is_number else "left")
    return table


def _count(number: int) -> str:
    return f"{number:,}" if number else "·"


def _share(attainment: float | None) -> Text:
    if attainment is None:
        return Text("–")
    colour = "red" if attainment < POOR_ATTAINMENT else "yellow"
    return Text(f"{attainment:.1%}", "green" if attainment >= GOOD_ATTAINMENT else colour)


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if minutes >= 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{minutes} min {rest:02} s"
