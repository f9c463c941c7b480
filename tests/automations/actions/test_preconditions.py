from typing import Any

import pytest

from automations.actions.plan import Changes
from automations.actions.preconditions import PRIORITIES, compose, skip_reason
from tests.support.tickets import make_ticket

NOTE = Changes(note="Please look.")
MOVE = Changes(note="Please answer.", group_id=802)


@pytest.mark.parametrize("changes", [NOTE, MOVE], ids=["note", "move"])
@pytest.mark.parametrize("status", ["closed", "deleted"])
def test_a_ticket_that_cannot_change_any_more_is_skipped(status: str, changes: Changes) -> None:
    assert skip_reason(changes, make_ticket(status=status)) == f"the ticket is {status}"


@pytest.mark.parametrize("changes", [NOTE, MOVE], ids=["note", "move"])
@pytest.mark.parametrize("status", ["new", "open", "pending", "hold"])
def test_a_ticket_that_is_worked_on_may_be_changed(status: str, changes: Changes) -> None:
    assert skip_reason(changes, make_ticket(status=status)) is None


def test_a_solved_ticket_may_get_a_note_but_not_another_department() -> None:
    assert skip_reason(NOTE, make_ticket(status="solved")) is None
    assert "solved" in (skip_reason(MOVE, make_ticket(status="solved")) or "")


@pytest.mark.parametrize("wanted", PRIORITIES)
@pytest.mark.parametrize("present", [None, *PRIORITIES])
def test_a_priority_is_only_ever_raised(present: str | None, wanted: str) -> None:
    body = compose(Changes(priority_at_least=wanted), make_ticket(priority=present))

    raises = present is None or PRIORITIES.index(wanted) > PRIORITIES.index(present)
    assert body == ({"priority": wanted} if raises else {})


def test_present_tags_are_kept_in_front_of_new_ones() -> None:
    body = compose(Changes(add_tags=("risk_s1", "riskdesk")), make_ticket(tags=["vip", "riskdesk"]))

    assert body == {"tags": ["vip", "riskdesk", "risk_s1"]}


def test_tags_that_are_all_there_are_left_out() -> None:
    assert compose(Changes(add_tags=("vip",)), make_ticket(tags=["vip"])) == {}


def test_a_ticket_without_tags_gets_them() -> None:
    assert compose(Changes(add_tags=("a",)), make_ticket(tags=None)) == {"tags": ["a"]}


def test_a_note_is_internal() -> None:
    body = compose(Changes(note="Please look."), make_ticket())

    assert body == {"comment": {"body": "Please look.", "public": False}}


def test_a_group_is_changed_only_to_another_one() -> None:
    assert compose(Changes(group_id=802), make_ticket(group_id=801)) == {"group_id": 802}
    assert compose(Changes(group_id=801), make_ticket(group_id=801)) == {}


@pytest.mark.parametrize(
    ("present", "sent"),
    [
        pytest.param([{"id": 901, "value": None}], True, id="empty before"),
        pytest.param([{"id": 901, "value": "risk_s3"}], True, id="another value"),
        pytest.param([], True, id="not on the ticket yet"),
        pytest.param(None, True, id="no fields at all"),
        pytest.param([{"id": 901, "value": "risk_s1"}], False, id="so already"),
    ],
)
def test_a_field_is_sent_only_when_it_changes(
    present: list[dict[str, Any]] | None, *, sent: bool
) -> None:
    body = compose(Changes(custom_fields={"901": "risk_s1"}), make_ticket(custom_fields=present))

    assert body == ({"custom_fields": [{"id": 901, "value": "risk_s1"}]} if sent else {})


def test_nothing_wanted_is_nothing_sent() -> None:
    assert compose(Changes(), make_ticket()) == {}
