"""zenpy, a client that nobody here wrote, works with triggers, automations, views and macros."""

from typing import Any

from zenpy.lib.api_objects import Automation, Macro, Ticket, Trigger, View

from tests.support.rules import do, when
from tests.support.sandbox import Desk

OPEN = when("status", "less_than", "solved")


def test_a_trigger_is_made_changed_found_and_deleted(zenpy: Any) -> None:
    conditions = {"all": [when("update_type", "is", "Create")], "any": []}
    trigger = zenpy.triggers.create(
        Trigger(title="Urgent", conditions=conditions, actions=[do("priority", "urgent")])
    )
    opened = zenpy.tickets.create(Ticket(subject="x", description="y"))
    trigger.title = "Very urgent"

    changed = zenpy.triggers.update(trigger)

    assert opened.ticket.priority == "urgent"
    assert changed.title == "Very urgent"
    assert [one.id for one in zenpy.triggers()] == [trigger.id]
    zenpy.triggers.delete(trigger)
    assert list(zenpy.triggers()) == []


def test_an_automation_is_made_and_runs(zenpy: Any, desk: Desk) -> None:
    conditions = {"all": [OPEN, when("NEW", "is", "2")], "any": []}
    automation = zenpy.automations.create(
        Automation(title="Alarm", conditions=conditions, actions=[do("priority", "urgent")])
    )
    desk.set_clock("2031-03-03T01:00:00Z")
    ticket = desk.ticket()

    desk.set_clock("2031-03-03T03:00:00Z")

    assert zenpy.tickets(id=ticket["id"]).priority == "urgent"
    assert zenpy.automations(id=automation.id).conditions.all[1]["field"] == "NEW"


def test_a_view_is_made_executed_and_counted(zenpy: Any, desk: Desk) -> None:
    ticket = desk.ticket()
    view = zenpy.views.create(
        View(title="Open", all=[OPEN], output={"columns": ["subject", "status"]})
    )

    executed = zenpy.views.execute(view)

    assert executed.id == view.id
    assert [one.id for one in zenpy.views.tickets(view)] == [ticket["id"]]
    assert [one.id for one in zenpy.views.active()] == [view.id]
    assert [one.id for one in zenpy.views.compact()] == [view.id]
    zenpy.views.count(view)
    assert zenpy.views.count(view).value == 1


def test_a_macro_is_previewed_without_a_ticket(zenpy: Any) -> None:
    macro = zenpy.macros.create(
        Macro(title="Ask", actions=[do("status", "pending"), do("comment_value", "Which one?")])
    )

    effect = zenpy.macros.apply(macro)

    assert effect.ticket.status == "pending"
    assert effect.ticket.comment.body == "Which one?"
