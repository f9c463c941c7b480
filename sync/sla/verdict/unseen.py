"""Differences that follow from an edit of a policy or schedule that nobody saw."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from sync.sla.clocks import Clock
from sync.sla.metric_events import ReportedClock
from sync.sla.metrics import BY_NAME
from sync.sla.names import FIRST_REPLY, NEXT_REPLY
from sync.sla.policy_book import PolicyBook
from sync.sla.verdict.causes import Cause
from sync.sla.verdict.comparison import CLOCK, Disagreement, DisagreementKey
from sync.sla.verdict.doubts import GROUP, TICKET
from sync.sla.verdict.evidence import Evidence, Hours
from sync.sla.verdict.promises import Sides, Terms, partings

LIFE = frozenset({CLOCK, "state", "started_at", "fulfilled_at"})  # when a clock runs
# What Zendesk itself counted with its schedule; elapsed time is counted with ours on both sides.
COUNTED = frozenset({"reported_seconds", "breached", "breach_at", "due_at"})
Reason = tuple[Cause, str]


def unseen_edit(
    evidence: Evidence, sides: Sides, left: Sequence[Disagreement]
) -> dict[DisagreementKey, Reason]:
    """Return which differences follow from a policy or a schedule that was not as we know it.

    What follows from when one instance of a metric ran, follows for all later instances; a next
    reply is owed after the first one.
    """
    reasons: dict[DisagreementKey, Reason] = {}
    ordered = sorted(left, key=lambda each: (_family(each), each.clock))
    for _, of_family in groupby(ordered, key=_family):
        inherited: Reason | None = None
        for clock, group in groupby(of_family, key=attrgetter("clock")):
            its = list(group)
            case = _Case(evidence, clock[0], sides.ours.get(clock), sides.zendesks.get(clock))
            has_life = any(each.field in LIFE for each in its)
            reason = (case.other_flags() if has_life else None) or inherited
            if has_life:
                inherited = reason
            reason = reason or case.other_target()
            for each in its:
                hours = case.other_hours() if each.field in COUNTED else None
                if reason or hours:
                    reasons[each.key] = reason or hours  # type: ignore[assignment]
    return reasons


def _family(difference: Disagreement) -> str:
    metric = difference.metric
    return FIRST_REPLY if metric == NEXT_REPLY else metric


class _Case:
    """One clock on both sides, and when they part."""

    def __init__(
        self, evidence: Evidence, metric: str, ours: Clock | None, theirs: ReportedClock | None
    ) -> None:
        self._evidence, self._ours, self._theirs = evidence, ours, theirs
        self._metric = metric
        known = BY_NAME.get(metric)
        self._kind = GROUP if known is not None and known.of_group else TICKET
        self._flags = known.flags_of if known is not None else ()

    def other_flags(self) -> Reason | None:
        """Explain why a clock ran at other times: by an optional rule of the policy applied."""
        at = self._parting()
        if not self._flags or at is None:
            return None
        book, doubts = self._book(), self._evidence.doubts
        applied = (book.applied(state, at).id for state in self._evidence.states(at))
        reasons = (doubts.of_policy(self._kind, each, at) for each in applied if each is not None)
        return _edited(next(filter(None, reasons), None))

    def other_target(self) -> Reason | None:
        """Explain why a clock was given another target: the first one that differs tells."""
        for at, own, told in partings(self._ours, self._theirs):
            doubts = self._evidence.doubts
            for terms in (told, own):
                why = terms and doubts.of_policy(self._kind, terms[0], at)
                if why:
                    return _edited(why)
            return _edited(self._other_order(at, told))
        return None

    def other_hours(self) -> Reason | None:
        """Explain why business time was counted otherwise: by another version of the schedule."""
        ours, theirs = self._ours, self._theirs
        if ours is None or theirs is None:
            return None
        in_hours = any(target.business_hours for target in ours.targets) or any(
            sla is not None and sla.business_hours for _, sla in theirs.targets
        )
        if not in_hours:
            return None
        # The last schedule that reached the clock counts for all of it.
        end = self._evidence.now if ours.fulfilled_at is None else ours.fulfilled_at
        at = max(at for at in self._evidence.updates() if at <= end)
        schedule = Hours(self._evidence.timeline, self._evidence.rules).at(at)
        why = self._evidence.doubts.of_schedule(schedule.schedule_id if schedule else None, at)
        return None if why is None else (Cause.SCHEDULE_EDITED, why)

    def _other_order(self, at: int, told: Terms | None) -> str | None:
        """Return that policies may have stood in another order, if that is all that differs."""
        why = self._evidence.doubts.of_order(self._kind, at)
        if why is None:
            return None
        ids = self._book().ids if told is None else [told[0]]
        return why if any(self._might_apply(each, at, told) for each in ids) else None

    def _might_apply(self, policy_id: str, at: int, told: Terms | None) -> bool:
        """Tell whether a policy fits; what promises nothing must have nothing for the priority."""
        book = self._book().alone(policy_id)
        states = self._evidence.states(at)
        fitting = [(book.applied(state, at), state.get("priority")) for state in states]
        return any(
            policy.id is not None
            and (told is not None or policy.target(self._metric, priority).seconds is None)
            for policy, priority in fitting
        )

    def _book(self) -> PolicyBook:
        rules = self._evidence.rules
        return rules.group_policies if self._kind == GROUP else rules.policies

    def _parting(self) -> int | None:
        """Return when the clock first ran on one side alone."""
        pairs = [
            (getattr(self._ours, name, None), getattr(self._theirs, name, None))
            for name in ("started_at", "fulfilled_at")
        ]
        moments = [at for one, other in pairs if one != other for at in (one, other) if at]
        return min(moments, default=None)


def _edited(why: str | None) -> Reason | None:
    return None if why is None else (Cause.POLICY_EDITED, why)
