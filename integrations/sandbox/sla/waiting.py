"""The clocks that follow the status: requester wait, agent work and resolution."""

from integrations.sandbox.sla.turn import Turn
from integrations.sandbox.state.metric_events import RESOLUTION, WAIT, WORK

RUNS_IN = {
    WORK: ("new", "open"),
    WAIT: ("new", "open", "hold"),
    RESOLUTION: ("new", "open", "pending", "hold"),
}


def follow_status(turn: Turn) -> None:
    """Start these clocks with the ticket; solving ends them, reopening lets them go on."""
    for metric, statuses in RUNS_IN.items():
        clock = turn.start(metric, 1) if turn.is_creation else turn.clocks[metric]
        if turn.is_solved:
            if clock.is_live:
                turn.finish(clock)
            continue
        if clock.is_done:
            turn.run(clock)
        turn.follow(clock, runs=turn.ticket["status"] in statuses)
