"""Commands about triage: classify files of complaints, measure, train, show signals."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from automations.triage.evaluation import Figures, Judged, family_of_label, figures
from automations.triage.model import MODEL_FILE
from automations.triage.service import Triage, load_triage
from automations.triage.signals import find_signals
from automations.triage.taxonomy import FAMILIES
from automations.triage.texts import BadLine, Complaint, read_complaints
from automations.triage.training import CORPUS_DIR, read_examples, train
from integrations.runtime.errors import BadInput

app = typer.Typer(help="Say what complaints are and how bad.", no_args_is_help=True)
console = Console()
warnings = Console(stderr=True)

Source = Annotated[Path, typer.Option("--input", help='JSON Lines with "text".')]
Target = Annotated[Path | None, typer.Option("--output", help="Where the answers go, JSON Lines.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
ROWS_SHOWN = 40
PROBLEMS_SHOWN = 10


@app.command()
def classify(source: Source, target: Target = None, *, as_json: AsJson = False) -> None:
    """Classify every complaint of a file; a line that cannot be read is marked in the answers.

    Example: riskdesk triage classify --input complaints.jsonl --output answers.jsonl
    """
    triage = load_triage()
    answers = _answer_all(source, lambda complaint: _assessed(triage, complaint))
    _hand_over(answers, target, as_json=as_json)
    if target is None and not as_json:
        _show_assessments(answers)


@app.command()
def signals(source: Source, target: Target = None, *, as_json: AsJson = False) -> None:
    """Show addresses, txids, amounts, ids and times in every complaint; secrets by kind only.

    Example: riskdesk triage signals --input complaints.jsonl --json
    """
    answers = _answer_all(source, _signalled)
    _hand_over(answers, target, as_json=as_json)
    if target is None and not as_json:
        _show_signals(answers)


@app.command()
def evaluate(source: Source, *, as_json: AsJson = False) -> None:
    """Compare triage with the labels of a file: family, reason, or a review annotator's name.

    A line may name labels that also count in "secondary".

    Example: riskdesk triage evaluate --input labelled.jsonl
    """
    triage = load_triage()
    judged, problems = [], []
    for number, line in _with_progress(source):
        found = _judged(triage, line)
        if isinstance(found, BadLine):
            problems.append((number, found.problem))
        else:
            judged.append(found)
    _warn(problems)
    if not judged:
        raise BadInput(
            f"{source} holds no labelled complaint.",
            hint='write lines such as {"text": "…", "label": "A"}.',
        )
    result = figures(judged)
    if as_json:
        skipped = [number for number, _ in problems]
        typer.echo(json.dumps({**msgspec.to_builtins(result), "skipped_lines": skipped}))
    else:
        _show_figures(result)


@app.command(name="train")
def train_model(
    source: Annotated[
        list[Path] | None,
        typer.Option("--input", help="Labelled JSON Lines; repeat it. Default: the own corpus."),
    ] = None,
    target: Annotated[Path, typer.Option("--output", help="Where the model goes.")] = MODEL_FILE,
) -> None:
    """Train the model from labelled texts; the same texts give the same version.

    Example: riskdesk triage train --output model.json
    """
    paths = source or sorted(CORPUS_DIR.glob("*.jsonl"))
    with warnings.status("training"):
        model = train(read_examples(paths))
    _write(target, msgspec.json.encode(model))
    console.print(
        f"Trained version {model.version}: {len(model.classes)} classes, {len(model.terms)} terms."
    )


def _assessed(triage: Triage, complaint: Complaint) -> dict[str, Any]:
    assessment = triage.assess(complaint.heading, complaint.content or "")
    return dict(msgspec.to_builtins(assessment))


def _signalled(complaint: Complaint) -> dict[str, Any]:
    found, secrets = find_signals(f"{complaint.heading}\n{complaint.content or ''}")
    return {"signals": found, "secrets": secrets}


def _judged(triage: Triage, line: Complaint | BadLine) -> Judged | BadLine:
    if isinstance(line, BadLine):
        return line
    expected = family_of_label(line.label or "")
    if expected is None:
        return BadLine('no known "label"')
    also = [line.secondary] if isinstance(line.secondary, str) else line.secondary or []
    accepted = frozenset(family for label in also if (family := family_of_label(label)))
    return Judged(expected, accepted, triage.assess(line.heading, line.content or ""))


def _answer_all(
    source: Path, answer: Callable[[Complaint], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Answer each line by its number; bad lines become answers with an error."""
    answers: list[dict[str, Any]] = []
    for number, line in _with_progress(source):
        if isinstance(line, BadLine):
            answers.append({"line": number, "error": line.problem})
            continue
        named = {"line": number} if line.id is None else {"line": number, "id": line.id}
        answers.append(named | answer(line))
    _warn([(each["line"], each["error"]) for each in answers if "error" in each])
    return answers


