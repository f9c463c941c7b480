"""The clock of group ownership: every spell in which one group owns the ticket is an instance."""

from integrations.sandbox.sla.turn import Turn
from integrations.sandbox.state.metric_events import GROUP


def follow_group(turn: Turn) -> None:
    """End the spell when the group changes or the ticket is solved; begin the next one."""
    group = turn.ticket["group_id"] or 0
    clock = turn.live(GROUP)
    if clock is not None and (turn.is_solved or clock.group != group):
        turn.finish(clock)
        clock = None
    if clock is None and group and not turn.is_solved:
        turn.start_next(GROUP, group=group)
