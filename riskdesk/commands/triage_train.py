"""The command that trains a model."""

import json
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from automations.triage.linear.model import MODEL_NAME
from automations.triage.linear.training import Report, Sample, Trained, train
from automations.triage.normalise import fold, normalise
from automations.triage.shipped_model import load_desk_model
from automations.triage.texts import BadLine, labelled_of
from integrations.runtime.errors import BadInput
from riskdesk.commands.triage_figures import show_learnt
from riskdesk.commands.triage_files import Problems, lines_with_progress, warnings

console = Console()
REPORT_NAME = "report.json"


def train_model(
    source: Annotated[
        Path | None,
        typer.Option("--input", help="Labelled JSON Lines. Without it: the desk's own texts."),
    ] = None,
    label_field: Annotated[str, typer.Option(help="The field that holds the label.")] = "label",
    target: Annotated[
        Path | None, typer.Option("--model", help="Folder for the model and its report.")
    ] = None,
    text_field: Annotated[str | None, typer.Option(help="The field that holds the text.")] = None,
    group_field: Annotated[
        str | None, typer.Option(help="Texts with the same value stay in one fold.")
    ] = None,
    folds: Annotated[int, typer.Option(help="Parts for the cross-validated report; 0: none.")] = 5,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Train a model on labelled texts of any kind and report how it does on texts it did not see.

    Without --input the desk's own model is made ready. The same texts give the same bytes.

    Example: riskdesk triage train --input solved.jsonl --label-field reason --model models/mine
    """
    if source is None:
        with warnings.status("training from the desk's own texts"):
            model = load_desk_model()
        console.print(f"The desk's model is ready: version {model.version}.")
        return
    if target is None:
        raise BadInput("The model has no place.", hint="add --model and a folder.")
    samples = _samples(source, label_field, text_field, group_field)
    with warnings.status("training") as status:
        trained = train(samples, folds=folds, done=lambda step: status.update(f"done: {step}"))
    _write(target, trained)
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(trained.report)))
    else:
        _show(trained.report, trained, target)


def _samples(
    source: Path, label_field: str, text_field: str | None, group_field: str | None
) -> list[Sample]:
    problems = Problems()
    samples = []
    for number, line in lines_with_progress(source, "reading"):
        found = labelled_of(
            line, label_field=label_field, text_field=text_field, group_field=group_field
        )
        if isinstance(found, BadLine):
            problems.add(number, found.problem)
        else:
            whole = f"{found.heading}\n{found.text}".strip()
            samples.append(Sample(fold(normalise(whole)), found.label, found.group))
    problems.finish()
    return samples


def _write(target: Path, trained: Trained) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
        (target / MODEL_NAME).write_bytes(trained.model.to_bytes())
        report = msgspec.json.format(msgspec.json.encode(trained.report), indent=1)
        (target / REPORT_NAME).write_bytes(report)
    except OSError as error:
        raise BadInput(
            f"{target} cannot be written: {error.strerror}.",
            hint="give --model a folder of yours.",
        ) from None


def _show(report: Report, trained: Trained, target: Path) -> None:
    if report.figures:
        console.print(f"On texts of {report.folds} left-out folds:")
        show_learnt(console, report.figures)
    if report.thin:
        table = Table("label", "texts", title="Too thin to be judged, let alone learnt")
        for name, texts in report.thin.items():
            table.add_row(name, str(texts))
        console.print(table)
    console.print(
        f"Version {trained.model.version}, trained on {report.texts} texts, stands in {target}."
    )
