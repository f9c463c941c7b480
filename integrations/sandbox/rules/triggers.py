"""Triggers: rules that look at every ticket as it is created or changed."""

from integrations.sandbox.rules.conditions import Meets, are_lasting, meets
from integrations.sandbox.rules.facts import facts_of_draft
from integrations.sandbox.rules.performing import perform
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.changes import TicketDraft
from integrations.sandbox.state.store import Record


class Triggers:
    """Runs the triggers of an account on tickets that are about to be kept."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._known: dict[int, tuple[Record, Meets]] = {}

    def __call__(self, draft: TicketDraft) -> None:
        """Run the active triggers in their order.

        When one changes the ticket, all that have not fired yet are looked at again from the top;
        none fires twice. So every run ends.
        """
        waiting = [(one, self._test(one)) for one in self._in_order()]
        while waiting:
            waiting = self._fire_next(draft, waiting)

    def _fire_next(
        self, draft: TicketDraft, waiting: list[tuple[Record, Meets]]
    ) -> list[tuple[Record, Meets]]:
        """Fire from the top until one changes the ticket; return those still to be looked at."""
        passed, facts = [], facts_of_draft(self._account, draft)
        for place, (trigger, test) in enumerate(waiting):
            if not test(facts):
                passed.append((trigger, test))
            elif perform(self._account, draft, trigger["actions"], via_of(trigger, "trigger")):
                return passed + waiting[place + 1 :]
        return []

    def _test(self, trigger: Record) -> Meets:
        """Return the question of a trigger, remembered until the trigger gets other conditions."""
        conditions = trigger["conditions"]
        known = self._known.get(trigger["id"])
        if known and known[0] is conditions:
            return known[1]
        test = meets(self._account, conditions)
        if are_lasting(conditions):
            self._known[trigger["id"]] = (conditions, test)
        return test

    def _in_order(self) -> list[Record]:
        active = [one for one in self._account.triggers.all() if one["active"]]
        return in_firing_order(self._account, active)


def in_firing_order(account: Account, triggers: list[Record]) -> list[Record]:
    """Return triggers by the place of their category, then by their own place."""
    places = {one["id"]: one["position"] or 0 for one in account.trigger_categories.all()}
    return sorted(
        triggers,
        key=lambda one: (
            places.get(one["category_id"], 0),
            one["position"] or 0,
            one["title"],
            one["id"],
        ),
    )


def via_of(rule: Record, kind: str) -> Record:
    """Return the `via` of what a rule did; `kind` is trigger or automation."""
    origin = {"id": rule["id"], "title": rule["title"], "deleted": False}
    if kind == "trigger":
        origin["revision_id"] = len(rule["revisions"])
    return {"channel": "rule", "source": {"from": origin, "to": {}, "rel": kind}}
