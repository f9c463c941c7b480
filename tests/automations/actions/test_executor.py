from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, RowMapping

from automations.actions import repository
from automations.actions.backoff import MOST_ATTEMPTS
from automations.actions.executor import LOGIN_PAUSE_S, Executor
from automations.actions.plan import Action, State
from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import (
    LeaseLost,
    LoginRefused,
    OutcomeUnknown,
    RecordGone,
    UpdateConflict,
    ZendeskError,
    ZendeskRefused,
    ZendeskRetryable,
)
from tests.support.tickets import Clock, FakeWriter, Record, make_action, make_ticket

A, B = "draft:17", "escalate:17"


def error(kind: type[ZendeskError], status: int, **more: Any) -> ZendeskError:
    return kind("Zendesk said no.", hint="look.", status=status, **more)


BUSY = error(ZendeskRetryable, 503)
REFUSED = error(ZendeskRefused, 400)
INVALID = error(ZendeskRefused, 422)
NO_LOGIN = error(LoginRefused, 401)
CONFLICT = error(UpdateConflict, 409)
NO_ANSWER = error(OutcomeUnknown, 0)


class Killed(BaseException):
    """The process dies here."""


class Scene:
    """A ticket in a fake Zendesk, an outbox in a real database, and an executor between them."""

    def __init__(self, engine: Engine, ticket: Record) -> None:
        self.engine = engine
        self.clock = Clock()
        self.zendesk = FakeWriter(ticket)
        self.mirrored: list[tuple[str, list[int]]] = []
        self.lost_after: int | None = None  # checks of the lease that still succeed
        self.executor = Executor(
            engine, self.zendesk, on_written=self._on_written, clock=self.clock
        )

    def plan(self, *actions: Action) -> None:
        with transaction(self.engine) as connection:
            repository.plan(connection, actions, state=State.PLANNED, now=self.clock())

    def run(self) -> bool:
        """Read the ticket and its audits, as a worker does, and carry out what is due."""
        return self.executor.run(
            dict(self.zendesk.ticket), list(self.zendesk.audits), guard=self._guard
        )

    @property
    def rows(self) -> Sequence[RowMapping]:
        with reading(self.engine) as connection:
            return repository.listing(connection, states=list(State))[::-1]

    @property
    def states(self) -> list[str]:
        return [row["state"] for row in self.rows]

    def _guard(self, _connection: Connection) -> None:
        if self.lost_after == 0:
            raise LeaseLost(17)
        if self.lost_after is not None:
            self.lost_after -= 1

    def _on_written(
        self, _connection: Connection, ticket: Record, audits: Sequence[Record]
    ) -> None:
        self.mirrored.append((ticket["updated_at"], [audit["id"] for audit in audits]))


@pytest.fixture
def scene(any_engine: Engine) -> Iterator[Scene]:
    played = Scene(any_engine, make_ticket())
    played.plan(make_action(A, note="draft"), make_action(B, note="please answer"))
    yield played
    assert all(played.zendesk.effects(key) <= 1 for key in (A, B)), "an effect happened twice"


def test_actions_are_carried_out_once_and_in_order(scene: Scene) -> None:
    assert scene.run()
    assert scene.run()

    assert scene.zendesk.sent == [A, B]
    assert scene.states == ["done", "done"]
    assert [row["audit_id"] for row in scene.rows] == [7000, 7001]


def test_each_update_is_protected_by_the_stamp_of_the_one_before(scene: Scene) -> None:
    scene.run()

    assert scene.zendesk.stamps == ["2026-03-03T11:00:00Z", "2026-03-03T12:00:01Z"]


def test_what_was_written_is_mirrored_with_its_audit(scene: Scene) -> None:
    scene.run()

    assert scene.mirrored == [("2026-03-03T12:00:01Z", [7000]), ("2026-03-03T12:00:02Z", [7001])]


