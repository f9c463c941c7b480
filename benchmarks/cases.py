"""How long it takes to link a million indicators: in memory, in a database, and one ticket more.

Run: python benchmarks/cases.py [--mentions 1000000]
"""

import argparse
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, insert

from automations.cases.grouping import grouped
from automations.cases.mentions import Kind, Mention, Relation
from automations.cases.rebuilding import rebuild
from automations.cases.service import link
from automations.cases.supernodes import known_supernodes
from automations.cases.tables import case_indicators, case_mentions
from integrations.runtime.database import create_database_engine, transaction
from sync.migrations.upgrade import upgrade

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
AT_ONCE = 20_000
NEW_TICKETS = 1_000


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=1_000_000)
    wanted = parser.parse_args().mentions
    pairs = list(made_up(Random(1), wanted))
    table = Table("what", "seconds", title=f"Linking {len(pairs):,} indicators of tickets")
    begun = perf_counter()
    groups = grouped(pairs)
    linked = sum(map(len, groups.values()))
    table.add_row(
        f"group in memory: {len(groups):,} cases with {linked:,} tickets",
        f"{perf_counter() - begun:.1f}",
    )
    with tempfile.TemporaryDirectory() as folder:
        engine = create_database_engine(f"sqlite:///{Path(folder) / 'cases.db'}")
        upgrade(engine)
        fill(engine, pairs)
        begun = perf_counter()
        with transaction(engine) as connection:
            found = rebuild(connection, known_supernodes(), now=NOW)
        table.add_row(
            f"group and store in SQLite: {found.cases:,} cases", f"{perf_counter() - begun:.1f}"
        )
        each = add_more(engine, max(ticket for ticket, _ in pairs))
        table.add_row("link one more ticket, in a transaction", f"{each:.4f}")
        engine.dispose()
    Console().print(table)


def made_up(random: Random, wanted: int) -> Iterator[tuple[int, int]]:
    """Yield (ticket, indicator): most things are named once, some by dozens of tickets."""
    scams = [int(random.paretovariate(1.1)) for _ in range(wanted // 8)]
    named, indicator, ticket = 0, 0, 0
    for victims in scams:
        indicator += 1
        for _ in range(min(victims, 400)):
            ticket += 1
            yield ticket, indicator
            named += 1
            for _ in range(random.choice((0, 1, 1, 2))):
                indicator += 1
                yield ticket, indicator
                named += 1
        if named >= wanted:
            return
    while named < wanted:
        indicator, ticket, named = indicator + 1, ticket + 1, named + 1
        yield ticket, indicator


def fill(engine: Engine, pairs: list[tuple[int, int]]) -> None:
    """Store what tickets name, as if they had been read one by one."""
    tickets: dict[int, int] = {}
    for _, indicator in pairs:
        tickets[indicator] = tickets.get(indicator, 0) + 1
    indicators: Iterator[dict[str, object]] = (
        {
            "id": indicator,
            "relation": Relation.VICTIM_OF.value,
            "kind": Kind.ADDRESS.value,
            "value": f"0x{indicator:040x}",
            "tickets": count,
            "is_supernode": False,
        }
        for indicator, count in tickets.items()
    )
    mentions: Iterator[dict[str, object]] = (
        {"ticket_id": ticket, "indicator_id": indicator, "requester_id": ticket}
        for ticket, indicator in pairs
    )
    with transaction(engine) as connection:
        while part := list(islice(indicators, AT_ONCE)):
            connection.execute(insert(case_indicators), part)
        while part := list(islice(mentions, AT_ONCE)):
            connection.execute(insert(case_mentions), part)


def add_more(engine: Engine, highest: int) -> float:
    """Link new tickets with old ones, and return the seconds that one takes."""
    random = Random(2)
    begun = perf_counter()
    for place in range(1, NEW_TICKETS + 1):
        ticket = highest + place
        mention = Mention(
            Relation.VICTIM_OF, Kind.ADDRESS, f"0x{random.randrange(1, highest):040x}"
        )
        with transaction(engine) as connection:
            link(
                connection,
                ticket_id=ticket,
                requester_id=ticket,
                mentions=[mention],
                now=NOW,
            )
    return (perf_counter() - begun) / NEW_TICKETS


if __name__ == "__main__":
    main()
