"""Triggers look at each ticket that is made or changed; what they do stands in its audit."""

from typing import TYPE_CHECKING, Any

import pytest

from integrations.sandbox.state.store import Record
from tests.support.rules import Office, do, when

if TYPE_CHECKING:
    from integrations.sandbox.state.changes import TicketChange

CREATED, CHANGED = when("update_type", "is", "Create"), when("update_type", "is", "Change")


def by_rule(audit: Record) -> list[Record]:
    """Return the events of an audit that a rule brought."""
    return [one for one in audit["events"] if one.get("via", {}).get("channel") == "rule"]


def test_a_trigger_sets_fields_of_a_new_ticket(office: Office) -> None:
    trigger = office.trigger(
        do("priority", "urgent"),
        do("group_id", str(office.group("Risk Control"))),
        do("current_tags", "complaint frozen"),
        every=[CREATED, when("subject_includes_word", "includes", "frozen")],
    )

    case = office.opens()

    record = case.record
    assert (record["priority"], record["group_id"]) == ("urgent", office.group("Risk Control"))
    assert record["tags"] == ["complaint", "frozen"]
    events = by_rule(case.audits[0])
    assert {event["field_name"] for event in events} == {"priority", "group_id", "tags"}
    assert events[0]["previous_value"] is None
    assert events[0]["via"] == {
        "channel": "rule",
        "source": {
            "from": {
                "id": trigger["id"],
                "title": trigger["title"],
                "deleted": False,
                "revision_id": 1,
            },
            "to": {},
            "rel": "trigger",
        },
    }


def test_a_ticket_that_meets_no_conditions_is_left_alone(office: Office) -> None:
    office.trigger(do("priority", "urgent"), every=[CHANGED])
    office.trigger(do("priority", "low"), every=[CREATED], active=False)

    case = office.opens()

    assert case.record["priority"] is None
    assert by_rule(case.audits[0]) == []


def test_listeners_hear_what_triggers_changed(office: Office) -> None:
    heard: list[TicketChange] = []
    office.account.listeners.append(heard.append)
    office.trigger(do("status", "open"), every=[CHANGED, when("priority", "value", "urgent")])
    case = office.opens()

    office.changes(case, priority="urgent")

    assert ("status", "new", "open") in heard[-1].changes
    assert ("priority", None, "urgent") in heard[-1].changes
    assert case.timeline.statuses[-1][1] == "open"


def test_a_later_trigger_lets_an_earlier_one_fire(office: Office) -> None:
    office.trigger(do("current_tags", "seen"), every=[when("priority", "is", "high")])
    office.trigger(do("priority", "high"), every=[CREATED])

    case = office.opens()

    assert case.record["tags"] == ["seen"]


def test_each_trigger_fires_once_in_an_update(office: Office) -> None:
    office.trigger(do("priority", "high"), every=[when("priority", "is_not", "high")])
    office.trigger(do("priority", "low"), every=[when("priority", "is_not", "low")])

    case = office.opens()

    assert case.record["priority"] == "low"
    assert [event["value"] for event in by_rule(case.audits[0])] == ["high", "low"]


def test_triggers_go_by_category_then_by_position(office: Office) -> None:
    first = office.account.trigger_categories.all()[0]
    early = {"id": "1", "name": "Early", "position": -1}
    office.account.trigger_categories.add(first | early)
    office.trigger(do("set_tags", "second"), every=[CREATED], position=1)
    office.trigger(do("set_tags", "first"), every=[CREATED], position=9, category_id="1")

    case = office.opens()

    values = [event["value"] for event in by_rule(case.audits[0])]
    assert values == [["first"], ["second"]]


