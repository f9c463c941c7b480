"""How much the desk's own clocks and regulators' add to a ticket: microseconds of one core.

Run: python benchmarks/desk_clocks.py
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from time import process_time, thread_time

from rich.console import Console
from rich.table import Table

from sync.sla.desk_clocks.compute import desk_clocks
from sync.sla.desk_clocks.desk import make_desk
from sync.sla.desk_clocks.loading import load_desk_rules
from sync.sla.schedules import BusinessTime, to_second
from sync.sla.timeline import Event, Opening, Role, Timeline, build_timeline

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = to_second(START + timedelta(days=90))
OFFICE = {
    "time_zone": "Asia/Singapore",
    "intervals": [
        {"start_time": day * 1440 + 540, "end_time": day * 1440 + 1080} for day in range(1, 6)
    ],
}
CUSTOMER, AGENT, LAWYER, RISKDESK = 10, 20, 21, 30
ROLES = dict.fromkeys((AGENT, LAWYER, RISKDESK), Role.AGENT)
PLACES = ("uk", "de", "mt", "us-ny", "ae-du", "hk", "sg", "fr")
UPDATES, TICKETS, ROUNDS = 13, 2_000, 7


def main() -> None:
    """Measure tickets with and without marks and print one table."""
    random = Random(1)
    plain = [make_ticket(random, marked=False) for _ in range(TICKETS)]
    marked = [make_ticket(random, marked=True) for _ in range(TICKETS)]
    load_desk_rules.cache_clear()
    begin = process_time()
    rules = load_desk_rules()
    loading = process_time() - begin
    office = BusinessTime(OFFICE)
    desk = make_desk(rules, hours=lambda _name, _at: office, members={"LGL": {LAWYER}})

    def work(tickets: Sequence[Timeline]) -> int:
        return sum(len(desk_clocks(ticket, desk, now=NOW)[1]) for ticket in tickets)

    clocks = work(marked)
    without = best(lambda: work(plain))
    with_marks = best(lambda: work(marked))
    table = Table("what", "result", title=f"The desk's own clocks, best of {ROUNDS} rounds")
    table.add_row("read and check the rules, once", f"{loading * 1e3:.1f} ms")
    table.add_row(
        f"a ticket of {UPDATES} updates without marks", f"{without / TICKETS * 1e6:.1f} µs"
    )
    table.add_row(
        f"a complaint with {clocks / TICKETS:.1f} clocks", f"{with_marks / TICKETS * 1e6:.1f} µs"
    )
    Console().print(table)


def best(work: Callable[[], object]) -> float:
    """Return the least processor time of several rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begin = thread_time()
        work()
        times.append(thread_time() - begin)
    return min(times)


def make_ticket(random: Random, *, marked: bool) -> Timeline:
    """Return a ticket that triage marked and escalated, or that nobody marked."""
    place = random.choice(PLACES)
    first = ["riskdesk", "risk_language_en", "risk_family_c", "risk_reason_c8", "risk_s3"]
    second = [*first, f"jurisdiction_{place}", "risk_escalated", "risk_queue_lgl"]
    tags = [first, second] if marked else [["vip"], ["vip", "refund"]]
    opening = Opening(
        ticket_id=1,
        at=to_second(START) + random.randrange(10**6),
        submitter_id=CUSTOMER,
        via="email",
        public=True,
        author_id=CUSTOMER,
        fields={"status": "new", "requester_id": CUSTOMER, "tags": [], "via": "email"},
    )
    own = [
        Event(at=opening.at + 2 + step, author_id=RISKDESK, public=False, changes={"tags": its})
        for step, its in enumerate(tags)
    ]
    return build_timeline(opening, [*own, *_talk(random, opening.at)], ROLES)


def _talk(random: Random, opened: int) -> Sequence[Event]:
    """Let customer and staff write in turn; two of three tickets are solved in the end."""
    last = UPDATES - 3
    return [
        Event(
            at=opened + (number + 1) * random.randrange(60, 10**5),
            author_id=random.choice([AGENT, LAWYER]) if number % 2 else CUSTOMER,
            public=random.random() < 0.8,
            changes={
                "status": "solved"
                if number == last and random.random() < 0.67
                else random.choice(["open", "pending", "hold"])
            },
        )
        for number in range(UPDATES - 2)
    ]


if __name__ == "__main__":
    main()
