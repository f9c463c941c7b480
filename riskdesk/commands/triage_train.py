"""The command that trains a model."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from automations.triage.model import MODEL_FILE
from automations.triage.training import CORPUS_DIR, read_examples, train
from integrations.runtime.errors import BadInput
from riskdesk.commands.triage_files import warnings

console = Console()


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
    try:
        target.write_bytes(msgspec.json.encode(model))
    except OSError as error:
        raise BadInput(
            f"{target} cannot be written: {error.strerror}.",
            hint="give a path in a folder of yours.",
        ) from None
    console.print(
        f"Trained version {model.version}: {len(model.classes)} classes, {len(model.terms)} terms."
    )
