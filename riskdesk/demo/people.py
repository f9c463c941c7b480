"""Who acts on the played day: customers with made-up names, and the agents of the account."""

import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from integrations.runtime.errors import ServiceUnavailable
from integrations.sandbox.population import INTEGRATION_EMAIL
from riskdesk.demo.calls import Calls, read_all
from riskdesk.demo.complaints import Complaint

FRONT_LINE: Final = "Customer Service"
# Which department owns a family; what riskdesk decides for the ticket itself goes first.
DEPARTMENT: Final = {
    "A": "Account Security",
    "B": "Risk Control",
    "C": "Risk Control",
    "D": "Account Security",
    "E": "P2P Operations",
    "F": "Payments",
    "G": "Legal",
    "H": "Engineering",
    "J": "Risk Control",
    "K": "Compliance",
}
ENGLISH_NAMES: Final = (
    "Alan Pryce", "Bea Castell", "Cleo Hartwell", "Dario Venn", "Edith Lowry", "Felix Amadi",
    "Gwen Tarrant", "Hugh Mazur", "Ivy Calloway", "Jonah Strand", "Kira Velde", "Lionel Achter",
)  # fmt: skip
CHINESE_NAMES: Final = (
    "卞思齐", "成若云", "窦明轩", "房雨晴", "甘立诚", "和晓舟",
    "蓝天佑", "凌初夏", "麦子恒", "庞宁远", "曲星河", "温以宁",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who a complaint comes from."""

    name: str
    email: str


def customer_of(complaint: Complaint) -> Customer:
    """Return the writer of a complaint: the one it names, or one made up from its id."""
    digest = hashlib.sha256(complaint.id.encode()).hexdigest()
    pool = CHINESE_NAMES if complaint.is_chinese else ENGLISH_NAMES
    name = complaint.customer or pool[int(digest, 16) % len(pool)]
    readable = ".".join(re.findall(r"[a-z0-9]+", name.lower()))
    if complaint.customer and readable:
        return Customer(name=name, email=f"{readable}@example.net")
    return Customer(name=name, email=f"customer-{digest[:12]}@example.net")


@dataclass(frozen=True, slots=True)
class Staff:
    """The agents of the account by group; the same ticket always meets the same faces."""

    members: Mapping[int, tuple[int, ...]]
    groups: Mapping[str, int]

    def front_line(self, ticket_id: int) -> int:
        """Return the agent who talks to the customer."""
        return self._pick(self.groups.get(FRONT_LINE), ticket_id)

    def specialist(self, ticket_id: int, group_id: int | None, family: str | None) -> int:
        """Return who answers for the department: of the ticket's group, or of the family's."""
        if group_id not in self.members or group_id == self.groups.get(FRONT_LINE):
            group_id = self.groups.get(DEPARTMENT.get(family or "", FRONT_LINE))
        return self._pick(group_id, ticket_id)

    def _pick(self, group_id: int | None, ticket_id: int) -> int:
        everybody = sorted({agent for group in self.members.values() for agent in group})
        choice = self.members.get(group_id, ()) if group_id is not None else ()
        # Not cryptography: the same ticket meets the same agent on every run.
        return random.Random(ticket_id).choice(choice or everybody)  # noqa: S311


def read_staff(calls: Calls) -> Staff:
    """Return the agents who may write to customers, read as an admin would."""
    agents = {
        user["id"]
        for user in read_all(calls, "users", query="role=agent")
        if _answers_customers(user)
    }
    members: dict[int, list[int]] = {}
    for membership in read_all(calls, "group_memberships"):
        if membership["user_id"] in agents:
            members.setdefault(membership["group_id"], []).append(membership["user_id"])
    if not members:
        raise ServiceUnavailable(
            "The account has no agents in any group, so nobody can answer the complaints.",
            hint="start the sandbox with its standing population: `riskdesk sandbox serve`.",
        )
    return Staff(
        members={group: tuple(sorted(people)) for group, people in members.items()},
        groups={group["name"]: group["id"] for group in read_all(calls, "groups")},
    )


def _answers_customers(user: Mapping[str, Any]) -> bool:
    """Tell people from the account riskdesk itself works with, and from light agents."""
    return user["email"] != INTEGRATION_EMAIL and not user.get("only_private_comments")
