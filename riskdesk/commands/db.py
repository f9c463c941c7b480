"""Commands about the database's schema."""

import importlib
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from integrations.redaction.keys import open_database
from integrations.runtime.settings import load_settings
from sync.migrations import upgrade as migrations
from sync.warehouse.describe import picture, renewed

# Whoever owns tables; migrations are compared with all of them.
TABLE_MODULES = (
    "sync.warehouse.tables",
    "integrations.webhooks.tables",
    "automations.actions.tables",
    "automations.cases.tables",
    "automations.escalations.tables",
    "automations.learning.tables",
    "automations.pipeline.tables",
)

app = typer.Typer(no_args_is_help=True)
console = Console(stderr=True)


@app.command()
def upgrade() -> None:
    """Bring the database to the newest schema; harmless when it is there already.

    Example: riskdesk db upgrade
    """
    engine = open_database(load_settings())
    before = migrations.current(engine)
    migrations.upgrade(engine)
    after = migrations.current(engine)
    came_from = "" if before == after else f", it was at {before or 'none'} before"
    console.print(f"The database is at schema {after}{came_from}.")


@app.command(hidden=True)
def revision(message: Annotated[str, typer.Argument(help="What the migration does.")]) -> None:
    """Write a migration for changed tables (for developers).

    Example: riskdesk db revision "comments get a language"
    """
    import_tables()
    engine = open_database(load_settings())
    migrations.write_revision(engine, message)


@app.command(hidden=True)
def describe(
    page: Annotated[Path, typer.Argument(help="The page to renew.")] = Path("docs/warehouse.md"),
) -> None:
    """Write the table part of the warehouse page and its picture anew (for developers).

    Example: riskdesk db describe docs/warehouse.md
    """
    import_tables()
    page.write_text(renewed(page.read_text("utf-8")), "utf-8")
    page.with_suffix(".svg").write_text(picture(), "utf-8")


def import_tables() -> None:
    """Register every table of the project."""
    for name in TABLE_MODULES:
        importlib.import_module(name)
