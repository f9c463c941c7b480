"""How a desk is set up with zenpy: fields, people, organizations and rules of a day."""

import time
from dataclasses import dataclass, field
from typing import Any

from zenpy.lib.api_objects import (
    Automation,
    CustomFieldOption,
    CustomStatus,
    Group,
    GroupMembership,
    Identity,
    Macro,
    Organization,
    OrganizationField,
    OrganizationMembership,
    TicketField,
    TicketForm,
    Trigger,
    User,
    UserField,
)

from tests.support.sandbox import Desk, Receiver


@dataclass
class Day:
    """zenpy at its sandbox, and every different call that it has made."""

    zenpy: Any
    desk: Desk
    receiver: Receiver
    calls: set[str] = field(default_factory=set)
    made: dict[str, Any] = field(default_factory=dict)

    def finished(self, job: Any) -> Any:
        """Return a job when it is done."""
        for _ in range(100):
            report = self.zenpy.job_status(id=job.id)
            if report.status not in ("queued", "working"):
                return report
            time.sleep(0.02)
        raise AssertionError(f"job {job.id} did not end")


def settings(day: Day) -> None:
    zenpy = day.zenpy
    chain = zenpy.ticket_fields.create(
        TicketField(
            title="Chain", type="tagger", custom_field_options=[{"name": "Tron", "value": "tron"}]
        )
    )
    chain.description = "Which chain"
    assert zenpy.ticket_fields.update(chain).description == "Which chain"
    assert zenpy.ticket_fields(id=chain.id).type == "tagger"
    assert chain.id in {one.id for one in zenpy.ticket_fields()}
    option = zenpy.ticket_fields.options.create_or_update(
        chain, CustomFieldOption(name="Solana", value="solana")
    )
    assert zenpy.ticket_fields.options.show(chain, option).value == "solana"
    zenpy.ticket_fields.options.delete(chain, option)
    form = zenpy.ticket_forms.create(TicketForm(name="Freeze", ticket_field_ids=[chain.id]))
    assert zenpy.ticket_forms(id=form.id).name == "Freeze"
    level = zenpy.user_fields.create(UserField(type="text", title="Level", key="level"))
    assert zenpy.user_fields(id=level.id).key == "level"
    tier = zenpy.organization_fields.create(OrganizationField(type="text", title="Tier", key="t"))
    zenpy.organization_fields.delete(tier)
    waiting = zenpy.custom_statuses.create(
        CustomStatus(agent_label="Waiting for payments", status_category="hold")
    )
    assert waiting.id in {one.id for one in zenpy.custom_statuses()}
    assert [brand.active for brand in zenpy.brands()] == [True]
    assert {role.name for role in zenpy.custom_agent_roles()} >= {"Admin", "Agent"}
    day.made |= {"chain": chain, "waiting": waiting}


def people(day: Day) -> None:
    zenpy = day.zenpy
    assert zenpy.users.me().role == "admin"
    night = zenpy.groups.create(Group(name="Night shift"))
    night.description = "22 to 6"
    assert zenpy.groups.update(night).description == "22 to 6"
    bo = zenpy.users.create(User(name="Bo Larsen", email="bo@example.com", role="agent"))
    li = zenpy.users.create(User(name="Li Na", email="li.na@customer.example"))
    li.details = "verified by phone"
    assert zenpy.users.update(li).details == "verified by phone"
    again = zenpy.users.create_or_update(User(name="Li Na", email="li.na@customer.example"))
    assert again.id == li.id
    membership = zenpy.group_memberships.create(GroupMembership(user_id=bo.id, group_id=night.id))
    assert membership.id in {one.id for one in zenpy.users.group_memberships(bo)}
    assert {one.id for one in zenpy.groups.users(night)} == {bo.id}
    assert night.id in {one.id for one in zenpy.groups.assignable()}
    assert [one.id for one in zenpy.users.search(query="li.na@customer.example")] == [li.id]
    assert [one.id for one in zenpy.users(ids=[bo.id, li.id])] == [bo.id, li.id]
    zenpy.users.identities.create(li, Identity(type="email", value="li.na@other.example"))
    assert "li.na@other.example" in {one.value for one in zenpy.users.identities(id=li.id)}
    zenpy.users.set_tags(li.id, ["vip"])
    assert zenpy.users.related(li).assigned_tickets == 0
    day.made |= {"night": night, "bo": bo, "li": li}


def organizations(day: Day) -> None:
    zenpy = day.zenpy
    desk = zenpy.organizations.create(Organization(name="Whale Desk"))
    desk.notes = "over the counter"
    assert zenpy.organizations.update(desk).notes == "over the counter"
    joined = zenpy.organization_memberships.create(
        OrganizationMembership(user_id=day.made["li"].id, organization_id=desk.id)
    )
    assert joined.organization_id == desk.id
    assert [one.id for one in zenpy.organizations.users(desk)] == [day.made["li"].id]
    assert {one.name for one in zenpy.organizations()} >= {"Whale Desk"}


def rules(day: Day) -> None:
    zenpy = day.zenpy
    macro = zenpy.macros.create(
        Macro(
            title="Ask for the transaction",
            actions=[
                {"field": "status", "value": "pending"},
                {"field": "comment_value", "value": "Dear {{ticket.requester.name}}"},
            ],
        )
    )
    macro.description = "first question"
    assert zenpy.macros.update(macro).description == "first question"
    assert zenpy.macros.apply(macro).ticket.status == "pending"
    trigger = zenpy.triggers.create(
        Trigger(
            title="Whales are urgent",
            conditions={
                "all": [
                    {"field": "subject_includes_word", "operator": "includes", "value": "whale"}
                ],
                "any": [],
            },
            actions=[{"field": "priority", "value": "urgent"}],
        )
    )
    trigger.description = "agreed with operations"
    assert zenpy.triggers.update(trigger).description == "agreed with operations"
    assert [one.id for one in zenpy.triggers()] == [trigger.id]
    automation = zenpy.automations.create(
        Automation(
            title="Close after four days",
            conditions={
                "all": [
                    {"field": "status", "operator": "is", "value": "solved"},
                    {"field": "SOLVED", "operator": "greater_than", "value": "96"},
                ],
                "any": [],
            },
            actions=[{"field": "status", "value": "closed"}],
        )
    )
    assert zenpy.automations(id=automation.id).title == "Close after four days"
    zenpy.automations.delete(automation)
    day.made |= {"macro": macro, "trigger": trigger}
