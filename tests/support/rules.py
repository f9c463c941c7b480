"""An account in memory, without a server, and short ways to write rules for it."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.founding import new_account
from integrations.sandbox.rules.checking import checked_rule
from integrations.sandbox.rules.revisions import note_revision
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import tickets
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account

MONDAY = datetime(2031, 3, 3, 1, 0, tzinfo=UTC)  # nine in the morning in Singapore


class Office:
    """An account with short ways to do what rules react to."""

    def __init__(self) -> None:
        self.account: Account = new_account(SandboxConfig(start=MONDAY))
        self.admin = self.person("admin@example.com")
        self.calls: list[tuple[str, Any]] = []
        self.account.webhook_callers.append(
            lambda webhook, body: self.calls.append((webhook, body))
        )

    def person(self, email: str) -> Record:
        """Return somebody who works here."""
        found = self.account.user_by_email(email)
        assert found is not None
        return found

    def group(self, name: str) -> int:
        """Return the id of a department."""
        return int(self.account.groups.where(name=name)[0]["id"])

    def field(self, title: str) -> int:
        """Return the id of a ticket field."""
        return int(self.account.ticket_fields.where(title=title)[0]["id"])

    def opens(self, **asked: Any) -> TicketCase:
        """Open a ticket from a customer."""
        given = {
            "subject": "Frozen",
            "comment": {"body": "Why?"},
            "requester": "li@customer.example",
        }
        return tickets.create(self.account, given | asked, self.admin)

    def changes(self, case: TicketCase, actor: Record | None = None, **asked: Any) -> Record:
        """Change a ticket and return the audit."""
        return tickets.update(self.account, case, asked, actor or self.admin)

    def customer_says(self, case: TicketCase, text: str) -> Record:
        """Let the requester answer."""
        requester = self.account.users.get(case.record["requester_id"])
        return self.changes(case, requester, comment={"body": text})

    def trigger(self, *actions: Record, every: Any = (), some: Any = (), **more: Any) -> Record:
        """Keep a trigger after all others."""
        return self._rule("trigger", actions, every, some, more)

    def automation(self, *actions: Record, every: Any = (), **more: Any) -> Record:
        """Keep an automation after all others."""
        return self._rule("automation", actions, every, (), more)

    def _rule(self, kind: str, actions: Any, every: Any, some: Any, more: Any) -> Record:
        store = self.account.triggers if kind == "trigger" else self.account.automations
        rule = {
            "id": self.account.ids.record(),
            "title": f"{kind} {len(store) + 1}",
            "active": True,
            "description": None,
            "position": len(store) + 1,
            "actions": list(actions),
            "conditions": {"all": list(every), "any": list(some)},
            "category_id": self.account.trigger_categories.all()[0]["id"],
            "revisions": [],
            **more,
        }
        checked_rule(self.account, rule, kind)
        note_revision(rule, self.admin, self.account.clock.stamp())
        return store.add(rule)

    def waits(self, **time: float) -> None:
        """Let time pass."""
        self.account.clock.step_to(self.account.clock.now() + timedelta(**time))


def when(field: str, operator: str = "is", value: Any = None) -> Record:
    """Return a condition."""
    return {"field": field, "operator": operator, "value": value}


def do(field: str, value: Any) -> Record:
    """Return an action."""
    return {"field": field, "value": value}
