"""A ticket's rows in the warehouse become its life again."""

from datetime import datetime
from typing import Any

from sync.sla.lives import Audit, Change, Comment, TicketRows, read_life
from sync.sla.schedules import to_second
from sync.sla.timeline import Event, Opening
from tests.support.sla import AGENT, CUSTOMER, NINE, OTHER_AGENT, after

TICKET: dict[str, Any] = {
    "id": 1,
    "created_at": to_second(NINE),
    "requester_id": CUSTOMER,
    "submitter_id": CUSTOMER,
    "assignee_id": None,
    "group_id": 51,
    "organization_id": None,
    "brand_id": None,
    "ticket_form_id": None,
    "custom_status_id": None,
    "status": "solved",
    "priority": "high",
    "type": None,
    "tags": ["vip"],
    "via_channel": "email",
    "custom_fields": [{"id": 360001, "value": "risk_a1"}],
}


def audit(number: int, at: datetime, author: int = AGENT) -> Audit:
    return Audit(1, number, author, to_second(at))


def comment(number: int, at: datetime, author: int, *, public: bool = True) -> Comment:
    return Comment(1, number, author, public, to_second(at))


def change(number: int, at: datetime, field: str, value: str | None, before: str | None) -> Change:
    return Change(1, number, number * 10, field, value, before, AGENT, to_second(at))


def life(
    *,
    audits: Any = (),
    comments: Any = (),
    changes: Any = (),
    **ticket: Any,
) -> tuple[Opening, list[Event]]:
    return read_life(TicketRows(TICKET | ticket, audits, comments, changes))


def test_later_changes_are_rolled_back_to_the_creation() -> None:
    opening, _ = life(
        changes=[
            change(2, after(5), "priority", "high", "normal"),
            change(3, after(9), "priority", "urgent", "high"),
            change(3, after(9), "group_id", "51", None),
            change(4, after(9), "tags", '["vip"]', "[]"),
            change(5, after(9), "360001", "risk_a1", None),
        ],
        priority="urgent",
    )

    assert opening.fields["priority"] == "normal"
    assert opening.fields["group_id"] is None
    assert opening.fields["tags"] == []
    assert opening.fields["360001"] is None


def test_what_the_creation_and_its_triggers_set_is_there_from_the_beginning() -> None:
    opening, events = life(
        audits=[audit(1, NINE, CUSTOMER)],
        changes=[
            change(1, NINE, "status", "new", None),
            change(1, NINE, "priority", "high", "normal"),
            change(2, after(5), "status", "solved", "new"),
        ],
    )

    assert (opening.fields["status"], opening.fields["priority"]) == ("new", "high")
    assert [event.changes for event in events] == [{"status": "solved"}]


def test_comment_and_changes_of_one_audit_are_one_update() -> None:
    _, events = life(
        audits=[audit(2, after(5), OTHER_AGENT)],
        comments=[comment(2, after(5), AGENT)],
        changes=[change(2, after(5), "requester_id", "11", "10")],
    )

    assert events == [
        Event(
            at=to_second(after(5)), author_id=AGENT, public=True, changes={"requester_id": 11}, id=2
        )
    ]


def test_an_audit_without_a_change_is_an_update_too() -> None:
    _, events = life(audits=[audit(1, NINE, CUSTOMER), audit(2, after(5))])

    assert events == [Event(at=to_second(after(5)), author_id=AGENT, id=2)]


def test_comments_and_changes_whose_audit_is_missing_still_count() -> None:
    _, events = life(
        comments=[comment(2, after(5), AGENT)],
        changes=[change(3, after(7), "status", "solved", "open")],
    )

    assert [(event.author_id, event.public) for event in events] == [(AGENT, True), (AGENT, None)]


def test_a_history_that_begins_late_is_no_creation() -> None:
    opening, events = life(comments=[comment(9, after(60), AGENT)])

    assert opening.public is None
    assert len(events) == 1


def test_an_e_mail_of_the_customer_that_an_agent_submitted_was_forwarded() -> None:
    opening, _ = life(comments=[comment(1, NINE, CUSTOMER)], submitter_id=AGENT)

    assert opening.via == "email_forwarded_by_agent"


def test_a_forwarded_e_mail_stays_one_when_the_ticket_is_somebody_elses_later() -> None:
    opening, _ = life(
        audits=[audit(1, NINE, AGENT)],
        comments=[comment(1, NINE, CUSTOMER)],
        changes=[change(2, after(5), "requester_id", "11", str(CUSTOMER))],
        submitter_id=AGENT,
        requester_id=11,
    )

    assert opening.via == "email_forwarded_by_agent"


def test_an_e_mail_of_the_customer_itself_was_not_forwarded() -> None:
    opening, _ = life(comments=[comment(1, NINE, CUSTOMER)])

    assert opening.via == "email"


def test_customer_text_that_looks_like_a_list_stays_text() -> None:
    _, events = life(changes=[change(2, after(5), "360001", "[not json", None)])

    assert events[0].changes == {"360001": "[not json"}


def test_the_schedule_that_a_rule_chose_is_known_from_its_history_alone() -> None:
    opening, events = life(
        audits=[audit(1, NINE, CUSTOMER), audit(2, after(5))],
        changes=[
            change(1, NINE, "schedule_id", "7", None),
            change(2, after(5), "schedule_id", "8", "7"),
        ],
    )

    assert (opening.fields["schedule_id"], events[0].changes["schedule_id"]) == (7, 8)
