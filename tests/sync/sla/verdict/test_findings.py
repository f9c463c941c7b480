"""Every difference from Zendesk's events is named with its cause, or said to be unexplained."""

from collections import Counter
from dataclasses import replace

import msgspec
import pytest

from sync.sla.choices import Choices
from sync.sla.metric_events import fold
from sync.sla.schedules import to_second
from sync.sla.verdict.causes import Cause
from sync.sla.verdict.comparison import Disagreement, policy_metric
from sync.sla.verdict.doubts import GROUP, TICKET, Doubt, Doubts, Seen, doubts_of
from sync.sla.verdict.findings import HABIT, Finding, find_deleted
from tests.support.sla import AGENT, CUSTOMER, OFFICE_HOURS, after, event, make_policy
from tests.support.sla_verdict import POLICY, Story, judged

ANSWERED = (event(30, AGENT, public=True, status="pending"),)
CALM = Story(events=ANSWERED)


def causes(found: list[Finding]) -> set[Cause]:
    return {finding.cause for finding in found}


def fields(found: list[Finding]) -> set[str]:
    return {finding.disagreement.field for finding in found}


def in_doubt(key: tuple[str, str] = POLICY, *, since: float = 0, until: float = 60) -> Doubts:
    doubt = Doubt(to_second(after(since)), to_second(after(until)), "it was edited")
    return Doubts(policies={key: [doubt]})


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(Story(), id="nobody answers"),
        pytest.param(CALM, id="answered and waiting"),
        pytest.param(
            Story(events=(*ANSWERED, event(90, CUSTOMER, public=True, status="open"))),
            id="the customer writes again",
        ),
        pytest.param(
            Story(events=(event(700, AGENT, status="solved"),), now=900), id="solved late"
        ),
        pytest.param(
            Story(
                policies=[make_policy(("first_reply_time", "normal", 60), business_hours=True)],
                schedule=OFFICE_HOURS,
            ),
            id="business hours",
        ),
    ],
)
def test_two_that_know_the_same_agree(story: Story) -> None:
    assert judged(story, story) == []


def test_a_difference_within_a_minute_is_none() -> None:
    told = [
        msgspec.structs.replace(each, time=after(29.2)) if each.type == "fulfill" else each
        for each in CALM.told()
    ]

    assert judged(CALM, told) == []


def test_a_difference_that_nothing_explains_is_unexplained() -> None:
    zendesk = replace(CALM, policies=[make_policy(("first_reply_time", "normal", 20))])
    found = judged(CALM, zendesk)

    assert causes(found) == {Cause.UNEXPLAINED}
    assert {"target_seconds", "breached"} <= fields(found)


def test_another_target_while_nobody_looked_is_an_edited_policy() -> None:
    zendesk = replace(CALM, policies=[make_policy(("first_reply_time", "normal", 20))])
    found = judged(CALM, zendesk, doubts=in_doubt())

    assert causes(found) == {Cause.POLICY_EDITED}


def test_another_target_when_somebody_looked_is_no_edited_policy() -> None:
    zendesk = replace(CALM, policies=[make_policy(("first_reply_time", "normal", 20))])
    found = judged(CALM, zendesk, doubts=in_doubt(since=31, until=60))

    assert causes(found) == {Cause.UNEXPLAINED}


def test_a_policy_that_nobody_has_seen_is_an_edited_policy() -> None:
    ours, theirs = (
        Story(policies=[make_policy(("first_reply_time", "normal", 60), policy_id=number)])
        for number in (1, 9)
    )
    found = judged(ours, theirs)

    assert causes(found) == {Cause.POLICY_EDITED}
    assert "policy 9 is not known here" in found[0].detail


