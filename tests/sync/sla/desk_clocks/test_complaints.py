"""What starts, ends and puts off a regulatory clock, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.sla.clocks import Clock, Phase
from sync.sla.timeline import Event
from tests.support.desk_clocks import (
    AGENT,
    CUSTOMER,
    LIGHT,
    SYSTEM,
    clocks_of,
    complaint,
    desk_of,
    happened,
    told,
)

MONDAY = "2026-06-01T09:00Z"  # VARA: acknowledged by 8 June, answered by 29 June, Dubai time
MARKS = ["risk_complaint", "jurisdiction_ae-du"]
ACK, FINAL = "vara_acknowledgement", "vara_final_answer"
DUE, PUT_OFF = "2026-06-29T19:59:59Z", "2026-07-27T19:59:59Z"
REPLY = happened("2026-06-02T09:00Z", public=True, status="pending")


def ended(clock: Clock) -> tuple[Phase, bool | None, str | None]:
    return clock.state, clock.breached, told(clock.fulfilled_at)


def test_a_complaint_recognised_later_still_starts_with_its_receipt() -> None:
    late = happened("2026-06-20T09:00Z", tags=MARKS)

    clock = clocks_of(complaint(MONDAY, late), now="2026-06-21T09:00Z")[FINAL]

    assert (told(clock.started_at), told(clock.due_at)) == ("2026-06-01T09:00:00Z", DUE)


def test_a_deadline_that_passed_before_anybody_saw_the_complaint_is_missed_all_the_same() -> None:
    late = happened("2026-08-01T09:00Z", tags=MARKS)

    clock = clocks_of(complaint(MONDAY, late))[FINAL]

    assert (clock.state, told(clock.breach_at)) == (Phase.ACTIVE, DUE)


def test_a_complaint_that_staff_wrote_down_starts_when_they_did() -> None:
    by_phone = complaint(MONDAY, tags=MARKS, submitter=AGENT, public=False, via="phone")

    assert told(clocks_of(by_phone)[FINAL].started_at) == "2026-06-01T09:00:00Z"


@pytest.mark.parametrize(
    ("at", "breached"),
    [
        pytest.param("2026-06-08T19:59:59Z", False, id="the last second of the last day"),
        pytest.param("2026-06-08T20:00:00Z", True, id="the first second of the next"),
    ],
)
def test_an_answer_is_in_time_until_the_day_is_over(at: str, breached: bool) -> None:  # noqa: FBT001
    clock = clocks_of(complaint(MONDAY, happened(at, public=True), tags=MARKS))[ACK]

    assert ended(clock) == (Phase.ACHIEVED, breached, at.replace("Z", "Z"))
    assert told(clock.breach_at) == ("2026-06-08T19:59:59Z" if breached else None)


@pytest.mark.parametrize(
    ("event", "at"),
    [
        pytest.param(REPLY, "2026-06-02T09:00:00Z", id="a public answer of the staff"),
        pytest.param(
            happened("2026-06-02T09:00Z", LIGHT, public=True), "2026-06-02T09:00:00Z", id="light"
        ),
        pytest.param(
            happened("2026-06-02T09:00Z", tags=[*MARKS, "risk_acknowledged"]),
            "2026-06-02T09:00:00Z",
            id="the tag of the macro",
        ),
        pytest.param(
            happened("2026-06-02T09:00Z", tags=[*MARKS, "risk_final_answer"]),
            "2026-06-02T09:00:00Z",
            id="the final answer itself",
        ),
        pytest.param(happened("2026-06-02T09:00Z", public=False), None, id="not a note"),
        pytest.param(happened("2026-06-02T09:00Z", CUSTOMER, public=True), None, id="not another"),
        pytest.param(happened("2026-06-02T09:00Z", SYSTEM, public=True), None, id="not a trigger"),
        pytest.param(happened("2026-06-02T09:00Z", status="solved"), None, id="not silent solving"),
    ],
)
def test_what_acknowledges_a_complaint(event: Event, at: str | None) -> None:
    assert told(clocks_of(complaint(MONDAY, event, tags=MARKS))[ACK].fulfilled_at) == at


def test_an_account_may_ask_for_the_macro_and_exclude_its_programs() -> None:
    strict = desk_of("answers: {any_public_answer_acknowledges: false}")
    robot = desk_of(f"answers: {{bots: [{AGENT}]}}")
    life = complaint(MONDAY, REPLY, tags=MARKS)

    assert clocks_of(life, desk=strict)[ACK].state is Phase.ACTIVE
    assert clocks_of(life, desk=robot)[ACK].state is Phase.ACTIVE


@pytest.mark.parametrize(
    ("events", "at"),
    [
        pytest.param(
            [REPLY, happened("2026-06-10T09:00Z", status="solved")],
            "2026-06-10T09:00:00Z",
            id="solved after an answer",
        ),
        pytest.param(
            [happened("2026-06-10T09:00Z", public=True, status="solved")],
            "2026-06-10T09:00:00Z",
            id="solved with one",
        ),
        pytest.param(
            [happened("2026-06-10T09:00Z", status="solved")], None, id="solved without a word"
        ),
        pytest.param(
            [
                REPLY,
                happened("2026-06-05T09:00Z", CUSTOMER, public=True, status="open"),
                happened("2026-06-10T09:00Z", status="solved"),
            ],
            None,
            id="the customer's last question is open",
        ),
        pytest.param(
            [
                happened("2026-06-10T09:00Z", status="solved"),
                happened("2026-06-11T09:00Z", public=True),
            ],
            "2026-06-11T09:00:00Z",
            id="answered after solving",
        ),
        pytest.param(
            [happened("2026-06-10T09:00Z", tags=[*MARKS, "risk_final_answer"])],
            "2026-06-10T09:00:00Z",
            id="the tag of the macro, though unsolved",
        ),
        pytest.param([REPLY], None, id="an answer alone is not final"),
    ],
)
def test_what_a_final_answer_is(events: list[Event], at: str | None) -> None:
    assert told(clocks_of(complaint(MONDAY, *events, tags=MARKS))[FINAL].fulfilled_at) == at


@pytest.mark.parametrize(
    ("reopened", "tag", "expected"),
    [
        pytest.param("2026-06-20T09:00Z", [], None, id="before the deadline it goes on"),
        pytest.param("2026-07-20T09:00Z", [], "2026-06-10T09:00:00Z", id="later it stands"),
        pytest.param(
            "2026-06-20T09:00Z",
            ["risk_final_answer"],
            "2026-06-10T09:00:00Z",
            id="what somebody called final stands",
        ),
    ],
)
def test_a_reopened_complaint_is_unanswered_while_there_is_time(
    reopened: str, tag: list[str], expected: str | None
) -> None:
    solved = happened("2026-06-10T09:00Z", public=True, status="solved", tags=[*MARKS, *tag])
    again = happened(reopened, CUSTOMER, public=True, status="open")

    clock = clocks_of(complaint(MONDAY, solved, again, tags=MARKS))[FINAL]

    assert told(clock.fulfilled_at) == expected
    assert told(clock.breach_at) == (None if expected else DUE)


def held(at: str) -> Event:
    return happened(at, public=True, tags=[*MARKS, "risk_holding_reply"])


def test_a_holding_reply_in_time_puts_the_answer_off_to_the_hard_limit() -> None:
    clock = clocks_of(complaint(MONDAY, held("2026-06-20T09:00Z"), tags=MARKS), now=DUE)[FINAL]

    assert (told(clock.due_at), clock.breached) == (PUT_OFF, False)
    assert [told(target.applied_at) for target in clock.targets] == [
        "2026-06-01T09:00:00Z",
        "2026-06-20T09:00:00Z",
    ]
    assert "holding reply" in (clock.policy_title or "")


def test_a_holding_reply_that_came_too_late_puts_nothing_off() -> None:
    clock = clocks_of(complaint(MONDAY, held("2026-06-30T09:00Z"), tags=MARKS))[FINAL]

    assert told(clock.breach_at) == DUE


def test_nothing_puts_off_the_hard_limit() -> None:
    twice = (held("2026-06-20T09:00Z"), held("2026-07-20T09:00Z"))

    clock = clocks_of(complaint(MONDAY, *twice, tags=MARKS))[FINAL]

    assert told(clock.breach_at) == PUT_OFF


def test_a_rule_without_a_hard_limit_keeps_its_date_after_a_holding_reply() -> None:
    marks = ["risk_complaint", "jurisdiction_mt"]
    reply = happened("2026-06-20T09:00Z", tags=[*marks, "risk_holding_reply"])

    clock = clocks_of(complaint(MONDAY, reply, tags=marks))["mica_final_answer"]

    assert told(clock.breach_at) == "2026-08-01T21:59:59Z"


def test_a_rule_that_allows_it_counts_a_receipt_after_hours_as_the_next_business_day() -> None:
    desk = desk_of("""
