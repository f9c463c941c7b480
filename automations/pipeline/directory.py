"""What the Zendesk account offers the desk: groups, their members, and its own ticket fields."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from automations.escalations.queues import SHIPPED, Departments
from automations.pipeline.decide import Policy

REASON_FIELD = "Risk reason"
SEVERITY_FIELD = "Risk severity"
_FRESH_FOR = timedelta(minutes=10)

Members = Mapping[str, frozenset[int]]  # user ids by queue code


class AccountReader(Protocol):
    """The little piece of the Zendesk client that the directory needs."""

    def me(self) -> dict[str, Any]:
        """Return the user riskdesk acts as."""

    def groups(self) -> list[dict[str, Any]]:
        """Return all groups."""

    def group_memberships(self) -> list[dict[str, Any]]:
        """Return who is in which group."""

    def ticket_fields(self) -> list[dict[str, Any]]:
        """Return all ticket fields."""


@dataclass(frozen=True, slots=True)
class Account:
    """One look at the account; `own_id` is the user riskdesk acts as."""

    policy: Policy
    members: Members
    own_id: int


class Directory:
    """Looks the account up once, and again after ten minutes."""

    def __init__(
        self,
        account: AccountReader,
        clock: Callable[[], datetime],
        departments: Departments = SHIPPED,
    ) -> None:
        self._reader = account
        self._departments = departments
        self._clock = clock
        self._lock = threading.Lock()
        self._fresh_until = datetime.min.replace(tzinfo=UTC)
        self._account = Account(Policy(), {}, 0)

    def look(self) -> Account:
        """Return the account as it was at most ten minutes ago."""
        with self._lock:
            if self._clock() >= self._fresh_until:
                self._account = self._read()
                self._fresh_until = self._clock() + _FRESH_FOR
            return self._account

    def _read(self) -> Account:
        groups = {group["name"]: int(group["id"]) for group in self._reader.groups()}
        fields = {field["title"]: int(field["id"]) for field in self._reader.ticket_fields()}
        people: dict[int, set[int]] = {}
        for membership in self._reader.group_memberships():
            people.setdefault(int(membership["group_id"]), set()).add(int(membership["user_id"]))
        policy = Policy(
            reason_field_id=fields.get(REASON_FIELD),
            severity_field_id=fields.get(SEVERITY_FIELD),
            groups=groups,
        )
        members = {
            code: frozenset(people.get(groups.get(queue.group_name, 0), ()))
            for code, queue in self._departments.queues.items()
        }
        return Account(policy, members, int(self._reader.me()["id"]))
