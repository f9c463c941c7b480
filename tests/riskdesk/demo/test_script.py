from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

import pytest

from riskdesk.demo.complaints import Complaint, own_complaints
from riskdesk.demo.script import PHRASES, Kind, Script, Step, build_script

OWN = own_complaints()
DAY = build_script(OWN)


def by_ticket(script: Script) -> dict[str, list[Step]]:
    tickets: defaultdict[str, list[Step]] = defaultdict(list)
    for step in script.steps:
        tickets[step.complaint_id].append(step)
    return tickets


def first_reply_minutes(family: str) -> list[float]:
    waits = []
    for complaint_id, steps in by_ticket(DAY).items():
        if DAY.complaints[complaint_id].family == family:
            replies = [step.at for step in steps if step.kind is Kind.REPLIES]
            waits += [(reply - steps[0].at).total_seconds() / 60 for reply in replies[:1]]
    return waits


def test_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    assert build_script(OWN).steps == DAY.steps
    assert build_script(OWN, seed=8).steps != DAY.steps


def test_a_complaint_more_does_not_change_what_happens_to_the_others() -> None:
    more = build_script([*OWN, Complaint(id="new", text="one more")])

    assert [step for step in more.steps if step.complaint_id != "new"] == list(DAY.steps)


def test_day_lasts_from_nine_to_seven_in_singapore() -> None:
    assert DAY.start == datetime(2026, 3, 3, 1, tzinfo=UTC)
    assert DAY.end == datetime(2026, 3, 3, 11, tzinfo=UTC)
    assert all(DAY.start <= step.at <= DAY.end for step in DAY.steps)
    assert all(step.at.tzinfo is UTC and step.at.microsecond == 0 for step in DAY.steps)


def test_steps_are_in_the_order_of_time() -> None:
    moments = [step.at for step in DAY.steps]

    assert moments == sorted(moments)


@pytest.mark.parametrize("seed", range(20))
def test_each_ticket_is_written_first_and_goes_strictly_forwards(seed: int) -> None:
    tickets = by_ticket(build_script(OWN, seed=seed))

    assert len(tickets) == len(OWN)
    for steps in tickets.values():
        kinds = [step.kind for step in steps]
        assert kinds[0] is Kind.WRITES
        assert kinds.count(Kind.WRITES) == 1
        assert Kind.VANISHES not in kinds[:-1]
        assert all(earlier.at < later.at for earlier, later in pairwise(steps))


@pytest.mark.parametrize("seed", range(20))
def test_status_steps_follow_each_other_as_people_do(seed: int) -> None:
    allowed_before = {Kind.ANSWERS: Kind.ASKS, Kind.REOPENS: Kind.SOLVES}
    for steps in by_ticket(build_script(OWN, seed=seed)).values():
        for earlier, later in pairwise(steps):
            wanted = allowed_before.get(later.kind)
            assert wanted is None or earlier.kind is wanted
            assert earlier.kind is not Kind.SOLVES or later.kind is Kind.REOPENS


def test_everything_promised_happens_on_the_default_day() -> None:
    happened = Counter(step.kind for step in DAY.steps)

    assert set(happened) == set(Kind), happened
    assert happened[Kind.WRITES] == 200
    assert 3 <= happened[Kind.VANISHES] <= 15
    assert happened[Kind.SOLVES] > 60
    assert happened[Kind.NOTES] + happened[Kind.SPEAKS] > 60


def test_some_wait_in_vain_and_some_are_answered_late() -> None:
    unanswered = [
        complaint_id
        for complaint_id, steps in by_ticket(DAY).items()
        if not {Kind.REPLIES, Kind.SPEAKS, Kind.SOLVES, Kind.VANISHES} & {s.kind for s in steps}
    ]

    assert 3 <= len(unanswered) <= 60
    assert any(minutes > 15 for minutes in first_reply_minutes("A"))
    assert any(minutes <= 15 for minutes in first_reply_minutes("A"))


def test_account_takeover_is_answered_sooner_than_a_missing_deposit() -> None:
    assert median(first_reply_minutes("A")) * 2 < median(first_reply_minutes("F"))


def test_advertising_is_never_answered() -> None:
    for complaint_id, steps in by_ticket(DAY).items():
        if DAY.complaints[complaint_id].family == "X":
            assert {step.kind for step in steps} <= {
                Kind.WRITES,
                Kind.CORRECTS,
                Kind.SOLVES,
                Kind.VANISHES,
            }


def test_people_write_in_the_language_of_the_complaint() -> None:
    lines = {
        code: {text for texts in book.values() for text in texts} for code, book in PHRASES.items()
    }
    for step in DAY.steps:
        if step.text and step.kind is not Kind.WRITES:
            assert step.text in lines[DAY.complaints[step.complaint_id].lang or ""]


def test_both_languages_have_lines_for_the_same_acts() -> None:
    assert PHRASES["en"].keys() == PHRASES["zh"].keys()


def test_a_persons_own_texts_get_a_day_on_which_none_is_deleted() -> None:
    texts = [Complaint(id=str(n), text=f"text {n}") for n in range(500)]
    script = build_script(texts)

    assert len(by_ticket(script)) == 500
    assert {step.kind for step in script.steps} == set(Kind) - {Kind.VANISHES}


def test_no_complaint_arrives_in_the_last_hour() -> None:
    last = max(step.at for step in DAY.steps if step.kind is Kind.WRITES)

    assert last <= DAY.end - timedelta(hours=1)