rules:
  - {id: fca-disp/summary, edition: 2, in_force: 2020-01-01, metric: fca_summary_resolution,
     title: Summary, step: final_answer, jurisdictions: [GB], limit: 3 business days,
     receipt: next_business_day, closes_at: "17:00", source: DISP 1.5, checked: source}
""")
    friday = ["2026-06-05T15:59Z", "2026-06-05T16:00Z", "2026-06-06T09:00Z"]  # London: 16:59, 17:00

    due = [
        told(
            clocks_of(complaint(at, tags=["risk_complaint", "jurisdiction_uk"]), now=at, desk=desk)[
                "fca_summary_resolution"
            ].due_at
        )
        for at in friday
    ]

    assert due == ["2026-06-10T22:59:59Z", "2026-06-11T22:59:59Z", "2026-06-11T22:59:59Z"]


def test_a_complaint_that_goes_on_in_another_ticket_has_no_clock_here() -> None:
    merged = happened("2026-06-02T09:00Z", status="closed", tags=[*MARKS, "closed_by_merge"])

    assert clocks_of(complaint(MONDAY, merged, tags=MARKS)) == {}


STATUSES = st.sampled_from(["open", "pending", "hold", "new"])


@given(st.lists(st.tuples(st.integers(0, 26), STATUSES), max_size=8))
def test_no_status_moves_a_regulatory_clock(moves: list[tuple[int, str]]) -> None:
    events = [happened(f"2026-06-{2 + day:02}T09:00Z", status=status) for day, status in moves]

    still = clocks_of(complaint(MONDAY, tags=MARKS), now="2026-06-28T09:00Z")
    moved = clocks_of(complaint(MONDAY, *events, tags=MARKS), now="2026-06-28T09:00Z")

    assert moved == still
    assert moved[FINAL].paused_spells == []


def test_what_happens_later_is_not_known_yet() -> None:
    life = complaint(MONDAY, REPLY, tags=MARKS)

    assert clocks_of(life, now="2026-06-02T08:59Z")[ACK].state is Phase.ACTIVE
    assert clocks_of(life, now="2026-05-31T00:00Z") == {}
