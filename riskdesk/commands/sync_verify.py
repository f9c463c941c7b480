"""The command that proves the warehouse equal to Zendesk, and puts it right where it is not."""

from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from integrations.runtime.errors import BadInput
from integrations.runtime.logs import clean
from integrations.runtime.settings import load_settings
from integrations.zendesk.account import connect
from riskdesk.change_source import change_source
from riskdesk.commands.sync import AsJson, Only, chosen, open_warehouse, spinner
from riskdesk.output import print_json, table
from sync.verification.check import check
from sync.verification.compare import Difference
from sync.verification.counts import LEAVES_OUT_DELETED, Counted, count
from sync.verification.result import Verification

SHOWN_DIFFERENCES = 50
GREEN, RED, DIM = "green", "red", "dim"

Counts = Annotated[
    bool, typer.Option("--counts", help="Compare numbers of records only: few requests.")
]
Full = Annotated[
    bool, typer.Option("--full", help="Compare every field of every record, not checksums.")
]
Repair = Annotated[
    bool, typer.Option("--repair", help="Store what differs anew; mark what Zendesk lacks deleted.")
]


def verify(
    stream: Only = None,
    *,
    counts: Counts = False,
    full: Full = False,
    repair: Repair = False,
    as_json: AsJson = False,
) -> None:
    """Hold the warehouse against Zendesk; exit code 1 when anything differs, repaired or not.

    Zendesk is read once, 1,000 records a request. Checksums of rows are summed by ranges of keys,
    and what differs is looked at twice before it is told with its likely cause. Without --repair
    nothing is written.

    Example: riskdesk sync verify --stream tickets --repair
    """
    if counts:
        _verify_counts(stream, as_json=as_json, refused=full or repair)
        return
    streams, settings, engine = chosen(stream), load_settings(), open_warehouse()
    client = connect(settings)
    with spinner() as progress:
        bar = progress.add_task("starting", total=None)
        found = check(
            engine,
            client,
            change_source(settings, client),
            streams=streams,
            full=full,
            mend=repair,
            progress=lambda name, records: progress.update(
                bar, description=f"comparing {name}: {records:,} records"
            ),
        )
    if as_json:
        print_json(asdict(found) | {"equal": found.is_equal})
    else:
        _show(found, repair=repair)
    if not found.is_equal:
        raise typer.Exit(1)


def _verify_counts(stream: Only, *, as_json: bool, refused: bool) -> None:
    if refused:
        raise BadInput(
            "--counts compares numbers only; it goes with neither --full nor --repair.",
            hint="leave --counts out.",
        )
    streams, settings, engine = chosen(stream), load_settings(), open_warehouse()
    found = count(engine, connect(settings).session, streams)
    if as_json:
        print_json({"counts": [asdict(each) for each in found]})
    else:
        _show_counts(found)
    if any(each.agrees is False for each in found):
        raise typer.Exit(1)


def _show_counts(found: list[Counted]) -> None:
    """Print the numbers so that they fit 80 characters: what is the same for all stands below."""
    words = {True: "agrees", False: "differs", None: "not counted"}
    rows = [
        (
            each.stream,
            f"{each.warehouse:,}",
            "" if each.zendesk is None else f"{each.zendesk:,}",
            words[each.agrees],
        )
        for each in found
    ]
    columns = ("stream", "warehouse", "Zendesk", "")
    out = Console()
    out.print(table("Numbers of records", columns, rows))
    remarks: dict[str, list[str]] = {}
    for each in found:
        if each.remark != LEAVES_OUT_DELETED:
            remarks.setdefault(each.remark, []).append(each.stream)
    out.print("Deleted records are not counted.")
    for remark, streams in remarks.items():
        out.print(f"{', '.join(streams)}: {remark}.", highlight=False)


def _show(found: Verification, *, repair: bool) -> None:
    out = Console()
    counts = [(name, f"{rows:,}") for name, rows in sorted(found.compared.items()) if rows]
    out.print(table("Warehouse against Zendesk", ("table", "rows compared"), counts))
    out.print(Text(_effort(found), style=DIM))
    for failure in found.failures:
        out.print(Text(clean(f"{failure.stream} was not compared: {failure.error}"), style=RED))
        out.print(Text(clean(f"What to do: {failure.hint}")))
    if found.differences:
        _show_differences(out, found, repair=repair)
    elif found.is_equal:
        out.print(Text("No difference.", style=GREEN))


def _effort(found: Verification) -> str:
    told = [f"{found.requests:,} pages read", f"{found.single_looks:,} tickets read singly"]
    if found.ranges:
        told.append(f"{found.opened_ranges:,} of {found.ranges:,} ranges of keys opened")
    if found.moving:
        told.append(f"{found.moving:,} rows changed meanwhile, left for the next run")
    return "; ".join(told) + "."


def _show_differences(out: Console, found: Verification, *, repair: bool) -> None:
    total = len(found.differences) + found.unlisted
    causes = Counter((each.table, each.likely_cause) for each in found.differences)
    out.print(
        table(
            f"Differences: {total:,}",
            ("table", "how many", "likely cause"),
            [(name, number, cause) for (name, cause), number in causes.most_common()],
        )
    )
    shown = found.differences[:SHOWN_DIFFERENCES]
    columns = ("table", "id", "field", "warehouse", "Zendesk", *(("",) if repair else ()))
    out.print(table("One by one", columns, [_cells(each, repair=repair) for each in shown]))
    if total > len(shown):
        out.print(f"The first {len(shown)} are shown; --json lists {len(found.differences):,}.")
    if repair:
        mended = sum(each.repaired for each in found.differences)
        out.print(Text(f"Repaired: {mended:,}. Run it again to prove it.", style=GREEN))
    else:
        out.print("`riskdesk sync verify --repair` puts them right.")


def _cells(each: Difference, *, repair: bool) -> tuple[str, ...]:
    cells = (each.table, each.id, each.field, each.warehouse, each.zendesk)
    return (*cells, "repaired" if each.repaired else "left") if repair else cells
