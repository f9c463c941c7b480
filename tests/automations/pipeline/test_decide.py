from datetime import timedelta
from typing import Any

import pytest

from automations.actions.plan import Action, Changes, Kind
from automations.escalations.queues import QUEUES
from automations.pipeline.decide import Earlier, Notes, Policy, decide, tags_of
from automations.triage.assessment import Assessment
from tests.support.pipeline import ABSTAINED, make_assessment
from tests.support.tickets import NOON, keys, make_view, way_of

POLICY = Policy(
    reason_field_id=901,
    severity_field_id=902,
    groups={queue.group_name: 800 + place for place, queue in enumerate(QUEUES.values())},
)
NOTES = Notes(draft="Dear customer", escalation="Please answer")
DRAFTED = Earlier(action_keys=("draft:17",), severity="S3", escalated=True)


def decided(
    assessment: Assessment,
    *,
    earlier: Earlier = Earlier(),  # noqa: B008 - frozen
    policy: Policy = POLICY,
    comments: tuple[int, ...] = (1001,),
    status: str = "open",
    tags: tuple[str, ...] = (),
    fields: dict[str, str] | None = None,
) -> list[Action]:
    return decide(
        make_view(*comments, status=status, tags=tags, fields=fields),
        assessment,
        route=way_of(assessment),
        notes=NOTES,
        earlier=earlier,
        policy=policy,
        now=NOON,
    )


def draft(assessment: Assessment, **options: Any) -> Action:
    return decided(assessment, **options)[0]


def test_a_new_complaint_gets_its_draft_and_then_its_escalation() -> None:
    actions = decided(make_assessment())

    assert keys(actions) == ["draft:17", "escalate:17:1001"]
    assert [action.kind for action in actions] == [Kind.DRAFT, Kind.ESCALATE]
    assert [action.changes.note for action in actions] == ["Dear customer", "Please answer"]


def test_the_same_question_gets_the_same_answer() -> None:
    assert decided(make_assessment()) == decided(make_assessment())


def test_a_ticket_is_drafted_once_and_escalated_once() -> None:
    done = Earlier(action_keys=("draft:17", "escalate:17:1001"), severity="S1", escalated=True)

    assert decided(make_assessment(), earlier=done) == []


def test_a_complaint_that_became_serious_later_is_escalated_then() -> None:
    earlier = Earlier(action_keys=("draft:17",), severity="S1")

    assert keys(decided(make_assessment(), earlier=earlier)) == ["escalate:17:1001"]


@pytest.mark.parametrize(
    ("before", "now", "acts"),
    [
        pytest.param("S3", "S1", True, id="much worse"),
        pytest.param("S2", "S1", True, id="worse"),
        pytest.param("S2", "S2", False, id="the same"),
        pytest.param("S1", "S2", False, id="milder"),
        pytest.param("S1", "S4", False, id="much milder"),
    ],
)
def test_severity_moves_only_upwards(before: str, now: str, *, acts: bool) -> None:
    earlier = Earlier(action_keys=("draft:17",), severity=before, escalated=True)

    actions = decided(make_assessment(severity=now), earlier=earlier, comments=(1001, 1005))

    assert keys(actions) == (["reprioritise:17:1005"] if acts else [])
    assert all(action.changes.note is None for action in actions)


def test_a_complaint_that_became_clear_is_classified_then() -> None:
    earlier = Earlier(action_keys=("draft:17",), severity="S3", abstained=True, escalated=True)

    (action,) = decided(make_assessment(severity="S4"), earlier=earlier)

    assert action.kind is Kind.REPRIORITISE
    assert "risk_s4" in action.changes.add_tags


def test_a_complaint_that_became_unclear_changes_nothing() -> None:
    assert decided(make_assessment(**ABSTAINED), earlier=DRAFTED) == []


@pytest.mark.parametrize(
    ("changes", "priority"),
    [
        pytest.param({"severity": "S1"}, "urgent", id="S1"),
        pytest.param({"severity": "S2"}, "high", id="S2"),
        pytest.param({"severity": "S3"}, "normal", id="S3"),
        pytest.param({"severity": "S4"}, "low", id="S4"),
        pytest.param(ABSTAINED, "normal", id="unsure: or no SLA would hold"),
        pytest.param({"family": "N", "reason": None, "severity": "S2"}, "low", id="not ours"),
        pytest.param({"family": "X", "reason": None, "severity": "S2"}, None, id="advertising"),
    ],
)
def test_the_priority_follows_the_severity(changes: dict[str, Any], priority: str | None) -> None:
    assert draft(make_assessment(**changes)).changes.priority_at_least == priority


@pytest.mark.parametrize(
    ("changes", "tags"),
    [
        pytest.param({}, ("risk_family_a", "risk_reason_a1", "risk_s1"), id="known"),
        pytest.param({"reason": None}, ("risk_family_a", "risk_s1"), id="family only"),
        pytest.param(ABSTAINED, ("risk_abstained",), id="unsure"),
        pytest.param(
            {"secrets": ("seed phrase",)},
            ("risk_family_a", "risk_reason_a1", "risk_s1", "risk_secret_leaked"),
            id="leaked secret",
        ),
    ],
)
def test_tags_say_what_triage_found(changes: dict[str, Any], tags: tuple[str, ...]) -> None:
    known = ("riskdesk", "risk_language_en", "risk_complexity_normal")

    assert tags_of(make_assessment(**changes)) == (*known, *tags)


