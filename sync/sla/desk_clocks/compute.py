"""The desk's marks and clocks of one ticket, from its timeline and the rules alone."""

from sync.sla.clocks import Clock
from sync.sla.desk_clocks.complaints import regulatory_clocks
from sync.sla.desk_clocks.desk import Desk
from sync.sla.desk_clocks.people import Elsewhere, department_clocks, severity_clock
from sync.sla.desk_clocks.story import Story
from sync.sla.marks import TicketMarks
from sync.sla.timeline import Timeline


def desk_clocks(
    timeline: Timeline, desk: Desk, *, now: int, elsewhere: Elsewhere = ()
) -> tuple[TicketMarks, list[Clock]]:
    """Return what the desk knows of a ticket at `now`, and every clock of its own on it.

    `elsewhere` are answers that departments gave outside the ticket.
    """
    opening = timeline.opening
    if opening.at > now:
        return TicketMarks(), []  # the ticket is not yet there
    if not desk.reader.marks_anything(timeline):
        return TicketMarks(channel=opening.fields.get("via")), []
    story = Story(timeline, desk.reader, desk.rules.answers, now=now)
    severity = severity_clock(story, desk, now)
    clocks = [] if severity is None else [severity]
    clocks.extend(department_clocks(story, desk, now, elsewhere))
    clocks.extend(regulatory_clocks(story, desk, now))
    return story.marks, clocks
