"""Commands about triage: classify files of complaints, show signals, measure, train."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from automations.triage.answers import answer_of
from automations.triage.context import Context
from automations.triage.service import load_triage
from automations.triage.signals import find_signals
from automations.triage.taxonomy import FAMILIES
from automations.triage.texts import BadLine, Complaint, complaint_of
from riskdesk.commands.triage_evaluate import evaluate
from riskdesk.commands.triage_files import (
    Problems,
    in_batches,
    json_line,
    lines_with_progress,
    warnings,
    written,
)
from riskdesk.commands.triage_learning import learn, models, show_drift
from riskdesk.commands.triage_train import train_model

app = typer.Typer(help="Say what complaints are and how bad.", no_args_is_help=True)
console = Console()
app.command("evaluate")(evaluate)
app.command("train")(train_model)
app.command("learn")(learn)
app.command("drift")(show_drift)
app.add_typer(models, name="models", help="Models learnt from the desk's tickets.")

Source = Annotated[Path, typer.Option("--input", help='JSON Lines with "text".')]
Target = Annotated[Path | None, typer.Option("--output", help="Where the answers go, JSON Lines.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Answer = Callable[[Sequence[Complaint]], list[dict[str, Any]]]
ROWS_SHOWN = 40


@app.command()
def classify(source: Source, target: Target = None, *, as_json: AsJson = False) -> None:
    """Classify every complaint of a file; a line that cannot be read is marked in the answers.

    Lines hold "text" and may hold "id", "title" and "lang".

    Example: riskdesk triage classify --input complaints.jsonl --output answers.jsonl
    """
    triage = load_triage()

    def answer(complaints: Sequence[Complaint]) -> list[dict[str, Any]]:
        found = triage.assess_all(
            [(one.heading, one.content or "", Context(language=one.lang)) for one in complaints]
        )
        return [answer_of(each, one.id) for each, one in zip(found, complaints, strict=True)]

    _answer_file(source, target, answer, _show_assessments, as_json=as_json)


@app.command()
def signals(source: Source, target: Target = None, *, as_json: AsJson = False) -> None:
    """Show addresses, txids, amounts, ids and times in every complaint; secrets by kind only.

    Example: riskdesk triage signals --input complaints.jsonl --json
    """
    _answer_file(source, target, _signalled, _show_signals, as_json=as_json)


def _signalled(complaints: Sequence[Complaint]) -> list[dict[str, Any]]:
    found = (find_signals(f"{one.heading}\n{one.content or ''}") for one in complaints)
    return [
        {"id": one.id, "signals": signals, "secrets": secrets}
        for one, (signals, secrets) in zip(complaints, found, strict=True)
    ]


def _answer_file(
    source: Path,
    target: Path | None,
    answer: Answer,
    show: Callable[[list[dict[str, Any]]], None],
    *,
    as_json: bool,
) -> None:
    """Answer each line as it is read, so that a file of any length fits into memory."""
    answers = _answers(source, answer)
    if target is not None:
        good = bad = 0
        with written(target, source) as file:
            for each in answers:
                file.write(json_line(each))
                bad += "error" in each
                good += "error" not in each
        warnings.print(f"{good} complaints answered, {bad} could not be read.")
    elif as_json:
        for each in answers:
            typer.echo(json_line(each), nl=False)
    else:
        shown: list[dict[str, Any]] = []
        more = 0
        for each in answers:
            if "error" in each:
                continue
            if len(shown) < ROWS_SHOWN:
                shown.append(each)
            else:
                more += 1
        show(shown)
        if more:
            console.print(f"and {more} more: use --output or --json to see all.")


def _answers(source: Path, answer: Answer) -> Iterator[dict[str, Any]]:
    problems = Problems()
    for lines in in_batches(lines_with_progress(source, "reading")):
        read = [(number, complaint_of(line)) for number, line in lines]
        answered = iter(answer([each for _, each in read if not isinstance(each, BadLine)]))
        for number, complaint in read:
            if isinstance(complaint, BadLine):
                problems.add(number, complaint.problem)
                yield {"id": complaint.id, "error": complaint.problem, "line": number}
            else:
                yield {**next(answered), "line": number}
    problems.finish()


def _show_assessments(answers: list[dict[str, Any]]) -> None:
    table = Table("line", "family", "reason", "severity", "owner", "sure", "because")
    for each in answers:
        family = FAMILIES[each["family"]].english if each["family"] else "abstained"
        sure = f"{each['confidence']:.0%}"
        words = escape(" · ".join(each["why"]))
        row = (str(each["line"]), family, each["reason"] or "", each["severity"], each["owner"])
        table.add_row(*row, sure, words)
    console.print(table)


def _show_signals(answers: list[dict[str, Any]]) -> None:
    table = Table("line", "signals", "leaked secrets")
    for each in answers:
        found = "\n".join(f"{kind}: {', '.join(v)}" for kind, v in each["signals"].items())
        table.add_row(str(each["line"]), escape(found), ", ".join(each["secrets"]))
    console.print(table)
