"""Leaked secrets are taken out of Zendesk too: once each, and never while observing."""

import random

import pytest
from sqlalchemy import Engine, select

from automations.actions.tables import actions
from automations.pipeline.decide import remove_secrets
from automations.pipeline.ticket import view
from integrations.redaction.redactor import Redactor
from integrations.runtime.settings import Mode
from tests.support import planted
from tests.support.pipeline import SECURITY_AGENT, Bench, FakeZendesk

SEED = planted.english_seed(random.Random(1))
WORD = planted.password(random.Random(1))


@pytest.fixture
def bench(any_engine: Engine) -> Bench:
    return Bench(any_engine)


@pytest.fixture
def zendesk(bench: Bench) -> FakeZendesk:
    return bench.zendesk


def removals(engine: Engine) -> list[tuple[str, str]]:
    query = select(actions.c.key, actions.c.state).where(actions.c.kind == "redact")
    with engine.connect() as connection:
        return [(row.key, row.state) for row in connection.execute(query.order_by(actions.c.id))]


def everything(zendesk: FakeZendesk) -> str:
    return repr((zendesk.tickets, zendesk.history))


def test_a_leak_is_redacted_tagged_and_answered_with_what_to_replace(
    bench: Bench, zendesk: FakeZendesk
) -> None:
    zendesk.open_ticket(f"stolen! my seed phrase: {SEED}")
    zendesk.tickets[17]["subject"] = f"password: {WORD}"
    bench.handle(17)

    assert SEED not in everything(zendesk)
    assert WORD not in everything(zendesk)
    assert "[REDACTED:PASSWORD" in zendesk.tickets[17]["subject"]
    assert "risk_secret_leaked" in zendesk.tickets[17]["tags"]
    assert zendesk.tickets[17]["priority"] in {"high", "urgent"}
    assert "rotate_now" in zendesk.notes(17)[-1]
    assert [state for _, state in removals(bench.engine)] == ["done"]


def test_a_second_look_finds_nothing_to_redact(bench: Bench, zendesk: FakeZendesk) -> None:
    zendesk.open_ticket(f"my seed phrase: {SEED}")
    bench.handle(17)
    zendesk.set_status(17, "pending")
    bench.handle(17)

    assert len(removals(bench.engine)) == 1


def test_a_later_comment_of_an_agent_is_redacted_too(bench: Bench, zendesk: FakeZendesk) -> None:
    zendesk.open_ticket("my withdrawal is stuck")
    bench.handle(17)
    zendesk.comment(17, SECURITY_AGENT, f"customer says password: {WORD}", public=False)
    bench.handle(17)

    assert WORD not in everything(zendesk)
    assert len(removals(bench.engine)) == 1


def test_observing_changes_nothing_in_zendesk(any_engine: Engine) -> None:
    bench = Bench(any_engine, mode=Mode.OBSERVE)
    zendesk = bench.zendesk
    zendesk.open_ticket(f"my seed phrase: {SEED}")
    before = everything(zendesk)
    bench.handle(17)

    assert everything(zendesk) == before
    assert [state for _, state in removals(bench.engine)] == ["observed"]


def test_nothing_of_a_secret_is_kept_with_the_action(bench: Bench, zendesk: FakeZendesk) -> None:
    zendesk.open_ticket(f"my seed phrase: {SEED}, password: {WORD}")
    bench.handle(17)
    with bench.engine.connect() as connection:
        kept = repr(connection.execute(select(actions)).all())

    assert SEED not in kept
    assert WORD not in kept


def test_doubtful_digits_are_left_to_a_person(bench: Bench, zendesk: FakeZendesk) -> None:
    digits = planted.hex_key(random.Random(2))
    zendesk.open_ticket(f"here you are {digits}")
    bench.handle(17)

    assert digits in everything(zendesk)
    assert removals(bench.engine) == []


def test_files_that_hold_keys_are_flagged(zendesk: FakeZendesk) -> None:
    zendesk.open_ticket("see the file")
    (audit,) = zendesk.history[17]
    audit["events"][0]["attachments"] = [{"file_name": "UTC--2026-01-01--wallet.json"}]
    seen = view(zendesk.tickets[17], zendesk.history[17])
    (action,) = remove_secrets(seen, (), note=lambda _kinds: "")

    assert action.changes.add_tags == ("risk_secret_file", "risk_attachment_unscanned")
    assert not action.changes.removes_secrets


def test_a_placeholder_that_somebody_wrote_is_no_leak(zendesk: FakeZendesk) -> None:
    zendesk.open_ticket(Redactor().text(SEED))
    seen = view(zendesk.tickets[17], zendesk.history[17])

    assert remove_secrets(seen, (), note=lambda _kinds: "") == []
