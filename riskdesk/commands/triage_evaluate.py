"""The command that compares triage, or any trained model, with labels that people gave."""

import json
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from automations.triage.evaluation.examiner import desk_examiner, model_examiner
from automations.triage.evaluation.figures import Tally
from automations.triage.evaluation.labels import families_of, read_map
from automations.triage.evaluation.picture import draw_confusion
from automations.triage.linear.model import MODEL_NAME, load_model
from automations.triage.service import load_triage
from automations.triage.texts import BadLine, labelled_of
from integrations.runtime.errors import BadInput
from riskdesk.commands.triage_figures import show_figures
from riskdesk.commands.triage_files import Problems, lines_with_progress

console = Console()


def evaluate(
    source: Annotated[Path, typer.Option("--input", help='JSON Lines with "text" and a label.')],
    label_field: Annotated[str, typer.Option(help="The field that holds the label.")] = "label",
    model: Annotated[
        Path | None,
        typer.Option(help="Folder of a trained model to measure instead of the desk's triage."),
    ] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="JSON or TOML file from labels to what they mean.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw labels against answers: a file .svg or .png.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Compare triage with the labels of a file: accuracy, recall, calibration, confusion.

    Labels are families, reasons, "abstain", those of the --model, or what --map says they mean.
    A line may name labels that also count in "secondary".

    Example: riskdesk triage evaluate --input labelled.jsonl --picture confusion.svg
    """
    meanings = read_map(map_file) if map_file else None
    if model is not None:
        examiner = model_examiner(load_model(model / MODEL_NAME), meanings)
    else:
        examiner = desk_examiner(load_triage(), None if meanings is None else families_of(meanings))
    tally, problems = Tally(examiner.kind), Problems()
    for number, line in lines_with_progress(source, "evaluating"):
        labelled = labelled_of(line, label_field=label_field)
        judged = labelled if isinstance(labelled, BadLine) else examiner.judge(labelled)
        if isinstance(judged, BadLine):
            problems.add(number, judged.problem)
        else:
            tally.add(judged)
    problems.finish()
    if not len(tally):
        raise BadInput(
            f"{source} holds no labelled complaint.",
            hint='write lines such as {"text": "…", "label": "A"}.',
        )
    found = tally.figures()
    if picture:
        draw_confusion(found.confusion, picture)
    if as_json:
        shown = msgspec.to_builtins(found)
        typer.echo(json.dumps({**shown, "skipped_lines": problems.lines}))
    else:
        show_figures(console, found)
