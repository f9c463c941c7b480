"""The update clocks: how long it is since staff told the customer something."""

from integrations.sandbox.sla.turn import Turn
from integrations.sandbox.state.metric_events import PAUSABLE, PERIODIC

PAUSES_IN = {PERIODIC: (), PAUSABLE: ("pending",)}
FLAG = "activate_on_agent_internal_note"


def follow_updates(turn: Turn) -> None:
    """Start these clocks with each public comment of staff, which ends the instance before."""
    for metric, pauses in PAUSES_IN.items():
        clock = turn.live(metric)
        if clock is not None and (turn.is_solved or _is_update(turn)):
            turn.finish(clock)
            clock = None
        if turn.is_solved:
            continue
        if _is_update(turn) or (clock is None and metric == PERIODIC and _is_starting_note(turn)):
            clock = turn.start_next(metric)
        if clock is not None:
            turn.follow(clock, runs=turn.ticket["status"] not in pauses)


def _is_update(turn: Turn) -> bool:
    """Return whether staff told the customer something; the opening comment is no update."""
    said = turn.said
    if said is None or turn.is_creation:
        return False
    return said.by_staff and not said.by_requester and said.is_public


def _is_starting_note(turn: Turn) -> bool:
    said = turn.said
    if said is None or said.is_public or turn.is_creation:
        return False
    is_note = said.by_staff and not said.by_requester
    return is_note and turn.promises.flag("periodic_update_time", FLAG)
