"""`riskdesk demo`: the main job, end to end, on this machine."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from integrations.runtime.settings import load_settings
from riskdesk.output import print_json


def demo(
    input_file: Annotated[
        Path | None,
        typer.Option("--input", help="Play these complaints: one JSON object with `text` a line."),
    ] = None,
    complaints: Annotated[
        int | None, typer.Option(help="Play only the first so many.", min=1)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed plays the same day.")] = 7,
    *,
    kill: Annotated[
        bool, typer.Option(help="End riskdesk with kill -9 in mid-day and start it again.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Play a working day against a local Zendesk and show what riskdesk made of it.

    Everything runs on free ports of this machine and is removed at the end. Exit code 1 when one
    of the checks fails.

    Example: riskdesk demo --input complaints.jsonl --json
    """
    from riskdesk.demo.complaints import read_input  # noqa: PLC0415 - keeps `--help` quick
    from riskdesk.demo.run import Wish, run_demo  # noqa: PLC0415
    from riskdesk.demo.screen import render  # noqa: PLC0415

    reading = read_input(input_file, most=complaints)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=None)
        summary = run_demo(
            reading,
            load_settings(),
            Wish(seed=seed, kill=kill),
            report=lambda phase, done, total: progress.update(
                bar, description=phase, completed=done, total=total
            ),
        )
    if json:
        print_json(summary)
    else:
        render(summary, Console())
    if not summary.passed:
        raise typer.Exit(1)