def test_before_a_request_leaves_the_action_is_marked_as_sending(scene: Scene) -> None:
    seen: list[str] = []
    scene.zendesk.on_update = lambda: seen.extend(scene.states)

    scene.run()

    assert seen == ["sending", "planned", "done", "sending"]


def test_nothing_is_sent_to_a_closed_ticket(scene: Scene) -> None:
    scene.zendesk.ticket["status"] = "closed"

    assert scene.run()
    assert scene.zendesk.sent == []
    assert [(row["state"], row["result"]) for row in scene.rows] == [
        ("skipped", "the ticket is closed")
    ] * 2


def test_what_the_ticket_already_is_is_not_sent(any_engine: Engine) -> None:
    scene = Scene(any_engine, make_ticket(tags=["vip"], priority="urgent"))
    scene.plan(make_action(A, add_tags=("vip",), priority_at_least="high"))

    scene.run()

    assert scene.zendesk.sent == []
    assert scene.states == ["skipped"]


def test_killed_after_the_effect_the_next_worker_finds_it_and_does_not_repeat_it(
    scene: Scene,
) -> None:
    scene.zendesk.lost_answers[A] = [Killed()]
    with pytest.raises(Killed):
        scene.run()
    assert scene.states == ["sending", "planned"]

    assert scene.run()

    assert scene.zendesk.sent == [A, B]
    assert scene.states == ["done", "done"]
    assert scene.mirrored[0][1] == [7000]


def test_killed_before_the_effect_the_next_worker_sends_it(scene: Scene) -> None:
    scene.zendesk.failures[A] = [Killed()]
    with pytest.raises(Killed):
        scene.run()
    assert scene.states == ["sending", "planned"]

    assert scene.run()

    assert scene.zendesk.sent == [A, A, B]
    assert scene.zendesk.effects(A) == 1


@pytest.mark.parametrize("took_effect", [True, False], ids=["it was done", "it was not done"])
def test_an_unknown_outcome_is_looked_up_before_it_is_tried_again(
    scene: Scene,
    took_effect: bool,  # noqa: FBT001
) -> None:
    faults = scene.zendesk.lost_answers if took_effect else scene.zendesk.failures
    faults[A] = [NO_ANSWER]

    assert scene.run()
    assert scene.states == ["sending", "planned"]
    scene.clock.forward(seconds=2)
    assert scene.run()

    assert scene.zendesk.sent == ([A, B] if took_effect else [A, A, B])
    assert scene.zendesk.effects(A) == 1
    assert scene.states == ["done", "done"]


def test_a_conflict_asks_for_another_look_and_sends_nothing_more(scene: Scene) -> None:
    scene.zendesk.failures[A] = [CONFLICT]

    assert not scene.run()
    assert scene.zendesk.sent == [A]
    assert scene.states == ["sending", "planned"]
    assert scene.run()
    assert scene.zendesk.effects(A) == 1


def test_a_busy_zendesk_makes_the_whole_ticket_wait_in_order(scene: Scene) -> None:
    scene.zendesk.failures[A] = [BUSY]

    assert scene.run()
    assert scene.run()  # not due yet
    assert scene.zendesk.sent == [A]
    assert scene.rows[0]["due_at"] == scene.clock() + timedelta(seconds=2)
    assert scene.rows[0]["result"] == "ZendeskRetryable (503)"

    scene.clock.forward(seconds=2)
    assert scene.run()
    assert scene.zendesk.sent == [A, A, B]


def test_waits_as_long_as_zendesk_asks(scene: Scene) -> None:
    scene.zendesk.failures[A] = [error(ZendeskRetryable, 429, retry_after_s=93.0)]

    scene.run()

    assert scene.rows[0]["due_at"] == scene.clock() + timedelta(seconds=93)


def test_a_refused_action_is_dead_and_the_next_one_goes_on(scene: Scene) -> None:
    scene.zendesk.failures[A] = [REFUSED]

    assert scene.run()

    assert scene.zendesk.sent == [A, B]
    assert scene.states == ["dead", "done"]
    assert scene.rows[0]["result"] == "ZendeskRefused (400)"


