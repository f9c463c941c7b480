"""Times at which nobody looked: a policy or schedule may have been otherwise then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from integrations.runtime.clock import format_instant
from sync.sla.schedules import to_instant

ALWAYS, NEVER = float("-inf"), float("inf")
TICKET, GROUP = "ticket", "group"  # kinds of policies
PolicyKey = tuple[str, str]  # kind, id as text
Key = TypeVar("Key")


class Doubt(NamedTuple):
    """From one second to another something may not have been as it is known here."""

    since: float
    until: float
    why: str
    is_between_looks: bool = True  # seen before and after, and it is certain that it was edited


class Seen(NamedTuple):
    """One version of a policy or schedule: seconds since 1970 at which it was read."""

    active_from: float
    known_from: int  # between active_from and then it may have been another
    noted_at: int  # when it was first read
    last_read_at: int
    deleted_at: int | None


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is not known of the account's rules."""

    policies: Mapping[PolicyKey, Sequence[Doubt]] = field(default_factory=dict)
    schedules: Mapping[int, Sequence[Doubt]] = field(default_factory=dict)
    # When the policies of a kind were looked at for the first time; before, their order is unknown.
    first_look: Mapping[str, int] = field(default_factory=dict)

    def of_edits(self) -> "Doubts":
        """Return only those in which something is certain to have been edited."""
        return Doubts(_between_looks(self.policies), _between_looks(self.schedules))

    def of_policy(self, kind: str, policy_id: int | str, at: int) -> str | None:
        """Return why a policy may have been another one at a second; None: it was as known."""
        found = self.policies.get((kind, str(policy_id)))
        if found is None:
            return (
                f"policy {policy_id} is not known here: it was deleted before the first look,"
                " or made since the last one"
            )
        return _why(found, at)

    def of_schedule(self, schedule_id: int | None, at: int) -> str | None:
        """Return why a schedule may have been another one at a second."""
        return None if schedule_id is None else _why(self.schedules.get(schedule_id, ()), at)

    def of_order(self, kind: str, at: int) -> str | None:
        """Return why policies may have been asked in another order at a second."""
        first = self.first_look.get(kind)
        if first is None or at >= first:
            return None
        return f"the order of the policies before {_text(first)}, the first look, is not known"


def _between_looks(doubts: Mapping[Key, Sequence[Doubt]]) -> dict[Key, list[Doubt]]:
    return {key: [each for each in some if each.is_between_looks] for key, some in doubts.items()}


def _why(doubts: Iterable[Doubt], at: int) -> str | None:
    return next((doubt.why for doubt in doubts if doubt.since <= at <= doubt.until), None)


def doubts_of(name: str, versions: Sequence[Seen]) -> list[Doubt]:
    """Return when a policy or schedule may have been otherwise; `versions` in their order.

    The second of an edit is in doubt, too: what came first in it cannot be told.
    """
    first = versions[0]
    found = []
    if first.active_from < first.known_from:
        why = f"{name} was edited before the first look on {_text(first.noted_at)}"
        found.append(Doubt(first.active_from, first.known_from, why, is_between_looks=False))
    for version, later in zip(versions, [*versions[1:], None], strict=True):
        until = later.known_from if later else version.deleted_at
        if until is None:
            why = f"{name} was not looked at since {_text(version.last_read_at)}"
            found.append(Doubt(version.last_read_at + 1, NEVER, why, is_between_looks=False))
            continue
        what = "edited" if later else "deleted"
        since = min(version.last_read_at, until)
        why = f"{name} was {what} between {_text(since)} and {_text(until)}, when nobody looked"
        found.append(Doubt(since, until, why))
    return found


def _text(second: float) -> str:
    return format_instant(to_instant(int(second)))
