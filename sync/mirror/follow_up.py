"""What a run does after its pages: read anew what was redacted, remove what is left of people."""

from datetime import datetime

from sqlalchemy import Engine

from integrations.runtime.database import empty_log
from sync.mirror import people
from sync.mirror.second_looks import SecondLooks, TicketReader, look_again


def follow_up(engine: Engine, zendesk: TicketReader, *, now: datetime) -> SecondLooks:
    """Finish what the pages of a run noted; what fails is done by the next run."""
    looks = look_again(engine, zendesk, now=now)
    people.sweep(engine)
    empty_log(engine)
    return looks
