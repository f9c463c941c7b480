"""How fast SLA clocks are: business time in microseconds a call, tickets a second on one core.

Run: python benchmarks/sla.py [--tickets N] [--refresh]

A ticket has 13 history rows: its creation and 12 updates, each with a status, most with a comment.
Measured is the way from its plain events to all its clocks: events put in order, states followed,
policies chosen, every clock with its pauses, targets and breaches. Making up the events is not
measured. Times are CPU times of this process: what one core needs, whatever else the machine does.
--refresh also fills a warehouse on PostgreSQL with so many tickets and keeps its clocks right.
"""

import resource
from argparse import ArgumentParser
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from random import Random
from time import process_time

from rich.console import Console
from rich.table import Table
from sla_lives import (
    AT_ONCE,
    NOW,
    OFFICE,
    ROLES,
    START,
    UPDATES,
    made_up,
    make_policies,
    policy_record,
    stored_rows,
)
from sla_refresh import measure_refresh

from sync.sla.engine import Rulebook, compute_all
from sync.sla.lives import TicketRows, read_life
from sync.sla.policies import read_policy
from sync.sla.policy_book import PolicyBook
from sync.sla.schedules import BusinessTime, to_second
from sync.sla.timeline import Timeline, build_timeline

CALLS, ROUNDS = 50_000, 5


def main() -> None:
    """Measure everything and print one table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000, help="how many, 1000000 say")
    parser.add_argument("--refresh", action="store_true", help="also in a warehouse on PostgreSQL")
    asked = parser.parse_args()
    table = Table("what", "result", title="SLA clocks")
    measure_business_time(table)
    measure_tickets(table, asked.tickets)
    if asked.refresh:
        measure_refresh(table, asked.tickets)
    Console().print(table)


def measure_business_time(table: Table) -> None:
    """Compile a schedule, and ask it for elapsed time and deadlines."""
    office, random, since = BusinessTime(OFFICE), Random(1), to_second(START)
    spans = [(since + random.randrange(10**7), random.randrange(1, 10**6)) for _ in range(CALLS)]
    office.due(since, 10**7)  # compiled before the calls are measured
    compiling = best(lambda: BusinessTime(OFFICE).due(since, 3600))
    elapsed = best(lambda: [office.seconds(start, start + length) for start, length in spans])
    due = best(lambda: [office.due(start, length) for start, length in spans])
    table.add_row("compile a schedule (three years)", f"{compiling * 1e3:.1f} ms")
    table.add_row("business seconds between two instants", f"{elapsed / CALLS * 1e6:.2f} µs")
    table.add_row("deadline from a number of business seconds", f"{due / CALLS * 1e6:.2f} µs")


def measure_tickets(table: Table, tickets: int) -> None:
    """Compute the clocks of so many tickets, made up as they are needed and forgotten again."""
    rules = Rulebook(
        policies=PolicyBook(make_policies()),
        group_policies=PolicyBook([read_policy(policy_record("G", 1, "group_id", 51))]),
        schedules=[(0, BusinessTime(OFFICE))],
    )
    spent, clocks, done = 0.0, 0, 0
    marks = {tickets // 10, tickets}
    for lives in made_up(tickets):
        begin = process_time()
        timelines = (build_timeline(opening, events, ROLES) for opening, events in lives)
        clocks += sum(len(found) for _, found in compute_all(timelines, rules, now=NOW))
        spent += process_time() - begin
        done += len(lives)
        if done in marks:
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            table.add_row(
                f"{done:,} tickets, {UPDATES + 1} history rows and {clocks / done:.1f} clocks each",
                f"{done / spent:,.0f} tickets/s, {memory} MB at most",
            )
    rows = [stored_rows(life) for life in next(made_up(AT_ONCE))]
    from_rows = best(lambda: deque(compute_all(timelines_of(rows), rules, now=NOW), maxlen=0))
    rate = f"{AT_ONCE / from_rows:,.0f} tickets/s"
    table.add_row("the same from the rows of audits, comments and changes", rate)


def timelines_of(rows: Iterable[TicketRows]) -> Iterator[Timeline]:
    """Yield tickets as the warehouse's rows tell of them."""
    return (build_timeline(*read_life(ticket), ROLES) for ticket in rows)


def best(work: Callable[[], object]) -> float:
    """Return the shortest time of several rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begin = process_time()
        work()
        times.append(process_time() - begin)
    return min(times)


if __name__ == "__main__":
    main()
