"""Writes docs/kpis.md from the figures' own definitions: `python -m sync.kpis.page`."""

import sys
from collections.abc import Iterator
from typing import Any

from sqlalchemy.dialects import postgresql

from sync.warehouse.views.counted import LEFT_OUT
from sync.warehouse.views.kpis import KPIS, TICKETS, Kpi

HEAD = """# Key figures

Each figure has one definition, here and in SQL: this page is written from it by
`python -m sync.kpis.page > docs/kpis.md`, and the tests run every statement on both databases.

- **In all figures, {left_out}.** Merged are those that Zendesk tagged `closed_by_merge`,
  advertising those that the desk put into family X.
- Times are calendar time, days are UTC. Replies, reopenings and times are Zendesk's own counts
  (`ticket_metrics`); the SLA attainment is that of our clocks ([sla.md](sla.md)).
- An average says little where few tickets took very long: `kpi_tickets` has every ticket, for
  medians and percentiles of your own.

`riskdesk sla report --kpis` shows them for a span of days. In SQL, all of them by group; there are
`priority`, `family`, `severity`, `language` and `channel`, too:

```sql
SELECT kpi, group_name, 1.0 * sum(part) / sum(whole) AS value, sum(whole) AS counted
FROM kpis_per_day WHERE day >= '2025-03-01' AND day < '2025-04-01'
GROUP BY kpi, group_name ORDER BY kpi, group_name;
```

| figure | definition |
|---|---|
"""
_POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]


def build_page() -> str:
    """Return the page."""
    rows = "".join(f"| [{kpi.title}](#{_anchor(kpi)}) | {kpi.sentence} |\n" for kpi in KPIS)
    head = HEAD.replace("{left_out}", LEFT_OUT)
    return head + rows + "".join("\n" + "\n".join(_section(kpi)) for kpi in KPIS)


def statement(kpi: Kpi) -> str:
    """Return the SQL that computes a figure over everything there is."""
    part = f"sum({_spelled(kpi.part)})"
    value = part if kpi.unit == TICKETS else f"1.0 * {part} / count(*)"
    where = "" if kpi.where is None else f"\nWHERE {_spelled(kpi.where)}"
    return f"SELECT {value} AS {kpi.name}\nFROM {kpi.of.view.name}{where}"


def _section(kpi: Kpi) -> Iterator[str]:
    yield from (f"## {kpi.title}", "", kpi.sentence, "")
    yield f"- Not in it: {kpi.left_out}."
    yield f"- In `kpis_per_day` a row counts on the day on which {kpi.of.told}."
    yield from ("", "```sql", f"{statement(kpi)};", "```", "")


def _anchor(kpi: Kpi) -> str:
    return kpi.title.lower().replace(" ", "-")


def _spelled(expression: Any) -> str:
    told = str(expression.compile(dialect=_POSTGRES, compile_kwargs={"literal_binds": True}))
    return told.replace("each_ticket.", "").replace("each_clock.", "")


if __name__ == "__main__":
    sys.stdout.write(build_page())
