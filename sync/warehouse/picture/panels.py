"""Which tables belong together, and in which column of the picture they stand."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Table

from sync.warehouse.picture.layout import Panel

# Title, column from the left, modules of sync.warehouse.tables.
GROUPS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("People", 0, ("people",)),
    ("How the account is set up", 0, ("configuration",)),
    ("Rules", 0, ("rules",)),
    ("Tickets", 1, ("tickets", "aftermath")),
    ("What happened", 1, ("history", "conversations")),
    ("Service levels", 2, ("sla", "marks", "metric_events", "policies", "versions")),
    ("The mirror's own books", 2, ("rereads", "quarantine", "cursors")),
)
DESK = ("The desk's own work", 2)
OTHERS = ("More tables", 2)  # of modules that nobody has put into a group yet


def panels_of(mirrored: Mapping[str, Sequence[Table]], desk: Iterable[Table]) -> list[Panel]:
    """Return the panels for tables by their module, and for those of the desk."""
    known = {module for _, _, modules in GROUPS for module in modules}
    rest = [table for module, tables in mirrored.items() if module not in known for table in tables]
    panels = [
        Panel(title, column, [table for one in modules for table in mirrored.get(one, ())])
        for title, column, modules in GROUPS
    ]
    panels.append(Panel(*OTHERS, rest))
    panels.append(Panel(*DESK, sorted(desk, key=lambda table: str(table.name))))
    return [panel for panel in panels if panel.tables]
