"""What else can happen to a ticket at any time, whatever its agent is about to do."""

from collections.abc import Callable
from random import Random
from typing import Any

from integrations.sandbox.history.texts import talk
from integrations.sandbox.population import FAMILIES
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.fields import PRIORITIES, TYPES

TAGS = ("riskdesk", "partner", "press")
Wish = tuple[Record, dict[str, Any]]  # who acts, and what is asked
Twist = Callable[["Surroundings"], Wish]


class Surroundings:
    """A ticket and the people around it, for one twist."""

    def __init__(self, account: Account, random: Random, ticket: Record, agent: Record) -> None:
        self.account, self.random = account, random
        self.ticket, self.agent = ticket, agent
        staff = account.users.where(role="agent")
        self.colleague = random.choice([one for one in staff if not one["only_private_comments"]])
        self.light_agent = next(one for one in staff if one["only_private_comments"])
        self.requester: Record = account.users.get(ticket["requester_id"])

    def says(self, author: Record, *, public: bool, **fields: Any) -> Wish:
        """Return that somebody says something."""
        words = talk.NOTES if not public else talk.REMINDERS["en"]
        said = {"body": self.random.choice(words), "public": public}
        return author, {"comment": said} | fields


def another_priority(around: Surroundings) -> Wish:
    """Raise or lower the priority, or take it away."""
    chosen = around.random.choice((*PRIORITIES, *PRIORITIES, None))
    return around.agent, {"priority": chosen}


def another_tag(around: Surroundings) -> Wish:
    """Add a tag that policies look at, or take it away again."""
    tag = around.random.choice(TAGS)
    verb = "remove_tags" if tag in around.ticket["tags"] else "additional_tags"
    return around.agent, {verb: [tag]}


def another_group(around: Surroundings) -> Wish:
    """Hand the ticket to a department, without saying who is to do it."""
    group = around.random.choice(around.account.groups.all())
    return around.agent, {"group_id": group["id"], "assignee_id": None}


def another_assignee(around: Surroundings) -> Wish:
    """Give the ticket to somebody, perhaps of another department."""
    return around.agent, {"assignee_id": around.colleague["id"]}


def another_status(around: Surroundings) -> Wish:
    """Change the status and say nothing."""
    return around.agent, {"status": around.random.choice(("open", "pending", "hold"))}


def another_type(around: Surroundings) -> Wish:
    """Say what kind of ticket it is."""
    return around.agent, {"type": around.random.choice(TYPES[1:])}  # a problem solves incidents


def another_reason(around: Surroundings) -> Wish:
    """Find another reason of the complaint."""
    fields = around.account.ticket_fields.where(title="Risk reason")
    letter = around.random.choice(list(FAMILIES))
    return around.agent, {"custom_fields": [{"id": fields[0]["id"], "value": f"risk_{letter}1"}]}


def another_requester(around: Surroundings) -> Wish:
    """Find out that the ticket is somebody else's."""
    others = around.account.users.where(role="end-user")
    return around.agent, {"requester_id": around.random.choice(others)["id"]}


def another_company(around: Surroundings) -> Wish:
    """Move the ticket to a company."""
    company = around.random.choice(around.account.organizations.all())
    return around.agent, {"organization_id": company["id"]}


def agent_speaks(around: Surroundings) -> Wish:
    """Let a colleague answer, and perhaps wait for the customer."""
    status = around.random.choice(({}, {"status": "pending"}, {"status": "hold"}))
    return around.says(around.colleague, public=True, **status)


def agent_notes(around: Surroundings) -> Wish:
    """Let a colleague note something, perhaps while putting the ticket on hold."""
    status = around.random.choice(({}, {}, {"status": "hold"}))
    return around.says(around.colleague, public=False, **status)


def light_agent_notes(around: Surroundings) -> Wish:
    """Let somebody note something who may answer no customer."""
    return around.says(around.light_agent, public=False)


def customer_speaks(around: Surroundings) -> Wish:
    """Let the customer write again, however the ticket stands."""
    return around.says(around.requester, public=True)


def customer_notes(around: Surroundings) -> Wish:
    """Let something of the customer come in that only staff can read."""
    return around.says(around.requester, public=False)


def solves_silently(around: Surroundings) -> Wish:
    """Solve the ticket and say nothing."""
    return around.agent, {"status": "solved", "assignee_id": around.agent["id"]}


def solves_with_words(around: Surroundings) -> Wish:
    """Solve the ticket with an answer."""
    return around.says(around.agent, public=True, status="solved", assignee_id=around.agent["id"])


def opens_again(around: Surroundings) -> Wish:
    """Open the ticket again and say nothing."""
    return around.agent, {"status": "open"}


TWISTS: tuple[tuple[Twist, int], ...] = (
    (another_priority, 14),
    (another_tag, 8),
    (another_group, 9),
    (another_assignee, 5),
    (another_status, 12),
    (another_type, 3),
    (another_reason, 3),
    (another_requester, 1),
    (another_company, 1),
    (agent_speaks, 10),
    (agent_notes, 6),
    (light_agent_notes, 3),
    (customer_speaks, 9),
    (customer_notes, 3),
    (solves_silently, 5),
    (solves_with_words, 5),
    (opens_again, 5),
)