@pytest.mark.parametrize("priority", ["normal", "urgent"])  # urgent: it promises this one nothing
def test_policies_in_another_order_before_the_first_look_are_an_edited_policy(
    priority: str,
) -> None:
    target = ("first_reply_time", priority, 20)
    one = make_policy(("first_reply_time", "normal", 60), policy_id=1, position=1)
    other = make_policy(target, policy_id=2, position=2)
    before = make_policy(target, policy_id=2, position=0)
    known: dict[tuple[str, str], list[Doubt]] = {POLICY: [], (TICKET, "2"): []}
    doubts = Doubts(policies=known, first_look={TICKET: to_second(after(99)), GROUP: 0})
    ours, zendesk = Story(policies=[one, other]), Story(policies=[one, before])

    assert causes(judged(ours, zendesk, doubts=doubts)) == {Cause.POLICY_EDITED}
    assert causes(judged(ours, zendesk, doubts=Doubts(policies=known))) == {Cause.UNEXPLAINED}


def test_an_optional_rule_that_was_switched_unseen_is_an_edited_policy() -> None:
    flags = {"first_reply_time": {"fulfill_on_agent_internal_note": True}}
    with_flag = make_policy(("first_reply_time", "normal", 60), settings=flags)
    ours = Story(
        events=(event(30, AGENT, public=False),),
        policies=[make_policy(("first_reply_time", "normal", 60))],
    )
    zendesk = replace(ours, policies=[with_flag])

    assert causes(judged(ours, zendesk, doubts=in_doubt())) == {Cause.POLICY_EDITED}
    assert causes(judged(ours, zendesk, doubts=None)) == {Cause.UNEXPLAINED}


def test_other_business_hours_while_nobody_looked_are_an_edited_schedule() -> None:
    policy = make_policy(("first_reply_time", "normal", 60), business_hours=True)
    late = {**OFFICE_HOURS, "intervals": [{"start_time": 2100, "end_time": 2460}]}
    ours = Story(policies=[policy], schedule=OFFICE_HOURS)
    zendesk = replace(ours, schedule=late)
    doubt = Doubt(0, to_second(after(60)), "schedule 5 was edited")
    doubts = Doubts(policies={POLICY: []}, schedules={5: [doubt]})

    assert causes(judged(ours, zendesk, doubts=doubts)) == {Cause.SCHEDULE_EDITED}
    assert causes(judged(ours, zendesk, doubts=None)) == {Cause.UNEXPLAINED}


@pytest.mark.parametrize(
    ("now", "cause"),
    [
        pytest.param(45, Cause.LATE_EVENT, id="a quarter of an hour later"),
        pytest.param(55, Cause.UNEXPLAINED, id="when they should be there"),
    ],
)
def test_events_that_zendesk_has_not_written_yet_are_late(now: float, cause: Cause) -> None:
    ours, zendesk = replace(CALM, now=now), Story(now=now)

    assert causes(judged(ours, zendesk)) == {cause}


def test_a_new_ticket_of_which_zendesk_tells_nothing_is_late_and_an_old_one_is_not_told_of() -> (
    None
):
    assert causes(judged(Story(now=10), [])) == {Cause.LATE_EVENT}
    assert judged(Story(now=30), []) == []


def test_an_update_that_only_zendesk_knows_is_not_yet_known() -> None:
    withdrawn = [
        msgspec.structs.replace(each, id=900 + each.id, deleted=True)
        for each in Story().told()
        if each.type == "breach"
    ]

    assert causes(judged(Story(), [*CALM.told(), *withdrawn])) == {Cause.NOT_YET_KNOWN}


def test_an_open_question_that_zendesk_answers_otherwise_is_named() -> None:
    ours = Story(submitter=AGENT)
    zendesk = replace(ours, choices=Choices(opening_starts_updates=False))
    found = judged(ours, zendesk)

    assert causes(found) == {Cause.UNSETTLED_RULE}
    assert "opening_starts_updates" in found[0].detail


