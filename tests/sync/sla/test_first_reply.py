"""First reply: what starts it, what ends it, and what does neither."""

import pytest

from sync.sla.clocks import Phase
from tests.support.sla import (
    AGENT,
    CUSTOMER,
    FIRST,
    LIGHT,
    NEXT,
    OTHER_AGENT,
    OTHER_CUSTOMER,
    SYSTEM,
    after,
    clocks,
    event,
    make_policy,
)

HOUR = make_policy((FIRST, "normal", 60))


def test_a_customers_public_comment_starts_it_at_creation() -> None:
    clock = clocks(now=10, policies=[HOUR])[FIRST, 1]

    assert (clock.started_at, clock.due_at, clock.state) == (after(0), after(60), Phase.ACTIVE)


@pytest.mark.parametrize(
    ("author", "public"),
    [
        pytest.param(AGENT, False, id="an internal note"),
        pytest.param(CUSTOMER, True, id="the customer again"),
        pytest.param(OTHER_CUSTOMER, True, id="a copied customer"),
        pytest.param(SYSTEM, True, id="a trigger"),
        pytest.param(404, True, id="a person nobody knows"),
        pytest.param(AGENT, None, id="an update without a comment"),
    ],
)
def test_it_goes_on_after(*, author: int, public: bool | None) -> None:
    clock = clocks(event(10, author, public=public), now=20, policies=[HOUR])[FIRST, 1]

    assert clock.state is Phase.ACTIVE


@pytest.mark.parametrize("author", [AGENT, LIGHT])
def test_a_public_comment_of_the_staff_ends_it(author: int) -> None:
    clock = clocks(event(10, author, public=True), now=20, policies=[HOUR])[FIRST, 1]

    assert (clock.fulfilled_at, clock.elapsed_seconds) == (after(10), 600)


def test_a_reply_in_the_second_of_the_deadline_is_in_time() -> None:
    clock = clocks(event(60, public=True), now=90, policies=[HOUR])[FIRST, 1]

    assert not clock.breached


def test_a_reply_a_second_after_the_deadline_is_late() -> None:
    clock = clocks(event(60 + 1 / 60, public=True), now=90, policies=[HOUR])[FIRST, 1]

    assert clock.breach_at == after(60)


def test_what_happens_after_now_has_not_happened() -> None:
    clock = clocks(event(10, public=True), now=9, policies=[HOUR])[FIRST, 1]

    assert clock.fulfilled_at is None


def test_before_its_creation_a_ticket_has_no_clocks() -> None:
    assert clocks(now=-1, policies=[HOUR]) == {}


def test_a_ticket_that_is_created_solved_waits_for_nobody() -> None:
    clock = clocks(now=90, policies=[HOUR], status="solved")[FIRST, 1]

    assert (clock.state, clock.elapsed_seconds, clock.breached) == (Phase.ACHIEVED, 0, False)


def test_a_note_written_for_a_customer_lets_it_wait_for_the_customer() -> None:
    found = clocks(
        event(30, CUSTOMER, public=True),
        now=40,
        policies=[HOUR],
        submitter=AGENT,
        public=False,
    )

    assert found[FIRST, 1].started_at == after(30)
    assert (NEXT, 1) not in found


@pytest.mark.parametrize(
    ("submitter", "requester", "public", "via", "flag"),
    [
        pytest.param(
            AGENT,
            CUSTOMER,
            True,
            "web",
            "activate_on_ticket_created_for_end_user",
            id="an agent's public comment for a customer",
        ),
        pytest.param(
            AGENT,
            CUSTOMER,
            False,
            "web",
            "activate_on_agent_ticket_created_for_end_user_with_internal_note",
            id="an agent's note for a customer",
        ),
        pytest.param(
            LIGHT,
            CUSTOMER,
            True,
            "email_forwarded_by_agent",
            "activate_on_light_agent_on_email_forward_ticket_from_end_user",
            id="a light agent's forwarded e-mail",
        ),
        pytest.param(
            AGENT,
            AGENT,
            True,
            "web",
            "activate_on_agent_created_ticket_for_self",
            id="an agent's own ticket",
        ),
    ],
)
def test_a_flag_starts_it_at_creation(
    *, submitter: int, requester: int, public: bool, via: str, flag: str
) -> None:
    def ask(settings: dict[str, bool]) -> bool:
        policy = make_policy((FIRST, "normal", 60), settings={FIRST: settings})
        found = clocks(
            now=5,
            policies=[policy],
            submitter=submitter,
            requester_id=requester,
            public=public,
            via=via,
        )
        return (FIRST, 1) in found

    assert ask({flag: True})
    assert not ask({})


def test_a_light_agents_note_needs_more_than_the_agents_flag() -> None:
    flag = "activate_on_agent_ticket_created_for_end_user_with_internal_note"
    policy = make_policy((FIRST, "normal", 60), settings={FIRST: {flag: True}})
    found = clocks(now=5, policies=[policy], submitter=LIGHT, public=False)

    assert (FIRST, 1) not in found


@pytest.mark.parametrize("via", ["email_forwarded_by_agent", "side_conversation"])
def test_forwards_and_side_conversations_start_it_without_a_flag(via: str) -> None:
    found = clocks(now=5, policies=[HOUR], submitter=AGENT, author=CUSTOMER, via=via)

    assert found[FIRST, 1].started_at == after(0)


def test_a_flag_is_read_from_the_policy_at_the_note_not_later() -> None:
    flag = {FIRST: {"fulfill_on_agent_internal_note": True}}
    edited = make_policy((FIRST, "normal", 60), settings=flag, active_from=after(20))
    note_before = clocks(event(10, public=False), now=50, policies=[HOUR, edited])
    note_after = clocks(event(30, public=False), now=50, policies=[HOUR, edited])

    assert note_before[FIRST, 1].state is Phase.ACTIVE
    assert note_after[FIRST, 1].fulfilled_at == after(30)


def test_the_requesting_agent_cannot_answer_itself() -> None:
    policy = make_policy(
        (FIRST, "normal", 60), settings={FIRST: {"activate_on_agent_created_ticket_for_self": True}}
    )
    found = clocks(
        event(5, AGENT, public=True),
        event(15, OTHER_AGENT, public=True),
        now=20,
        policies=[policy],
        submitter=AGENT,
        requester_id=AGENT,
    )

    assert found[FIRST, 1].fulfilled_at == after(15)


def test_reopening_does_not_start_it_again() -> None:
    found = clocks(
        event(10, public=True, status="solved"), event(50, status="open"), now=90, policies=[HOUR]
    )

    assert found[FIRST, 1].fulfilled_at == after(10)
    assert (FIRST, 2) not in found
