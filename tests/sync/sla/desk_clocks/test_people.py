"""Severity clocks and departments' answer times."""

from typing import Any

import pytest

from sync.sla.clocks import Phase, Source
from sync.sla.schedules import BusinessTime
from tests.support.desk_clocks import (
    AGENT,
    CUSTOMER,
    OTHER_AGENT,
    SYSTEM,
    clocks_of,
    complaint,
    desk_of,
    happened,
    told,
)
from tests.support.sla import OFFICE_HOURS

NINE = "2026-06-01T09:00Z"  # a Monday; eleven o'clock in Budapest, whose office is open 9 to 17
ASKED = "2026-06-01T09:00:00Z"
FIRST, DEPARTMENT = "severity_first_answer", "department_answer"
OFFICE = desk_of(hours={"default": BusinessTime(OFFICE_HOURS)})


def at(hour: float, author: int = AGENT, **happens: Any) -> Any:
    """Return an update so many hours after nine on Monday."""
    day, minutes = divmod(round(9 * 60 + hour * 60), 24 * 60)
    clock = f"2026-06-{1 + day:02}T{minutes // 60:02}:{minutes % 60:02}Z"
    return happened(clock, author, **happens)


@pytest.mark.parametrize(
    ("severity", "due"),
    [
        ("s1", "2026-06-01T09:15:00Z"),
        ("s2", "2026-06-01T10:00:00Z"),
        ("s3", "2026-06-01T17:00:00Z"),
        ("s4", "2026-06-02T09:00:00Z"),
    ],
)
def test_a_person_answers_by_severity_round_the_clock(severity: str, due: str) -> None:
    clock = clocks_of(complaint(NINE, tags=[f"risk_{severity}"]), now=NINE)[FIRST]

    assert (told(clock.due_at), clock.source, clock.priority) == (
        due,
        Source.DESK,
        severity.upper(),
    )


def test_a_raised_severity_keeps_the_time_and_tightens_the_target() -> None:
    raised = at(0.5, tags=["risk_s2"])

    clock = clocks_of(complaint(NINE, raised, tags=["risk_s3"]), now="2026-06-01T09:40Z")[FIRST]

    assert (told(clock.due_at), clock.elapsed_seconds) == ("2026-06-01T10:00:00Z", 2400)
    assert [target.target_seconds for target in clock.targets] == [28_800, 3600]


def test_a_raise_to_a_target_that_is_used_up_breaches_at_once() -> None:
    raised = at(2, tags=["risk_s1"])

    clock = clocks_of(complaint(NINE, raised, tags=["risk_s3"]), now="2026-06-01T12:00Z")[FIRST]

    assert told(clock.breach_at) == "2026-06-01T11:00:00Z"


@pytest.mark.parametrize(
    ("author", "due"),
    [
        pytest.param(SYSTEM, "2026-06-01T10:00:00Z", id="not by a trigger"),
        pytest.param(AGENT, "2026-06-01T17:00:00Z", id="by a person"),
    ],
)
def test_severity_falls_only_by_a_person(author: int, due: str) -> None:
    lowered = at(0.5, author, tags=["risk_s3"])

    clock = clocks_of(complaint(NINE, lowered, tags=["risk_s2"]), now="2026-06-01T09:40Z")[FIRST]

    assert told(clock.due_at) == due


def test_of_two_severities_the_worst_counts() -> None:
    clock = clocks_of(complaint(NINE, tags=["risk_s4", "risk_s1"]), now=NINE)[FIRST]

    assert clock.priority == "S1"


@pytest.mark.parametrize(
    ("event", "ended"),
    [
        pytest.param(at(1, public=True), True, id="a public answer"),
        pytest.param(at(1, status="solved"), True, id="solving"),
        pytest.param(at(1, public=False), False, id="not a note"),
        pytest.param(at(1, SYSTEM, public=True), False, id="not a trigger's answer"),
        pytest.param(at(1, CUSTOMER, public=True), False, id="not the customer"),
    ],
)
def test_what_ends_the_wait_for_a_person(event: Any, ended: bool) -> None:  # noqa: FBT001
    clock = clocks_of(complaint(NINE, event, tags=["risk_s3"]))[FIRST]

    assert (clock.state is Phase.ACHIEVED) is ended


