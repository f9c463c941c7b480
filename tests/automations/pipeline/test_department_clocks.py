"""An escalation and the clock of its department say the same."""

from datetime import timedelta

from sqlalchemy import Engine, select

from automations.escalations import service as escalations
from integrations.runtime.database import transaction
from sync.sla.desk_clocks.names import DEPARTMENT_ANSWER
from sync.warehouse.tables.sla import sla_clocks
from tests.support.pipeline import Bench

LATER = timedelta(minutes=2)


def test_an_escalation_is_due_when_its_clock_is_and_answers_it(any_engine: Engine) -> None:
    bench = Bench(any_engine)
    bench.handle(bench.zendesk.open_ticket("somebody emptied my account"))
    clock = select(sla_clocks).where(sla_clocks.c.metric == DEPARTMENT_ANSWER)
    with transaction(any_engine) as connection:
        (asked,) = escalations.listing(connection)
        running = connection.execute(clock).mappings().one()
        escalations.answer(connection, asked.id, by=None, now=asked.opened_at + LATER)
        ended = connection.execute(clock).mappings().one()

    assert (asked.due_at, running["state"]) == (running["due_at"], "active")
    assert (ended["state"], ended["fulfilled_at"]) == ("achieved", asked.opened_at + LATER)
