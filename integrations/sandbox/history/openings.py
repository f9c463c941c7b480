"""The ways in which a ticket can begin, besides a customer who writes to the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.history.customers import Customer
from integrations.sandbox.history.rota import Agent
from integrations.sandbox.history.telling import Telling
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.side_conversations import talking
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import tickets
from integrations.sandbox.state.ticketing.ticket_case import VIA_API, TicketCase

MESSAGING, EMAIL = "native_messaging", "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Who is there when a ticket begins, and what it is about."""

    account: Account
    customer: Customer
    told: Telling
    agent: Agent
    light_agent: Record
    parent: TicketCase | None  # a living ticket of somebody else

    def asked(self, **more: Any) -> dict[str, Any]:
        """Return the fields that every such ticket has."""
        return {
            "subject": self.told.subject,
            "comment": {"body": self.told.text},
            "requester_id": self.customer.user["id"],
            "custom_fields": self.told.facts,
        } | more


Opening = Callable[[Beginning], TicketCase]


def by_messaging(scene: Beginning) -> TicketCase:
    """Let the customer write in a messenger, where answers are due in seconds."""
    customer = scene.customer.user
    asked = scene.asked(submitter_id=customer["id"], tags=["messaging"])
    return tickets.create(scene.account, asked, customer, _via(MESSAGING))


def by_note(scene: Beginning) -> TicketCase:
    """Let an agent write down what a customer said on the phone."""
    said = {"body": scene.told.text, "public": False}
    return tickets.create(scene.account, scene.asked(comment=said), scene.agent.user)


def in_public(scene: Beginning) -> TicketCase:
    """Let an agent write to a customer who did not ask."""
    return tickets.create(scene.account, scene.asked(), scene.agent.user)


def for_themselves(scene: Beginning) -> TicketCase:
    """Let an agent ask something."""
    agent = scene.agent.user
    return tickets.create(scene.account, scene.asked(requester_id=agent["id"]), agent)


def forwarded(scene: Beginning) -> TicketCase:
    """Let an agent forward an e-mail that a customer sent to the wrong address."""
    return _forwarded(scene, scene.agent.user)


def forwarded_by_light_agent(scene: Beginning) -> TicketCase:
    """Let somebody forward such an e-mail who may answer no customer."""
    return _forwarded(scene, scene.light_agent)


def as_child(scene: Beginning) -> TicketCase:
    """Let an agent ask another department beside a ticket, which gives that one a ticket."""
    if scene.parent is None:
        return by_note(scene)
    to = [{"support_group_id": scene.agent.group_id, "support_agent_id": None}]
    message = {"subject": scene.told.subject, "body": scene.told.text, "to": to}
    conversation, _ = talking.begin(scene.account, scene.parent.id, message, {}, scene.agent.user)
    return scene.account.ticket(conversation.child_id or 0)


def _forwarded(scene: Beginning, staff: Record) -> TicketCase:
    """Open a ticket with the customer's own words, as Zendesk does when staff forward an e-mail."""
    asked = scene.asked(submitter_id=staff["id"])
    return tickets.create(scene.account, asked, staff, _via(EMAIL), author=scene.customer.user)


def _via(channel: str) -> Record:
    return VIA_API | {"channel": channel}


OPENINGS: tuple[tuple[Opening, int], ...] = (
    (by_messaging, 9),
    (by_note, 6),
    (in_public, 4),
    (for_themselves, 3),
    (forwarded, 4),
    (forwarded_by_light_agent, 2),
    (as_child, 3),
)