def test_the_clock_starts_with_the_customers_first_word() -> None:
    outbound = complaint(
        NINE, at(5, CUSTOMER, public=True), tags=["risk_s2"], submitter=AGENT, via="web"
    )

    assert told(clocks_of(outbound)[FIRST].started_at) == "2026-06-01T14:00:00Z"
    assert FIRST not in clocks_of(complaint(NINE, tags=["risk_s2"], submitter=AGENT, via="web"))


def test_a_severity_that_came_after_the_answer_gives_no_target() -> None:
    events = (at(3, public=True), at(4, tags=["risk_s1"]))

    clock = clocks_of(complaint(NINE, *events))[FIRST]

    assert (clock.state, clock.target_seconds, clock.breached) == (Phase.ACHIEVED, None, False)


def escalated(hour: float, *more: str, severity: str = "s3") -> Any:
    return at(hour, tags=[f"risk_{severity}", "risk_escalated", "risk_queue_sec", *more])


def department(*events: Any, now: str, severity: str = "s3", desk: Any = OFFICE) -> Any:
    return clocks_of(complaint(NINE, *events, tags=[f"risk_{severity}"]), now=now, desk=desk)[
        DEPARTMENT
    ]


def test_a_department_answers_calm_cases_in_its_business_hours() -> None:
    # 8 hours from 11:00 in Budapest: six until 17:00, two on Tuesday from 9:00.
    clock = department(escalated(0), now=NINE)

    assert (told(clock.due_at), clock.business_hours) == ("2026-06-02T09:00:00Z", True)
    assert clock.policy_id == "desk/department-sec@1"
    assert clock.policy_title == "Answer of Account Security"


def test_urgent_cases_do_not_wait_for_the_office() -> None:
    clock = department(escalated(12, severity="s1"), now="2026-06-01T21:00Z", severity="s1")

    assert (told(clock.due_at), clock.business_hours) == ("2026-06-01T21:15:00Z", False)


def test_an_urgent_raise_counts_all_that_passed() -> None:
    # At 21:00 UTC the office has been closed for six hours; round the clock S2's hour is over.
    clock = department(escalated(0), escalated(12, severity="s2"), now="2026-06-01T21:00Z")

    assert (told(clock.breach_at), clock.target_seconds) == ("2026-06-01T21:00:00Z", 3600)
    assert clock.elapsed_seconds == 12 * 3600


@pytest.mark.parametrize(
    ("event", "ended"),
    [
        pytest.param(at(3, OTHER_AGENT, public=False), "2026-06-01T12:00:00Z", id="its note"),
        pytest.param(at(3, OTHER_AGENT, public=True), "2026-06-01T12:00:00Z", id="its answer"),
        pytest.param(at(3, AGENT, public=True), None, id="not somebody else's"),
        pytest.param(at(3, status="solved"), "2026-06-01T12:00:00Z", id="the ticket is solved"),
        pytest.param(at(3, tags=["risk_s3"]), "2026-06-01T12:00:00Z", id="it left the queue"),
    ],
)
def test_what_ends_a_departments_clock(event: Any, ended: str | None) -> None:
    clock = department(escalated(1), event, now="2026-06-01T13:00Z")

    assert told(clock.fulfilled_at) == ended


def test_whoever_asked_a_department_does_not_answer_for_it() -> None:
    tags = ["risk_s3", "risk_queue_sec"]
    asked = at(1, OTHER_AGENT, public=False, tags=tags)  # riskdesk may be in a department's group
    reminded = at(2, OTHER_AGENT, public=False, tags=[*tags, "risk_clock_overdue"])

    assert department(asked, reminded, now="2026-06-01T12:00Z").state is Phase.ACTIVE


def test_a_comment_from_before_the_escalation_answers_nothing() -> None:
    early = at(1, OTHER_AGENT, public=False)

    assert department(early, escalated(1), now="2026-06-01T12:00Z").state is Phase.ACTIVE


