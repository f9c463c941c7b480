"""How fast SLA clocks are: business time in microseconds a call, tickets a second on one core.

Run: python benchmarks/sla.py [--tickets N]

A ticket has 13 history rows: its creation and 12 updates, each with a status, most with a comment.
Measured is the way from its plain events to all its clocks: events put in order, states followed,
policies chosen, every clock with its pauses, targets and breaches. Making up the events is not
measured. Times are CPU times of this process: what one core needs, whatever else the machine does.
"""

import resource
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from time import process_time

from rich.console import Console
from rich.table import Table

from sync.sla.engine import Rulebook, compute_all
from sync.sla.names import METRIC_NAMES
from sync.sla.policies import Policy, read_policy
from sync.sla.policy_book import PolicyBook
from sync.sla.schedules import BusinessTime, to_second
from sync.sla.timeline import Event, Opening, Role, build_timeline

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = START + timedelta(days=60)
OFFICE = {
    "id": 1,
    "time_zone": "Europe/Budapest",
    "intervals": [
        {"start_time": day * 1440 + 540, "end_time": day * 1440 + 1020} for day in range(1, 6)
    ],
    "holidays": [{"start_date": "2026-04-03", "end_date": "2026-04-06"}],
}
CUSTOMER, AGENT = 10, 20
ROLES = {CUSTOMER: Role.END_USER, AGENT: Role.AGENT}
UPDATES, CALLS, ROUNDS, AT_ONCE = 12, 50_000, 5, 2_000

Life = tuple[Opening, list[Event]]


def main() -> None:
    """Measure everything and print one table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000, help="how many, 1000000 say")
    tickets = parser.parse_args().tickets
    table = Table("what", "result", title="SLA clocks")
    measure_business_time(table)
    measure_tickets(table, tickets)
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
        group_policies=PolicyBook([make_policy("G", 1, "group_id", 51, 1)]),
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


def made_up(tickets: int) -> Iterator[list[Life]]:
    """Yield lives of tickets, some at a time."""
    random = Random(1)
    for first in range(0, tickets, AT_ONCE):
        yield [make_life(random, first + n) for n in range(min(AT_ONCE, tickets - first))]


def best(work: Callable[[], object]) -> float:
    """Return the shortest time of several rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begin = process_time()
        work()
        times.append(process_time() - begin)
    return min(times)


def make_policies() -> list[Policy]:
    """Return three policies in business hours; tickets fall under the last one."""
    return [
        make_policy(number, number, "current_tags", tag, 60)
        for number, tag in enumerate(("vip", "legal", "withdrawal"))
    ]


def make_policy(
    number: int | str, position: int, field: str, value: str | int, target_unit: int
) -> Policy:
    """Return a policy with a target of eight business hours for every metric."""
    lines = [
        {
            "metric": name,
            "priority": "normal",
            "target_in_seconds": 28_800,
            "business_hours": True,
        }
        for name in sorted(METRIC_NAMES)
    ]
    condition = {"field": field, "operator": "includes", "value": value}
    return read_policy(
        {
            "id": number,
            "position": position,
            "filter": {"all": [condition]},
            "policy_metrics": lines,
        },
        target_unit=target_unit,
    )


def make_life(random: Random, ticket_id: int) -> Life:
    """Return a ticket that customer and agent write to in turn, with changing status."""
    opening = Opening(
        ticket_id=ticket_id,
        at=to_second(START) + random.randrange(10**6),
        submitter_id=CUSTOMER,
        via="email",
        public=True,
        author_id=CUSTOMER,
        fields={
            "status": "new",
            "priority": "normal",
            "requester_id": CUSTOMER,
            "group_id": 51,
            "tags": ["withdrawal"],
        },
    )
    at, events = opening.at, []
    for number in range(1, UPDATES + 1):
        at += random.randrange(60, 10**5)
        changes: dict[str, object] = {
            "status": random.choice(["open", "pending", "hold", "solved"])
        }
        if number == UPDATES // 2:
            changes["group_id"] = 52
        public = random.random() < 0.8
        author = CUSTOMER if number % 2 else AGENT
        events.append(Event(id=number, at=at, author_id=author, public=public, changes=changes))
    return opening, events


if __name__ == "__main__":
    main()
