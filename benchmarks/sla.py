"""How fast SLA clocks are: business time in microseconds a call, tickets a second.

Run: python benchmarks/sla.py
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter

from rich.console import Console
from rich.table import Table

from sync.sla.engine import Rulebook, compute
from sync.sla.policies import Policy, read_policy
from sync.sla.policy_book import PolicyBook
from sync.sla.schedules import BusinessTime, to_second
from sync.sla.timeline import Event, Opening, Role, Timeline, build_timeline

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = START + timedelta(days=60)
OFFICE = {
    "time_zone": "Europe/Budapest",
    "intervals": [
        {"start_time": day * 1440 + 540, "end_time": day * 1440 + 1020} for day in range(1, 6)
    ],
    "holidays": [{"start_date": "2026-04-03", "end_date": "2026-04-06"}],
}
METRICS = ("first_reply_time", "next_reply_time", "requester_wait_time", "agent_work_time")
CUSTOMER, AGENT = 10, 20
CALLS, TICKETS, UPDATES = 50_000, 2_000, 12
ROUNDS = 5


def main() -> None:
    """Measure everything and print one table."""
    office = BusinessTime(OFFICE)
    random = Random(1)
    since = to_second(START)
    spans = [(since + random.randrange(10**7), random.randrange(1, 10**6)) for _ in range(CALLS)]
    office.due(since, 10**7)  # compiled before the calls are measured
    timelines = [make_ticket(random) for _ in range(TICKETS)]
    rules = Rulebook(policies=PolicyBook(make_policies()), schedules=[(0, office)])
    compiling = best(lambda: BusinessTime(OFFICE).due(since, 3600))
    elapsed = best(lambda: [office.seconds(start, start + length) for start, length in spans])
    due = best(lambda: [office.due(start, length) for start, length in spans])
    clocks = best(lambda: [compute(timeline, rules, now=NOW) for timeline in timelines])
    table = Table("what", "result", title=f"SLA clocks, best of {ROUNDS} rounds")
    table.add_row("compile a schedule (three years)", f"{compiling * 1e3:.1f} ms")
    table.add_row("business seconds between two instants", f"{elapsed / CALLS * 1e6:.2f} µs")
    table.add_row("deadline from a number of business seconds", f"{due / CALLS * 1e6:.2f} µs")
    table.add_row(
        f"all clocks of a ticket with {UPDATES} updates", f"{TICKETS / clocks:,.0f} tickets/s"
    )
    Console().print(table)


def best(work: Callable[[], object]) -> float:
    """Return the shortest time of several rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begin = perf_counter()
        work()
        times.append(perf_counter() - begin)
    return min(times)


def make_policies() -> list[Policy]:
    """Return three policies in business hours; tickets fall under the last one."""
    return [
        read_policy(
            {
                "id": number,
                "position": number,
                "filter": {
                    "all": [{"field": "current_tags", "operator": "includes", "value": tag}]
                },
                "policy_metrics": [
                    {"metric": name, "priority": "normal", "target": 480, "business_hours": True}
                    for name in METRICS
                ],
            }
        )
        for number, tag in enumerate(("vip", "legal", "withdrawal"))
    ]


def make_ticket(random: Random) -> Timeline:
    """Return a ticket that customer and agent write to in turn, with changing status."""
    opening = Opening(
        ticket_id=1,
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
    events = [
        Event(
            at=opening.at + (number + 1) * random.randrange(60, 10**5),
            author_id=AGENT if number % 2 else CUSTOMER,
            public=random.random() < 0.8,
            changes={"status": random.choice(["open", "pending", "hold", "solved"])},
        )
        for number in range(UPDATES)
    ]
    return build_timeline(opening, events, {CUSTOMER: Role.END_USER, AGENT: Role.AGENT})


if __name__ == "__main__":
    main()
