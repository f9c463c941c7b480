"""Builds docs/commands.md from the commands' own help: `python -m riskdesk.commands.reference`."""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer import Typer
from typer.main import get_command

HEAD = """# Commands

Every command shows this with `--help`. Errors are told in two lines (what happened; what to do),
with exit code 1; `--json` prints results for machines.
This page is written by `python -m riskdesk.commands.reference > docs/commands.md`.
"""
ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = "Example:"
_OF_THE_SHELL = frozenset({"help", "install_completion", "show_completion"})


def build_page(app: Typer) -> str:
    """Return the page: each command with its help, its example and its options."""
    return "\n".join([HEAD, *(_section(name, command) for name, command in commands_of(app))])


def commands_of(app: Typer) -> Iterator[tuple[str, Any]]:
    """Yield each command with its full name, `riskdesk webhooks replay`, in order."""
    yield from _walk("riskdesk", get_command(app))


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    members = getattr(command, "commands", None)
    if members is None:
        yield name, command
        return
    for word, member in members.items():
        yield from _walk(f"{name} {word}", member)


def _section(name: str, command: Any) -> str:
    told = inspect.cleandoc(command.help or "").replace("\b", "")
    text, _, example = told.partition(EXAMPLE)
    parts = [f"## `{name}`", text.strip()]
    if example:
        parts.append(f"```\n{inspect.cleandoc(example)}\n```")
    if rows := [_row(one) for one in command.params if one.name not in _OF_THE_SHELL]:
        parts.append("\n".join(["| Option | Meaning |", "|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def _row(parameter: Any) -> str:
    names = [*parameter.opts, *parameter.secondary_opts]
    if parameter.param_type_name == "argument":
        names = [parameter.name.upper()]
    meaning = getattr(parameter, "help", None) or ""
    shown = ", ".join(f"`{name}`" for name in names)
    told = f"{meaning}{_default(parameter)}".replace("\n", " ").replace("|", "\\|")
    return f"| {shown} | {told} |"


def _default(parameter: Any) -> str:
    if parameter.required:
        return " (required)"
    default = parameter.default
    if isinstance(default, Path) and default.is_relative_to(ROOT):
        default = default.relative_to(ROOT)  # where the project lies on this machine is no fact
    if default is None or isinstance(default, bool) or callable(default) or default in ((), ""):
        return ""
    return f" (default: `{getattr(default, 'value', default)}`)"


if __name__ == "__main__":
    from riskdesk.commands.root import app as riskdesk

    sys.stdout.write(build_page(riskdesk))
