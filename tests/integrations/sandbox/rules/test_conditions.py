"""Conditions hold for the tickets that Zendesk would find with them, and for no others."""

from typing import Any

import pytest

from integrations.sandbox.rules.checking import checked_conditions
from integrations.sandbox.rules.conditions import meets
from integrations.sandbox.rules.facts import facts_of_cases
from integrations.sandbox.state.refusals import Refusal
from integrations.sandbox.state.ticketing.ticket_case import TicketCase
from tests.support.rules import Office, when


def holds(office: Office, case: TicketCase, *every: Any, some: Any = ()) -> bool:
    """Tell whether a view with these conditions has the ticket."""
    given = {"all": list(every), "any": list(some)}
    conditions = checked_conditions(office.account, given, "view")
    (facts,) = facts_of_cases(office.account, [case], office.admin)
    return meets(office.account, conditions)(facts)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (when("status", "is", "new"), True),
        (when("status", "is_not", "new"), False),
        (when("status", "less_than", "solved"), True),
        (when("status", "less_than", "new"), False),
        (when("status", "greater_than", "new"), False),
        (when("priority", "is", "high"), True),
        (when("priority", "less_than", "urgent"), True),
        (when("priority", "greater_than", "high"), False),
        (when("priority", "greater_than", ""), True),
        (when("type", "is", "incident"), True),
        (when("ticket_type_id", "is", 2), True),
        (when("ticket_type_id", "is_not", "1"), True),
        (when("current_tags", "includes", "vip other"), True),
        (when("current_tags", "includes", "other"), False),
        (when("current_tags", "not_includes", "other another"), True),
        (when("current_tags", "not_includes", "other vip"), False),
        (when("assignee_id", "is", ""), True),
        (when("assignee_id", "is_not", ""), False),
        (when("organization_id", "is", ""), True),
        (when("subject_includes_word", "includes", "lost frozen"), True),
        (when("subject_includes_word", "includes", "froz"), False),
        (when("subject_includes_word", "is", "froz"), True),
        (when("subject_includes_word", "is_not", "froz"), False),
        (when("subject_includes_word", "not_includes", "lost stolen"), True),
        (when("description_includes_word", "includes", "冻结"), True),
        (when("via_id", "is", 5), True),
        (when("via_id", "is_not", "web_service"), False),
        (when("satisfaction_score", "is", "true"), True),
        (when("satisfaction_score", "less_than", "good"), True),
        (when("requester_role", "is", "end_user"), True),
        (when("replies", "is", "0"), True),
        (when("replies", "greater_than", "0"), False),
        (when("ticket_is_public", "is", "public"), True),
        (when("recipient", "is", "help@example.com"), False),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_a_condition_reads_the_ticket(
    office: Office, condition: dict[str, Any], *, expected: bool
) -> None:
    case = office.opens(
        priority="high",
        type="incident",
        tags=["vip"],
        comment={"body": "我的账户被冻结了 please"},
    )

    assert holds(office, case, condition) is expected


def test_references_name_people_by_what_they_are(office: Office) -> None:
    case = office.opens(assignee_id=office.admin["id"])

    assert holds(office, case, when("assignee_id", "is", "current_user"))
    assert holds(office, case, when("group_id", "is", "current_groups"))
    assert holds(office, case, when("assignee_id", "is", "all_agents"))
    assert not holds(office, case, when("assignee_id", "is", "requester_id"))
    assert holds(office, case, when("assignee_id", "is", str(office.admin["id"])))


def test_custom_fields_are_compared_in_their_own_way(office: Office) -> None:
    reason, amount = office.field("Risk reason"), office.field("Amount")
    case = office.opens(
        custom_fields=[{"id": reason, "value": "risk_a1"}, {"id": amount, "value": "250.5"}]
    )
    option = office.account.ticket_fields.get(reason)["custom_field_options"][0]

    assert holds(office, case, when(f"custom_fields_{reason}", "is", "risk_a1"))
    assert holds(office, case, when(f"custom_fields_{reason}", "is", option["id"]))
    assert holds(office, case, when(f"custom_fields_{amount}", "greater_than", "99"))
    assert not holds(office, case, when(f"custom_fields_{amount}", "less_than", "99"))
    assert holds(office, case, when(f"custom_fields_{amount}", "present"))
    assert holds(office, case, when(f"custom_fields_{office.field('Exchange UID')}", "not_present"))