def _with_progress(source: Path) -> Iterator[tuple[int, Complaint | BadLine]]:
    lines = list(read_complaints(source))
    return iter(track(lines, description="reading", console=warnings, transient=True))


def _hand_over(answers: list[dict[str, Any]], target: Path | None, *, as_json: bool) -> None:
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in answers)
    if target is not None:
        _write(target, lines.encode())
        good = sum("error" not in each for each in answers)
        warnings.print(f"{good} complaints answered, {len(answers) - good} could not be read.")
    if as_json:
        typer.echo(lines, nl=False)


def _write(target: Path, content: bytes) -> None:
    try:
        target.write_bytes(content)
    except OSError as error:
        raise BadInput(
            f"{target} cannot be written: {error.strerror}.",
            hint="give a path in a folder of yours.",
        ) from None


def _warn(problems: list[tuple[int, str]]) -> None:
    for number, problem in problems[:PROBLEMS_SHOWN]:
        warnings.print(f"line {number} skipped: {escape(problem)}", highlight=False)
    if len(problems) > PROBLEMS_SHOWN:
        warnings.print(f"and {len(problems) - PROBLEMS_SHOWN} more lines skipped.")


def _show_assessments(answers: list[dict[str, Any]]) -> None:
    table = Table("line", "family", "reason", "severity", "owner", "sure", "words")
    good = [each for each in answers if "error" not in each]
    for each in good[:ROWS_SHOWN]:
        family = FAMILIES[each["family"]].english if each["family"] else "abstained"
        sure = f"{each['confidence']:.0%}"
        words = escape(" · ".join(each["words"]))
        row = (str(each["line"]), family, each["reason"] or "", each["severity"], each["owner"])
        table.add_row(*row, sure, words)
    console.print(table)
    _tell_rest(len(good))


def _show_signals(answers: list[dict[str, Any]]) -> None:
    table = Table("line", "signals", "leaked secrets")
    good = [each for each in answers if "error" not in each]
    for each in good[:ROWS_SHOWN]:
        found = "\n".join(f"{kind}: {', '.join(v)}" for kind, v in each["signals"].items())
        table.add_row(str(each["line"]), escape(found), ", ".join(each["secrets"]))
    console.print(table)
    _tell_rest(len(good))


def _tell_rest(count: int) -> None:
    if count > ROWS_SHOWN:
        console.print(f"and {count - ROWS_SHOWN} more: use --output or --json to see all.")


def _show_figures(result: Figures) -> None:
    table = Table("", "texts", "strict", "lenient")
    for name, each in [("all", result.overall), *result.by_language.items()]:
        table.add_row(name, str(each.texts), f"{each.strict:.1%}", f"{each.lenient:.1%}")
    console.print(table)
    console.print(
        f"Theft, fraud and freeze found: {result.safety_recall:.1%} of {result.safety_texts}.\n"
        f"Abstained on ambiguous texts: {result.ambiguous_abstained:.1%} of "
        f"{result.ambiguous_texts}; on clear ones wrongly: {result.wrongly_abstained}."
    )
    answers = sorted({answer for row in result.confusion.values() for answer in row})
    console.print("Label against answer (? is abstaining):")
    confusion = Table("label", *answers)
    for label, row in result.confusion.items():
        confusion.add_row(label, *(str(row.get(answer, "")) for answer in answers))
    console.print(confusion)
