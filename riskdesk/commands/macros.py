"""Commands about reply macros: which there are, how one looks, what must be corrected."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from automations.macros.blanks import BLANKS
from automations.macros.lint import lint as find_faults
from automations.macros.loader import read_folder
from automations.macros.render import render
from automations.macros.service import FOLDER, load_macros, shelve
from integrations.runtime.errors import BadInput

app = typer.Typer(help="See and check the reply macros.", no_args_is_help=True)
console = Console()

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.command("list")
def list_macros(*, as_json: AsJson = False) -> None:
    """List all macros, with the cases they are for.

    Example: riskdesk macros list
    """
    macros = load_macros().macros
    if as_json:
        typer.echo(json.dumps([asdict(m) for m in macros], ensure_ascii=False, indent=2))
        return
    table = Table("slug", "language", "family", "reasons", "title", "blanks")
    for macro in macros:
        table.add_row(
            macro.slug,
            macro.language,
            macro.family or "unknown",
            ", ".join(macro.reasons),
            macro.title,
            ", ".join(macro.needs),
        )
    console.print(table)


@app.command()
def preview(
    slug: Annotated[str, typer.Argument(help="Name of the macro, see `list`.")],
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
    value: Annotated[list[str] | None, typer.Option(help="name=value; repeat it.")] = None,
) -> None:
    """Show the draft that an agent would get.

    Example: riskdesk macros preview deposit_missing --value customer_name=Ana
    """
    values = _named_values(value or [])
    draft = render(load_macros().find(slug, language), values)
    labels = [BLANKS[name].label(draft.language) for name in draft.missing]
    typer.echo(f"{draft.title}\nStill to fill in: {', '.join(labels) or 'nothing'}\n\n{draft.text}")


@app.command()
def lint(
    folder: Annotated[Path, typer.Option(help="Folder with the macro files.")] = FOLDER,
    *,
    as_json: AsJson = False,
) -> None:
    """Check every macro; exit code 1 when something must be corrected.

    Example: riskdesk macros lint
    """
    macros = read_folder(folder)
    findings = find_faults(macros)
    if as_json:
        typer.echo(json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=2))
    else:
        for fault in findings:
            typer.echo(f"{fault.slug}.{fault.language}: {fault.rule}: {fault.what}")
    if findings:
        raise typer.Exit(1)
    shelve(macros)
    if not as_json:
        typer.echo(f"{len(macros)} macros, nothing to correct.")


def _named_values(pairs: list[str]) -> dict[str, str]:
    values = dict(pair.partition("=")[::2] for pair in pairs)
    if unknown := values.keys() - BLANKS.keys():
        raise BadInput(
            f"There is no blank named {', '.join(sorted(unknown))}.",
            hint=f"write --value name=text with one of: {', '.join(BLANKS)}.",
        )
    return values