def test_an_invalid_update_is_decided_anew_on_the_ticket_as_it_is_now(scene: Scene) -> None:
    scene.zendesk.failures[A] = [INVALID]

    assert scene.run() is False

    assert scene.run() is True
    assert scene.states == ["done", "done"]


def test_an_update_that_is_invalid_twice_is_dead(scene: Scene) -> None:
    scene.zendesk.failures[A] = [INVALID, INVALID]

    scene.run()
    scene.run()

    assert scene.states == ["dead", "done"]


def test_an_action_that_fails_too_often_is_dead(scene: Scene) -> None:
    scene.zendesk.failures[A] = [BUSY] * MOST_ATTEMPTS
    for attempt in range(1, MOST_ATTEMPTS):
        scene.run()
        assert (scene.rows[0]["state"], scene.rows[0]["attempts"]) == ("sending", attempt)
        scene.clock.forward(minutes=10)

    scene.run()

    assert scene.states == ["dead", "done"]


def test_a_revived_action_is_looked_up_before_it_is_sent_again(scene: Scene) -> None:
    scene.zendesk.lost_answers[A] = [REFUSED]  # refused, it seemed, yet it took effect
    scene.run()
    with transaction(scene.engine) as connection:
        repository.revive(connection, (), now=scene.clock())

    scene.run()

    assert scene.zendesk.sent == [A, B]
    assert scene.states == ["done", "done"]


def test_refused_credentials_wait_for_the_operator_however_long_it_takes(scene: Scene) -> None:
    patience = 3 * MOST_ATTEMPTS
    scene.zendesk.failures[A] = [NO_LOGIN] * patience
    for _ in range(patience):
        scene.run()
        assert scene.states == ["sending", "planned"]
        assert scene.rows[0]["due_at"] == scene.clock() + timedelta(seconds=LOGIN_PAUSE_S)
        scene.clock.forward(seconds=LOGIN_PAUSE_S)

    scene.run()

    assert scene.states == ["done", "done"]


def test_refused_credentials_use_up_no_attempt(scene: Scene) -> None:
    scene.zendesk.failures[A] = [*[NO_LOGIN] * MOST_ATTEMPTS, BUSY]
    for _ in range(MOST_ATTEMPTS + 1):
        scene.run()
        scene.clock.forward(seconds=LOGIN_PAUSE_S)

    assert (scene.rows[0]["state"], scene.rows[0]["attempts"]) == ("sending", 1)


def test_a_vanished_ticket_is_told_to_the_caller(scene: Scene) -> None:
    scene.zendesk.failures[A] = [error(RecordGone, 404)]

    with pytest.raises(RecordGone):
        scene.run()


@pytest.mark.parametrize("answers", [[], [BUSY], [REFUSED]], ids=["done", "busy", "refused"])
def test_a_worker_that_lost_the_ticket_stores_no_outcome(
    scene: Scene, answers: list[BaseException]
) -> None:
    scene.zendesk.failures[A] = answers
    scene.lost_after = 1  # it may send, and is overtaken before it can record

    with pytest.raises(LeaseLost):
        scene.run()

    assert scene.states == ["sending", "planned"]
    assert scene.mirrored == []


def test_a_worker_that_lost_the_ticket_sends_nothing(scene: Scene) -> None:
    scene.lost_after = 0

    with pytest.raises(LeaseLost):
        scene.run()

    assert scene.zendesk.sent == []
    assert scene.states == ["planned", "planned"]


def test_an_audit_without_metadata_is_nobody_s_effect(scene: Scene) -> None:
    scene.zendesk.failures[A] = [NO_ANSWER]
    scene.run()
    scene.zendesk.audits += [{"id": 1}, {"id": 2, "metadata": None}, {"id": 3, "metadata": {}}]
    scene.clock.forward(seconds=2)

    scene.run()

    assert scene.zendesk.sent == [A, A, B]