def test_all_must_hold_and_one_of_any(office: Office) -> None:
    case = office.opens(priority="high")
    is_new, is_low = when("status", "is", "new"), when("priority", "is", "low")

    assert holds(office, case, is_new, some=[is_low, when("priority", "is", "high")])
    assert not holds(office, case, is_new, some=[is_low])
    assert not holds(office, case, is_new, is_low)


def test_hours_are_counted_from_what_happened(office: Office) -> None:
    case = office.opens()
    office.changes(case, status="pending")
    office.waits(hours=5, minutes=30)

    assert holds(office, case, when("PENDING", "is", "5"))
    assert holds(office, case, when("PENDING", "greater_than", "5"))
    assert not holds(office, case, when("PENDING", "greater_than", "6"))
    assert holds(office, case, when("NEW", "less_than", "6"))
    assert not holds(office, case, when("SOLVED", "less_than", "100"))


def test_business_hours_leave_the_night_out(office: Office) -> None:
    case = office.opens()
    office.waits(hours=25)

    assert holds(office, case, when("NEW", "is_business_hours", "10"))
    assert holds(office, case, when("NEW", "less_than_business_hours", "11"))
    assert not holds(office, case, when("NEW", "less_than", "11"))


def test_hours_until_the_due_date_end_with_it(office: Office) -> None:
    case = office.opens(type="task", due_at="2031-03-03T05:30:00Z")
    almost, over = when("until_due_date", "less_than", "5"), when("due_date", "greater_than", "1")

    assert holds(office, case, almost)
    assert not holds(office, case, over)
    office.waits(hours=6)
    assert not holds(office, case, almost)
    assert holds(office, case, over)


def test_a_condition_on_a_deleted_field_holds_for_nobody(office: Office) -> None:
    case, field = office.opens(), office.field("Amount")
    conditions = {
        "all": [when(f"custom_fields_{field}", "is_not", "5")],
        "any": [],
    }
    office.account.ticket_fields.remove(field)

    (facts,) = facts_of_cases(office.account, [case], office.admin)

    assert not meets(office.account, conditions)(facts)


@pytest.mark.parametrize(
    "condition",
    [
        when("moon", "is", "full"),
        when("status", "includes", "new"),
        when("status", "changed", None),  # only triggers see changes
        when("status", "is", "waiting"),
        when("priority", "less_than", "huge"),
        when("group_id", "is", "somebody"),
        when("via_id", "is", "pigeon"),
        when("custom_fields_5", "is", "x"),
        when("NEW", "is", "1.5"),
        when("NEW", "is", None),
        when("update_type", "is", "Create"),
        when("current_tags", "includes", ""),
        {"field": {"a": 1}, "operator": "is", "value": 1},
        {"field": "status", "operator": ["is"], "value": "new"},
        {},
    ],
    ids=str,
)
def test_a_condition_that_makes_no_sense_is_refused(
    office: Office, condition: dict[str, Any]
) -> None:
    with pytest.raises(Refusal) as refused:
        checked_conditions(office.account, {"all": [condition], "any": []}, "view")

    assert refused.value.status == 422
    assert refused.value.body["details"].keys() == {"base"}


def test_an_unknown_value_is_refused_in_zendesks_words(office: Office) -> None:
    condition = when("current_via_id", "is_not", "pigeon")

    with pytest.raises(Refusal) as refused:
        checked_conditions(office.account, {"all": [condition]}, "trigger")

    description = refused.value.body["details"]["base"][0]["description"]
    assert description == "Invalid value 'pigeon' in 'Update via / Is not / pigeon'"


def test_hours_belong_where_all_conditions_hold(office: Office) -> None:
    with pytest.raises(Refusal) as refused:
        checked_conditions(office.account, {"any": [when("NEW", "is", "1")]}, "automation")

    assert refused.value.status == 422