@pytest.mark.parametrize(
    ("condition", "change", "fires"),
    [
        (when("status", "changed"), {"status": "pending"}, True),
        (when("status", "changed"), {"priority": "low"}, False),
        (when("status", "not_changed"), {"priority": "low"}, True),
        (when("status", "value", "pending"), {"status": "pending"}, True),
        (when("status", "value", "pending"), {"status": "hold"}, False),
        (when("status", "value_previous", "open"), {"status": "hold"}, True),
        (when("status", "changed_from", "new"), {"status": "hold"}, False),
        (when("status", "not_value", "hold"), {"status": "pending"}, True),
        (when("status", "not_value_previous", "open"), {"status": "pending"}, False),
        (
            when("assignee_id", "value", "current_user"),
            {"assignee_email": "admin@example.com"},
            True,
        ),
        (when("comment_is_public", "is", "true"), {"comment": {"body": "Hi"}}, True),
        (when("comment_is_public", "is", "false"), {"comment": {"body": "Hi"}}, False),
        (when("comment_is_public", "is", "not_relevant"), {"status": "hold"}, False),
        (when("comment_includes_word", "includes", "hi ho"), {"comment": {"body": "Ho!"}}, True),
        (when("current_via_id", "is", "5"), {"status": "hold"}, True),
        (when("role", "is", "agent"), {"status": "hold"}, True),
        (when("role", "is", "end_user"), {"status": "hold"}, False),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_conditions_on_a_change_see_the_change(
    office: Office, condition: Record, change: dict[str, Any], *, fires: bool
) -> None:
    case = office.opens(status="open")
    office.trigger(do("current_tags", "fired"), every=[condition])

    office.changes(case, **change)

    assert ("fired" in case.record["tags"]) is fires


def test_a_customers_answer_is_told_from_an_agents(office: Office) -> None:
    case = office.opens(status="pending")
    office.trigger(
        do("current_tags", "answered"),
        every=[when("role", "is", "end_user"), when("status", "value_previous", "pending")],
    )

    office.customer_says(case, "Any news?")

    assert case.record["tags"] == ["answered"]


def test_an_action_that_cannot_be_done_leaves_the_others(office: Office) -> None:
    stranger, legal = office.person("ana.souza@example.com"), office.group("Legal")
    office.trigger(
        do("priority", "high"),
        do("group_id", str(legal)),
        do("assignee_id", str(stranger["id"])),
        every=[CREATED],
    )

    record = office.opens().record

    assert (record["priority"], record["group_id"], record["assignee_id"]) == ("high", legal, None)


def test_a_customer_is_no_current_user_to_assign_to(office: Office) -> None:
    office.trigger(do("assignee_id", "current_user"), every=[CHANGED])
    case = office.opens(assignee_id=office.admin["id"])

    office.customer_says(case, "Any news?")

    assert case.record["assignee_id"] == office.admin["id"]


def test_mail_is_noted_with_its_placeholders_as_written(office: Office) -> None:
    office.trigger(
        do("notification_user", ["requester_id", "Re: {{ticket.title}}", "Dear {{ticket.id}}"]),
        do("notification_group", ["group_id", "New", "Look"]),
        every=[CREATED],
    )

    case = office.opens(group_id=office.group("Legal"))

    to_requester, to_group = by_rule(case.audits[0])
    assert to_requester["type"] == "Notification"
    assert to_requester["subject"] == "Re: {{ticket.title}}"
    assert to_requester["recipients"] == [case.record["requester_id"]]
    assert len(to_group["recipients"]) == 2


def test_mail_to_nobody_is_not_noted(office: Office) -> None:
    office.trigger(do("notification_user", ["assignee_id", "Hi", "Yours"]), every=[CREATED])

    case = office.opens()

    assert by_rule(case.audits[0]) == []


def conditional_webhook(office: Office, **more: str) -> str:
    """Make a webhook that triggers call and return its id."""
    asked = {
        "name": "desk",
        "endpoint": "http://127.0.0.1:9/",
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
        "subscriptions": ["conditional_ticket_events"],
    }
    return str(office.account.webhooks.create(asked | more, office.admin["id"])["id"])


def test_a_webhook_is_called_with_the_ticket_as_it_ends_up(office: Office) -> None:
    webhook = conditional_webhook(office)
    body = (
        '{"id": {{ticket.id}}, "status": "{{ticket.status}}", "said": "{{ticket.latest_comment}}"}'
    )
    office.trigger(do("notification_webhook", [webhook, body]), every=[CREATED])
    office.trigger(do("status", "open"), every=[CREATED])

    case = office.opens(comment={"body": 'A "quoted"\nline'})

    expected = f'{{"id": {case.id}, "status": "Open", "said": "A \\"quoted\\"\\nline"}}'
    assert office.calls == [(webhook, expected)]
    (noted,) = (event for event in by_rule(case.audits[0]) if event["type"] == "External")
    assert (noted["resource"], noted["body"]) == (webhook, body)


def test_a_webhook_may_get_pairs_in_place_of_a_text(office: Office) -> None:
    webhook = conditional_webhook(office, http_method="GET")
    pairs = [["ticket", "{{ticket.id}}"]]
    office.trigger(do("notification_webhook", [webhook, pairs]), every=[CREATED])

    case = office.opens()

    assert office.calls == [(webhook, [("ticket", str(case.id))])]


def test_satisfaction_is_offered_once(office: Office) -> None:
    office.trigger(do("satisfaction_score", "offered"), every=[when("status", "value", "solved")])
    case = office.opens()

    audit = office.changes(case, status="solved")

    assert case.record["satisfaction_rating"] == {"score": "offered"}
    assert "satisfaction_score" in [event["field_name"] for event in by_rule(audit)]


def test_a_trigger_adds_followers_and_people_in_copy(office: Office) -> None:
    agent, customer = office.person("ana.souza@example.com"), office.opens().record["requester_id"]
    office.trigger(do("follower", str(agent["id"])), do("cc", str(customer)), every=[CREATED])

    case = office.opens(requester="other@customer.example")

    assert case.record["follower_ids"] == [agent["id"]]
    assert case.record["email_cc_ids"] == [customer]
    kinds = {event["type"] for event in by_rule(case.audits[0])}
    assert kinds == {"FollowerChange", "EmailCcChange"}


def test_a_trigger_chooses_the_schedule_whose_hours_count(office: Office) -> None:
    schedule = office.account.schedules.where(name="24x7")[0]["id"]
    office.trigger(do("set_schedule", str(schedule)), every=[CREATED])

    case = office.opens()

    (event,) = by_rule(case.audits[0])
    assert event["type"] == "ScheduleAssignment"
    assert (event["previous_schedule_id"], event["new_schedule_id"]) == (None, schedule)
    assert office.account.schedule_of(case) == office.account.schedules.get(schedule)
