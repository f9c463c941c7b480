"""Regulatory clocks: until when a complaint must be acknowledged and answered, rule by rule.

They start with the receipt of the complaint in whatever channel, also when it was recognised as
one later, and never pause: not while the desk waits for the customer, not on weekends.
"""

from collections.abc import Iterator

from sync.sla.clocks import AppliedTarget, Clock, Phase, Source
from sync.sla.desk_clocks.book import Rule
from sync.sla.desk_clocks.deadlines import Deadline
from sync.sla.desk_clocks.desk import Desk
from sync.sla.desk_clocks.entries import Step
from sync.sla.desk_clocks.names import REGULATION_UNKNOWN, TITLES
from sync.sla.desk_clocks.story import Story


def regulatory_clocks(story: Story, desk: Desk, now: int) -> Iterator[Clock]:
    """Yield a clock for every rule that the ticket falls under.

    A complaint of which nobody knows where it belongs has one clock that says so.
    """
    marks, received = story.marks, story.received_at
    if story.is_elsewhere:
        return
    place = desk.rules.places.get(marks.jurisdiction or "")
    for rule in desk.chooser.rules_for(marks, place, received):
        where = rule.place or place
        if where is not None:
            yield _clock(rule, desk.deadlines.find(rule, where, received), story, now)
    if marks.is_complaint and place is None:
        code = marks.jurisdiction
        yield _unknown(
            REGULATION_UNKNOWN,
            TITLES[REGULATION_UNKNOWN],
            f"the rules have no jurisdiction {code}" if code else "the ticket has no jurisdiction",
        )


def _clock(rule: Rule, deadline: Deadline, story: Story, now: int) -> Clock:
    if deadline.doubt is not None:
        return _unknown(rule.entry.metric, deadline.title, deadline.doubt, rule.policy_id)
    received, due = story.received_at, deadline.due
    targets = [AppliedTarget(received, rule.policy_id, deadline.title, None, due - received)]
    end = _end(rule, story, due)
    if deadline.put_off is not None and _is_held(story.holding_at, due, end):
        due = deadline.put_off
        title = f"{deadline.title}, put off by a holding reply"
        applied = AppliedTarget(story.holding_at or 0, rule.policy_id, title, None, due - received)
        targets.append(applied)
        end = _end(rule, story, due)
    breached = end > due if end is not None else now >= due
    return Clock(
        metric=rule.entry.metric,
        instance=1,
        source=Source.REGULATION,
        policy_id=rule.policy_id,
        policy_title=targets[-1].policy_title,
        target_seconds=due - received,
        started_at=received,
        elapsed_seconds=(now if end is None else end) - received,
        breached=breached,
        breach_at=due if breached else None,
        due_at=due if end is None else None,
        fulfilled_at=end,
        state=Phase.ACTIVE if end is None else Phase.ACHIEVED,
        targets=targets,
    )


def _is_held(held: int | None, due: int, end: int | None) -> bool:
    """Tell whether a holding reply came in time, and before the answer itself."""
    return held is not None and held <= due and (end is None or held < end)


def _end(rule: Rule, story: Story, due: int) -> int | None:
    """Return when the rule was met, in time or late; None while it is not.

    A final answer by solving is undone when the ticket is opened again before the deadline; what
    comes after the deadline is a new matter.
    """
    if rule.entry.step is Step.ACKNOWLEDGEMENT:
        return story.acknowledged_at
    for final in story.finals:
        if final.undone_at is None or final.undone_at > max(due, final.at):
            return final.at
    return None


def _unknown(metric: str, title: str, reason: str, policy_id: str | None = None) -> Clock:
    return Clock(
        metric=metric,
        instance=1,
        source=Source.REGULATION,
        policy_id=policy_id,
        policy_title=title,
        business_hours=None,
        started_at=None,
        elapsed_seconds=None,
        breached=None,
        state=Phase.UNKNOWN,
        unknown_reason=reason,
    )