def test_fields_carry_reason_and_severity() -> None:
    assert draft(make_assessment()).changes.custom_fields == {"901": "risk_a1", "902": "risk_s1"}


@pytest.mark.parametrize(
    ("changes", "policy", "fields"),
    [
        pytest.param({"reason": None}, POLICY, {"902": "risk_s1"}, id="no reason known"),
        pytest.param(ABSTAINED, POLICY, {}, id="unsure"),
        pytest.param({}, Policy(), {}, id="the account has no such fields"),
        pytest.param({}, Policy(reason_field_id=901), {"901": "risk_a1"}, id="only one field"),
    ],
)
def test_fields_stay_as_they_are_where_nothing_is_known(
    changes: dict[str, Any], policy: Policy, fields: dict[str, str]
) -> None:
    assert draft(make_assessment(**changes), policy=policy).changes.custom_fields == fields


def test_an_escalation_goes_to_the_group_that_owns_the_complaint() -> None:
    escalation = decided(make_assessment())[1].changes

    assert escalation.group_id == POLICY.groups["Account Security"]
    assert escalation.priority_at_least == "urgent"
    assert {"risk_escalated", "risk_queue_sec"} <= set(escalation.add_tags)


def test_without_the_group_the_ticket_is_escalated_where_it_is() -> None:
    assert decided(make_assessment(), policy=Policy())[1].changes.group_id is None


@pytest.mark.parametrize("status", ["solved", "closed"])
def test_a_ticket_that_ended_is_not_taken_to_another_department(status: str) -> None:
    assert keys(decided(make_assessment(), status=status)) == ["draft:17"]


@pytest.mark.parametrize("status", ["new", "open", "pending", "hold"])
def test_a_ticket_that_goes_on_is_taken_there(status: str) -> None:
    assert keys(decided(make_assessment(), status=status)) == ["draft:17", "escalate:17:1001"]


def test_an_escalation_is_named_after_the_words_that_caused_it() -> None:
    actions = decided(make_assessment(), comments=(1001, 1005))

    assert keys(actions) == ["draft:17", "escalate:17:1005"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(ABSTAINED, id="unsure"),
        pytest.param({"family": "N", "reason": None}, id="not ours"),
        pytest.param({"family": "X", "reason": None}, id="advertising"),
        pytest.param({"owner": "RC", "severity": "S3"}, id="the desk's own"),
    ],
)
def test_what_nobody_else_owns_is_not_escalated(changes: dict[str, Any]) -> None:
    assert keys(decided(make_assessment(**changes))) == ["draft:17"]


def test_no_action_answers_the_customer_in_public() -> None:
    fields = {name for action in decided(make_assessment()) for name in dir(action.changes)}

    assert "public" not in fields


def test_decisions_do_not_change_with_the_hour() -> None:
    later = decide(
        make_view(),
        make_assessment(),
        route=way_of(make_assessment()),
        notes=NOTES,
        earlier=Earlier(),
        policy=POLICY,
        now=NOON + timedelta(days=400),
    )

    assert later == decided(make_assessment())


def test_a_complaint_is_marked_for_the_regulators_clocks() -> None:
    tags = draft(make_assessment(is_complaint=True)).changes.add_tags

    assert "risk_complaint" in tags
    assert "risk_complaint" not in draft(make_assessment()).changes.add_tags


def test_a_later_complaint_is_marked_without_touching_the_severity() -> None:
    earlier = Earlier(action_keys=("draft:17",), severity="S1", escalated=True)
    milder = make_assessment(severity="S3", is_complaint=True)

    (action,) = decided(milder, earlier=earlier)

    assert action.changes == Changes(add_tags=("risk_complaint",))


def test_an_agent_who_said_that_it_is_no_complaint_is_not_overruled() -> None:
    actions = decided(make_assessment(is_complaint=True), tags=("risk_not_complaint",))

    assert all("risk_complaint" not in action.changes.add_tags for action in actions)


def test_the_mark_of_a_complaint_is_never_taken_away() -> None:
    for changes in ({}, {"is_complaint": True}, ABSTAINED):
        for action in decided(make_assessment(**changes), tags=("risk_complaint",)):
            assert "risk_complaint" not in action.changes.remove_tags


@pytest.mark.parametrize(
    ("present", "written"),
    [
        pytest.param({}, True, id="empty"),
        pytest.param({"901": "risk_b1"}, True, id="as riskdesk wrote it"),
        pytest.param({"901": "risk_c1"}, False, id="corrected by a person"),
    ],
)
def test_a_reason_that_a_person_corrected_is_left_alone(
    present: dict[str, str], *, written: bool
) -> None:
    earlier = Earlier(action_keys=("draft:17",), severity="S3", reason="B1", escalated=True)

    (action,) = decided(make_assessment(severity="S1"), earlier=earlier, fields=present)

    assert ("901" in action.changes.custom_fields) is written
    assert action.changes.custom_fields["902"] == "risk_s1"
