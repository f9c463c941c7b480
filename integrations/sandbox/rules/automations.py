"""Automations: rules that look at every ticket that is not closed, once an hour."""

from datetime import datetime, timedelta

from integrations.sandbox.rules.conditions import meets
from integrations.sandbox.rules.facts import facts_of_cases
from integrations.sandbox.rules.performing import perform
from integrations.sandbox.rules.triggers import via_of
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import tickets
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

HOUR = timedelta(hours=1)
MOST_TICKETS = 1000  # that one automation changes in one run
MOST_RUNS, MOST_LOOKS = 168, 500_000  # hours made up for, and those times tickets
SYSTEM: Record = {
    "id": -1,
    "name": "System",
    "email": None,
    "role": "system",
    "default_group_id": None,
    "only_private_comments": False,
}


class Automations:
    """Runs the automations of an account at every full hour of the record clock."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def make_up(self, since: datetime, now: datetime) -> None:
        """Run for every hour that passed, each with the clock set back to it.

        Nobody looked at the account in between, so nobody can tell the difference. A leap of more
        than a week makes up for its last week only, in a big account for less.
        """
        last, hour = (one.replace(minute=0, second=0, microsecond=0) for one in (since, now))
        if hour <= last or not self._active():
            return
        runs = min((hour - last) // HOUR, MOST_RUNS)
        runs = max(1, min(runs, MOST_LOOKS // max(1, len(self._account.tickets))))
        for passed in reversed(range(runs)):
            with self._account.clock.set_back(hour - passed * HOUR):
                self.run()

    def run(self) -> None:
        """Look at every ticket now."""
        for automation in self._active():
            test = meets(self._account, automation["conditions"])
            changed = 0
            for facts in facts_of_cases(self._account, self._open_cases(), SYSTEM):
                if not test(facts):
                    continue
                self._fire(automation, facts.case)
                changed += 1
                if changed == MOST_TICKETS:
                    break

    def _active(self) -> list[Record]:
        active = [one for one in self._account.automations.all() if one["active"]]
        return sorted(active, key=lambda one: (one["position"] or 0, one["id"]))

    def _open_cases(self) -> list[TicketCase]:
        living = self._account.living_tickets()
        return [case for case in living if case.record["status"] != "closed"]

    def _fire(self, automation: Record, case: TicketCase) -> None:
        via = via_of(automation, "automation")
        draft = tickets.prepare(self._account, case, SYSTEM, via)
        perform(self._account, draft, automation["actions"], via)
        tickets.commit(self._account, draft, SYSTEM)