def test_two_open_questions_on_one_clock_are_no_riddle() -> None:
    dearer = make_policy(
        ("periodic_update_time", "normal", 90), ("periodic_update_time", "high", 30)
    )
    ours = Story(
        events=(
            event(30, AGENT, public=True),
            event(60, AGENT, public=True, priority="high", status="solved"),
        ),
        policies=[dearer],
        submitter=AGENT,
    )
    answers = Choices(opening_starts_updates=False, finishing_update_sets_target=False)

    assert causes(judged(ours, replace(ours, choices=answers))) == {Cause.UNSETTLED_RULE}


def test_a_choice_that_only_happens_to_fit_explains_nothing() -> None:
    strict = make_policy(("first_reply_time", "normal", 20))
    ours = Story(policies=[strict], events=(event(30, AGENT, priority="low"),), now=60)
    zendesk = replace(ours, policies=[make_policy(("first_reply_time", "normal", 45))])
    found = judged(ours, zendesk)

    assert causes(found) == {Cause.UNEXPLAINED}


def test_events_of_one_second_that_were_two_updates_are_named() -> None:
    ours = Story(events=(event(30, AGENT, status="pending"), event(30, CUSTOMER, status="open")))
    told = Story().told()
    (start,) = (each for each in told if each.type == "activate" and "wait" in each.metric)
    paused = msgspec.structs.replace(start, id=901, type="pause", time=after(30))
    again = msgspec.structs.replace(start, id=902, time=after(30))
    found = judged(ours, [*told, paused, again])

    assert causes(found) == {Cause.SAME_SECOND}


def test_only_zendesk_still_has_clocks_of_a_deleted_ticket() -> None:

    told = {
        policy_metric(each.metric, each.instance): each for each in fold(CALM.told(), now=after(60))
    }
    found = find_deleted(told)

    assert causes(found) == {Cause.DELETED_TICKET}
    assert len(found) == len(told)


def test_nobody_knows_what_was_between_two_looks() -> None:
    first = Seen(active_from=100, known_from=100, noted_at=500, last_read_at=600, deleted_at=None)
    second = Seen(active_from=900, known_from=900, noted_at=950, last_read_at=950, deleted_at=None)
    doubts = doubts_of("policy 1", [first, second])

    spans = [(doubt.since, doubt.until) for doubt in doubts]
    assert spans == [(600, 900), (951, float("inf"))]


def test_nobody_knows_what_a_policy_was_before_an_edit_that_came_before_the_first_look() -> None:
    edited = Seen(active_from=100, known_from=300, noted_at=500, last_read_at=600, deleted_at=700)
    doubts = doubts_of("policy 1", [edited])

    assert [(doubt.since, doubt.until) for doubt in doubts] == [(100, 300), (600, 700)]


@pytest.mark.parametrize(
    ("others", "cause"),
    [
        pytest.param(HABIT - 1, Cause.SCHEDULE_EDITED, id="hardly any other ticket"),
        pytest.param(HABIT, Cause.UNSETTLED_RULE, id="many other tickets"),
    ],
)
def test_an_edit_between_two_looks_goes_before_a_choice_that_explains(
    others: int, cause: Cause
) -> None:
    edit = Cause.SCHEDULE_EDITED, "schedule 5 was edited"
    breached = Disagreement(
        metric="next_reply_time", instance=1, field="breached", ours="true", zendesk="false"
    )
    finding = Finding(breached, Cause.UNSETTLED_RULE, "the choice", edit)

    assert finding.or_an_edit(Counter({"the choice": others})).cause is cause


@pytest.mark.parametrize("is_sure", [True, False])
def test_only_an_edit_that_is_certain_is_kept_beside_a_choice(*, is_sure: bool) -> None:
    ours = Story(submitter=AGENT)
    zendesk = replace(ours, choices=Choices(opening_starts_updates=False))
    doubt = Doubt(to_second(after(0)), to_second(after(60)), "it was edited", is_sure)
    found = judged(ours, zendesk, doubts=Doubts(policies={POLICY: [doubt]}))

    assert causes(found) == {Cause.UNSETTLED_RULE}
    edits = {finding.edit for finding in found} - {None}
    assert edits == ({(Cause.POLICY_EDITED, "it was edited")} if is_sure else set())
