"""What the third floor asks of the desk's clocks: business hours, reminders, deadlines."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.desk_clocks.desk import Hours
from sync.sla.desk_clocks.loading import RulesFile, load_desk_rules
from sync.sla.desk_clocks.reminding import DueReminder, due_reminders
from sync.sla.desk_repository import (
    add_answer_elsewhere,
    department_deadlines,
    running_clocks,
)
from sync.sla.schedules import to_second
from sync.sla.service import refresh
from sync.sla.source_desk import hours_of
from sync.sla.source_rules import load_rulebook

FARTHEST_REMINDER = timedelta(days=60)  # nobody is reminded earlier before a deadline


def note_department_answer(
    connection: Connection,
    ticket_id: int,
    queue: str,
    *,
    at: datetime,
    desk_rules: RulesFile,
    choices: Choices = DEFAULT_CHOICES,
) -> None:
    """Keep that a department answered outside its ticket, and let its clock end."""
    add_answer_elsewhere(connection, ticket_id, queue, at=at)
    refresh(connection, [ticket_id], now=at, desk_rules=desk_rules, choices=choices)


def deadlines_of_departments(connection: Connection, ticket_id: int) -> dict[str, datetime]:
    """Return until when which department must answer, as the clocks were refreshed last."""
    return department_deadlines(connection, ticket_id)


def business_hours(connection: Connection) -> Hours:
    """Return the account's business hours by name, as departments' answer times use them."""
    return hours_of(connection, load_rulebook(connection))


def reminders_due(
    connection: Connection, desk_rules: RulesFile, *, since: datetime, now: datetime
) -> list[DueReminder]:
    """Return the reminders of the desk's and regulators' clocks whose moment came after `since`.

    Which moments these are, the rules say. Clocks need not have been refreshed since.
    """
    clocks = running_clocks(connection, due_after=since, due_before=now + FARTHEST_REMINDER)
    rules = load_desk_rules(desk_rules)
    first, last = to_second(since), to_second(now)
    return [
        reminder
        for clock in clocks
        for reminder in due_reminders(clock, rules, since=first, now=last)
    ]