@pytest.mark.parametrize(
    ("queue", "answered", "ended"),
    [
        pytest.param("SEC", "2026-06-01T11:00Z", "2026-06-01T11:00:00Z", id="by telephone"),
        pytest.param("LGL", "2026-06-01T11:00Z", None, id="another department"),
        pytest.param("SEC", "2026-06-01T09:30Z", None, id="before it was asked"),
        pytest.param("SEC", "2026-06-01T14:00Z", None, id="not yet"),
    ],
)
def test_an_answer_outside_the_ticket_ends_the_clock_too(
    queue: str, answered: str, ended: str | None
) -> None:
    life = complaint(NINE, escalated(1), tags=["risk_s3"])

    clock = clocks_of(life, now="2026-06-01T13:00Z", desk=OFFICE, elsewhere=[(queue, answered)])[
        DEPARTMENT
    ]

    assert told(clock.fulfilled_at) == ended


def test_a_ticket_that_is_opened_again_asks_the_department_again() -> None:
    life = complaint(
        NINE,
        escalated(0),
        at(3, status="solved"),
        at(50, CUSTOMER, public=True, status="open"),
        tags=["risk_s3"],
    )

    clock = clocks_of(life, now="2026-06-03T11:30Z", desk=OFFICE)[DEPARTMENT]

    assert (clock.instance, told(clock.started_at)) == (2, "2026-06-03T11:00:00Z")
    assert told(clock.due_at) == "2026-06-04T11:00:00Z"


def test_the_clock_pauses_while_the_department_waits_for_the_desk() -> None:
    events = (escalated(0), escalated(1, "risk_answer_waits"), escalated(3))

    waiting = department(*events[:2], now="2026-06-01T11:00Z")
    resumed = department(*events, now="2026-06-01T12:30Z")

    assert (waiting.state, waiting.due_at, waiting.elapsed_seconds) == (Phase.PAUSED, None, 3600)
    assert [tuple(map(told, spell)) for spell in resumed.paused_spells] == [
        ("2026-06-01T10:00:00Z", "2026-06-01T12:00:00Z")
    ]
    assert told(resumed.due_at) == "2026-06-02T11:00:00Z"


def test_statuses_may_pause_a_department_where_the_rules_say_so() -> None:
    rules = "answers: {department_waits: {statuses: [pending]}}"
    desk = desk_of(rules, hours={"default": BusinessTime(OFFICE_HOURS)})

    clock = department(escalated(0), at(1, status="pending"), now="2026-06-01T11:00Z", desk=desk)

    assert clock.state is Phase.PAUSED


@pytest.mark.parametrize(
    ("tags", "desk", "reason"),
    [
        pytest.param(
            ["risk_queue_foo", "risk_s3"], OFFICE, "the rules have no department FOO", id="queue"
        ),
        pytest.param(["risk_queue_sec"], OFFICE, "the ticket has no severity", id="severity"),
        pytest.param(
            ["risk_queue_sec", "risk_s3"],
            desk_of(),
            "the account has no business hours 'default'",
            id="hours",
        ),
    ],
)
def test_what_nobody_can_know_about_a_department(tags: list[str], desk: Any, reason: str) -> None:
    clock = clocks_of(complaint(NINE, tags=tags), now=NINE, desk=desk)[DEPARTMENT]

    assert (clock.state, clock.unknown_reason) == (Phase.UNKNOWN, reason)
    assert (clock.started_at, clock.due_at, clock.breached) == (None, None, None)


def test_a_clock_follows_the_edition_in_force_when_it_started() -> None:
    desk = desk_of("""
severity:
  - {edition: 2, in_force: 2026-06-10, times: {S1: 5 min, S2: 30 min, S3: 4 h, S4: 12 h}}
""")

    old = clocks_of(complaint(NINE, at(300, tags=["risk_s3"]), tags=["risk_s4"]), desk=desk)
    new = clocks_of(complaint("2026-06-10T00:00Z", tags=["risk_s3"]), desk=desk)

    assert (old[FIRST].policy_id, old[FIRST].target_seconds) == ("desk/severity@1", 28_800)
    assert (new[FIRST].policy_id, new[FIRST].target_seconds) == ("desk/severity@2", 14_400)
