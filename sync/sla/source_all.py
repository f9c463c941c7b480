"""All that clocks follow, read at once: the account's rules, the desk's, and what is unknown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sync.sla.desk_clocks.desk import Desk
from sync.sla.desk_clocks.loading import RulesFile
from sync.sla.rulebook import Rulebook
from sync.sla.source_desk import load_desk
from sync.sla.source_rules import load_rulebook
from sync.sla.verdict.source import Knowledge, load_knowledge


@dataclass(frozen=True, slots=True)
class Rules:
    """The account's policies and schedules, and the desk's own rules.

    `knowledge` is how much the mirror has seen of what Zendesk's own verdict rests on.
    """

    book: Rulebook
    desk: Desk
    knowledge: Knowledge


def load_rules(connection: Connection, desk_rules: RulesFile, *, now: datetime) -> Rules:
    """Return everything; `desk_rules` stand over the shipped ones.

    Raises ConfigError when they cannot be used.
    """
    book = load_rulebook(connection)
    desk = load_desk(connection, desk_rules, book)
    return Rules(book, desk, load_knowledge(connection, now=now))
