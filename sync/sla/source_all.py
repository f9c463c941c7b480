"""All that clocks follow, read at once: the account's rules, the desk's, and what is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.desk_clocks.desk import Desk
from sync.sla.desk_clocks.loading import RulesFile
from sync.sla.rulebook import Rulebook
from sync.sla.source import all_staff
from sync.sla.source_desk import load_desk
from sync.sla.source_rules import load_rulebook
from sync.sla.timeline import Role
from sync.sla.verdict.source import Knowledge, load_knowledge

# What clocks look at in any account.
ALWAYS = frozenset({"status", "group_id", "requester_id"})


@dataclass(frozen=True, slots=True)
class Rules:
    """The account's policies and schedules, and the desk's own rules.

    `knowledge` is how much the mirror has seen of what Zendesk's own verdict rests on. `staff` is
    everybody who is not a customer; None: they are looked up for the tickets at hand.
    """

    book: Rulebook
    desk: Desk
    knowledge: Knowledge
    staff: Mapping[int, Role] | None = None

    @property
    def fields(self) -> frozenset[str]:
        """The fields of a ticket whose changes matter."""
        return self.book.watched_fields | self.desk.reader.marking | ALWAYS


def load_rules(
    connection: Connection,
    desk_rules: RulesFile,
    choices: Choices = DEFAULT_CHOICES,
    *,
    now: datetime,
    with_staff: bool = False,
) -> Rules:
    """Return everything; `desk_rules` stand over the shipped ones.

    Raises ConfigError when they cannot be used.
    """
    book = load_rulebook(connection, choices)
    desk = load_desk(connection, desk_rules, book)
    staff = all_staff(connection) if with_staff else None
    return Rules(book, desk, load_knowledge(connection, now=now), staff)
