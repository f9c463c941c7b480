"""A clock that runs out raises its own action: an internal note and a tag, once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from automations.actions import repository as outbox
from automations.actions.plan import Action, Changes, Kind, State
from integrations.runtime.database import reading, transaction
from integrations.runtime.inert import one_line
from sync.sla.desk_clocks.loading import RulesFile
from sync.sla.desk_clocks.reminding import DueReminder
from sync.sla.desk_service import reminders_due

DUE_SOON, OVERDUE = "risk_clock_due_soon", "risk_clock_overdue"
BATCH = 500
# What is to be done, by kind of clock; of a regulator's, by what it waits for.
_TASKS = {
    "severity": "A person answers the customer in public · 请人工公开答复客户",
    "department": "The department comments on this ticket · 请被询部门在本工单评论",
    "acknowledgement": "Acknowledge the complaint in public · 请公开确认已收到投诉",
    "final_answer": "Send the final answer, or, where the rule allows one, a holding reply"
    " · 请发出最终答复；规则允许时可先发延期答复",
}


def remind(
    engine: Engine,
    rules: RulesFile,
    *,
    acts: bool,
    zendesk_now: datetime,
    now: datetime,
    patience: timedelta,
) -> list[int]:
    """Plan the reminders that have come due, and return the tickets that have work to do.

    A moment longer ago than `patience` is history. While riskdesk only observes, the reminder is
    recorded and nobody gets it.
    """
    since = zendesk_now - patience
    with reading(engine) as connection:
        found = reminders_due(connection, rules, since=since, now=zendesk_now)
    state = State.PLANNED if acts else State.OBSERVED
    reminded: list[int] = []
    for start in range(0, len(found), BATCH):
        planned = _news(engine, found[start : start + BATCH])
        if planned:
            with transaction(engine) as connection:
                outbox.plan(connection, planned, state=state, now=now)
            reminded += [action.ticket_id for action in planned] if acts else []
    return list(dict.fromkeys(reminded))


def action_of(reminder: DueReminder) -> Action:
    """Return the effect of a reminder on its ticket; the key makes it happen once."""
    return Action(
        ticket_id=reminder.clock.ticket_id,
        kind=Kind.REMIND,
        key=reminder.key,
        changes=Changes(
            note=note_of(reminder), add_tags=(OVERDUE if reminder.is_late else DUE_SOON,)
        ),
    )


def note_of(reminder: DueReminder) -> str:
    """Return the internal note: which clock, until when, what to do."""
    clock = reminder.clock
    due = datetime.fromtimestamp(clock.due_at, UTC)
    severity = f", {clock.priority}" if clock.priority else ""
    head = "OVERDUE · 已超时" if reminder.is_late else "DUE SOON · 即将到期"
    until = "Was due · 原定截止" if reminder.is_late else "Due · 截止"
    return "\n".join(
        [
            f"{head}: {one_line(clock.policy_title)}{severity}",
            f"{until}: {due:%Y-%m-%d %H:%M:%S} UTC",
            f"To do · 待办: {_TASKS[reminder.step or reminder.kind]}",
            f"Rule · 规则: {one_line(clock.policy_id)}",
        ]
    )


def _news(engine: Engine, found: Sequence[DueReminder]) -> list[Action]:
    with reading(engine) as connection:
        known = outbox.known_keys(connection, [reminder.key for reminder in found])
    return [action_of(each) for each in found if each.key not in known]
